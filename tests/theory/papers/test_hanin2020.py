"""Hanin, Nica 2020: the fourth moment of a random network, by its units and by simulation."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import refuses
from theory.papers.hanin2020 import kurtosis


@pytest.mark.parametrize("name", ["relu", "linear"])
@pytest.mark.parametrize("widths", [[1], [3], [2, 4]])
def test_moments_of_the_squared_norm(name: str, widths: list[int]) -> None:
    """E |h|^4/(E |h|^2)^2 of each layer from the moments of one unit, added up over units and pairs."""
    fourth, second = (1.5, 0.5) if name == "relu" else (3.0, 1.0)
    ratio = np.prod([(n * fourth + n * (n - 1) * second**2) / (n * second) ** 2 for n in widths])
    assert_allclose(kurtosis(widths, name), ratio, rtol=1e-14)


def test_random_networks() -> None:
    rng = np.random.default_rng(0)
    h = np.ones((40000, 1))
    for n in (30, 30):
        h = np.maximum(
            rng.standard_normal((len(h), n)) * np.linalg.norm(h, axis=1, keepdims=True) * np.sqrt(2 / n), 0.0
        )
    power = (h**2).sum(axis=1)
    ratio = (power**2).mean() / power.mean() ** 2  # the output is Gaussian given the last layer
    assert abs(ratio - kurtosis([30, 30])) < 0.04


def test_ends() -> None:
    assert kurtosis([]) == 1
    assert kurtosis([np.inf, np.inf]) == 1
    assert kurtosis([np.inf, 5.0], "linear") == 1.4
    refuses(lambda: kurtosis([3, 0]), "widths = 0 must be a whole number >= 1, or inf")
    refuses(lambda: kurtosis([3], "tanh"), "activation = 'tanh' is unknown; choose from relu, linear")
