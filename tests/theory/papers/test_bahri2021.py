"""Bahri et al. 2021: noise in the inputs of a trained model, against the fits themselves."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from theory import exact
from theory.papers import bahri2021


def test_without_a_disturbance_it_is_the_test_error() -> None:
    p = np.array([0, 10, 40, 80])
    assert_allclose(
        bahri2021.noisy_inputs(40, p, 0.0, 1.5, 0.5), exact.least_squares(40, p, 1.5, 0.5).test, rtol=0
    )


@pytest.mark.parametrize("p", [12, 60])
def test_it_is_the_mean_error_of_fits_on_disturbed_inputs(p: int) -> None:
    """Given the fit, the error on disturbed inputs is exact: noise + |a - beta|^2 + tau2 |a|^2."""
    rng = np.random.default_rng(11)
    n, tau2, signal, noise, errors = 24, 0.7, 1.5, 0.5, []
    for _ in range(4000):
        X, beta = rng.standard_normal((n, p)), rng.standard_normal(p)
        beta *= np.sqrt(signal) / np.linalg.norm(beta)
        a = np.linalg.pinv(X) @ (X @ beta + np.sqrt(noise) * rng.standard_normal(n))
        errors.append(noise + ((a - beta) ** 2).sum() + tau2 * (a**2).sum())
    expected = float(bahri2021.noisy_inputs(n, p, tau2, signal, noise))
    assert abs(np.mean(errors) - expected) < 5 * np.std(errors) / np.sqrt(len(errors))


def test_a_wider_model_suffers_less() -> None:
    cost = bahri2021.noisy_inputs(40, [60, 120, 1000], 1.0) - bahri2021.noisy_inputs(40, [60, 120, 1000], 0.0)
    assert (np.diff(cost) < 0).all()


def test_at_the_threshold() -> None:
    assert bahri2021.noisy_inputs(40, 40, 0.0, noise=1.0) == np.inf
    assert bahri2021.noisy_inputs(40, 40, 1.0, noise=0.0) == 1.0  # |a|^2 is that of the target


@pytest.mark.parametrize(("arguments", "message"), [
    ((10, 5, -1.0), "input_noise = -1 must be"),
    ((0, 5, 1.0), "n = 0 must be"),
    ((10, [5, 6], [1.0, 1.0, 1.0]), "shapes do not broadcast"),
])  # fmt: skip
def test_bad_arguments(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        bahri2021.noisy_inputs(*arguments)
