"""LeJeune, Javadi, Baraniuk 2020: an ensemble of least squares is ridge regression."""

from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import theory
from tests.checks import broadcasts
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


@given(decades(-2, 2), st.floats(0.01, 0.99), st.floats(0.05, 1.0), POWERS, POWERS)
def test_one_member_is_least_squares_on_what_it_sees(
    gamma: float, x: float, samples: float, signal: float, noise: float
) -> None:
    """The features that it does not see are noise to it."""
    share = x * min(1.0, samples / gamma)
    seen = Problem.isotropic(share * gamma, share * signal, noise + (1 - share) * signal)
    found = lejeune2020.finite_ensemble(gamma, share, 1, samples, signal, noise)
    assert_allclose(found, theory.ridge(seen, samples, 0.0).test, rtol=1e-9)


@given(decades(-2, 2), st.floats(0.01, 0.99), st.integers(1, 50), POWERS, POWERS)
def test_members_average(gamma: float, x: float, k: int, signal: float, noise: float) -> None:
    """Many members are the infinite ensemble; the excess over it falls like 1/k."""
    share = x * min(1.0, 0.8 / gamma)
    many = lejeune2020.ensemble(gamma, share, signal, noise)
    one, some, all_of_them = lejeune2020.finite_ensemble(gamma, share, [1, k, inf], 0.8, signal, noise)
    assert all_of_them == many
    assert_allclose(k * (some - many), one - many, rtol=1e-6, atol=1e-9 * one * k)


def test_three_members_by_simulation() -> None:
    """Labels, fits and fresh samples are drawn: 5 standard errors and 3 per cent for n = 200."""
    n, p, share, samples, noise, k = 200, 240, 0.35, 0.8, 0.4, 3
    rng, errors = np.random.default_rng(11), []
    for _ in range(60):
        X, fresh, beta = rng.standard_normal((n, p)), rng.standard_normal((400, p)), rng.standard_normal(p)
        beta *= 1.5 / np.linalg.norm(beta)
        y = X @ beta + np.sqrt(noise) * rng.standard_normal(n)
        mean = np.zeros(p)
        for _ in range(k):
            rows, columns = rng.permutation(n)[: int(samples * n)], rng.permutation(p)[: int(share * p)]
            mean[columns] += np.linalg.lstsq(X[np.ix_(rows, columns)], y[rows])[0] / k
        errors.append(noise + np.mean((fresh @ (mean - beta)) ** 2))
    expected = lejeune2020.finite_ensemble(p / n, share, k, samples, 1.5**2, noise)
    allowed = 5 * np.std(errors) / np.sqrt(len(errors)) + 0.03 * expected
    assert abs(np.mean(errors) - expected) < allowed < 0.1 * expected


def test_every_argument_broadcasts() -> None:
    broadcasts(lejeune2020.finite_ensemble, [0.5, 0.3, 2.0, 0.9, 1.5, 0.1])


@pytest.mark.parametrize(("call", "told"), [
    (lambda: lejeune2020.finite_ensemble(2.0, 0.4, 3, 0.8), "share = 0.4 must be below samples/gamma = 0.4"),
    (lambda: lejeune2020.finite_ensemble(2.0, 0.1, 0), "members = 0"),
    (lambda: lejeune2020.finite_ensemble(2.0, 0.1, 1.5), "members = 1.5"),
    (lambda: lejeune2020.finite_ensemble(2.0, 0.1, 1, samples=0.0), "samples = 0"),
])  # fmt: skip
def test_an_ensemble_that_cannot_be(call: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        call()


@pytest.mark.parametrize(("gamma", "share", "told"), [
    (0.5, 1.5, "share = 1.5"),
    (2.0, [0.1, 0.6], "share = 0.6 .*1/gamma = 0.5"),
])  # fmt: skip
def test_a_share_that_no_fit_can_take(gamma: float, share: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        lejeune2020.ensemble(gamma, share)
