"""LeJeune, Javadi, Baraniuk 2020: an ensemble of least squares is ridge regression."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import theory
from tests.strategies import decades, maybe
from theory import Problem
from theory.papers import lejeune2020

POWERS = maybe(decades(-3, 3))


@given(decades(-2, 2), st.floats(0.01, 0.99), POWERS, POWERS)
def test_an_ensemble_is_ridge_regression(gamma: float, x: float, signal: float, noise: float) -> None:
    """At kappa = (1 - share)/share."""
    share = x * min(1.0, 1 / gamma)
    kappa = (1 - share) / share
    ridge = kappa * (1 - share * gamma)  # kappa (1 - df1/n), the core equation
    core = theory.ridge(Problem.isotropic(gamma, signal, noise), 1.0, ridge).test
    assert_allclose(lejeune2020.ensemble(gamma, share, signal, noise), core, rtol=1e-7)


@given(decades(-2, 2), decades(-3, 3), decades(-3, 3))
def test_the_best_share_is_the_best_ridge(gamma: float, signal: float, noise: float) -> None:
    share = float(lejeune2020.best_share(gamma, signal, noise))
    best = lejeune2020.ensemble(gamma, share, signal, noise)
    problem = Problem.isotropic(gamma, signal, noise)
    assert_allclose(best, theory.ridge(problem, 1.0, gamma * noise / signal).test, rtol=1e-9)
    for other in (0.9 * share, min(1.1 * share, 1.0, 0.999 / gamma)):
        assert lejeune2020.ensemble(gamma, other, signal, noise) >= best * (1 - 1e-12)


def test_without_noise_the_best_share_is_a_limit() -> None:
    assert_allclose(lejeune2020.best_share([0.5, 1.0, 4.0], noise=0.0), [1.0, 1.0, 0.25])


@pytest.mark.parametrize(("gamma", "share", "told"), [
    (0.5, 1.5, "share = 1.5"),
    (2.0, [0.1, 0.6], "share = 0.6 .*1/gamma = 0.5"),
])  # fmt: skip
def test_a_share_that_no_fit_can_take(gamma: float, share: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        lejeune2020.ensemble(gamma, share)
