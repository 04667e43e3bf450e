"""Zhou 2021: the cost of label noise by the inputs of the classifier."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from theory.papers import zhou2021


def test_it_is_the_formula_on_both_sides() -> None:
    assert_allclose(zhou2021.noise_cost(80, [0, 16, 78], 0.5), [0.0, 0.5 * 16 / 63, 0.5 * 78 / 1])
    assert_allclose(zhou2021.noise_cost(80, [82, 320], 0.5), [0.5 * 80 / 1, 0.5 * 80 / 239])
    assert np.isinf(zhou2021.noise_cost(80, [79, 80, 81])).all()


def test_it_is_the_mean_excess_of_fits_to_pure_noise() -> None:
    rng = np.random.default_rng(3)
    n, p = 20, 8
    costs = [
        ((np.linalg.pinv(rng.standard_normal((n, p))) @ rng.standard_normal(n)) ** 2).sum()
        for _ in range(4000)
    ]
    assert abs(np.mean(costs) - float(zhou2021.noise_cost(n, p))) < 5 * np.std(costs) / np.sqrt(len(costs))


def test_without_noise_nothing_is_lost() -> None:
    assert_allclose(zhou2021.noise_cost(80, [16, 80, 320], 0.0), 0.0)


def test_bad_arguments() -> None:
    with pytest.raises(ValueError, match="noise = -1 must be"):
        zhou2021.noise_cost(10, 5, -1.0)
