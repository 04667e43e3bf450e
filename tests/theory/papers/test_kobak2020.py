"""Kobak, Lomond, Sanchez 2020: weak features as a ridge, and the best ridge beside them."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar

import theory
from tests.checks import broadcasts, refuses
from tests.strategies import decades, maybe
from theory import Problem
from theory.papers import kobak2020


def test_weak_features_are_a_ridge() -> None:
    """Least squares with 40000 weak features beside 5 strong ones, and a ridge on the strong ones."""
    n, p, q, tail = 20, 5, 40000, 3.0
    rng = np.random.default_rng(2)
    X, y = rng.standard_normal((n, p)), rng.standard_normal(n)
    W = rng.standard_normal((n, q)) * np.sqrt(tail / q)
    least_norm = X.T @ np.linalg.solve(X @ X.T + W @ W.T, y)
    ridge = kobak2020.implicit_ridge(n, tail)
    assert_allclose(least_norm, np.linalg.solve(X.T @ X + n * ridge * np.eye(p), X.T @ y), atol=0.02)
    assert np.abs(np.linalg.lstsq(X, y)[0] - least_norm).max() > 0.04  # no ridge is far from it


@pytest.mark.parametrize("tail", [0.0, 0.7, 2.0])
def test_best_ridge_of_a_design(tail: float) -> None:
    """For every design, averaged over targets and noise: the exact risk is least there."""
    n, p, signal, noise = 15, 6, 2.0, 0.8
    X = np.random.default_rng(4).standard_normal((n, p))

    def excess(ridge: float) -> float:
        fit = X.T @ np.linalg.inv(X @ X.T + (n * ridge + tail) * np.eye(n))
        return float(signal / p * np.sum((fit @ X - np.eye(p)) ** 2) + noise * np.sum(fit**2))

    best = minimize_scalar(excess, bounds=(-tail / n + 1e-6, 5.0), options={"xatol": 1e-10}).x
    assert_allclose(kobak2020.optimal_ridge(n, p, tail, signal, noise), best, atol=1e-6)


@given(decades(-1, 2), decades(-1, 2), maybe(decades(-2, 2)), decades(-2, 2), decades(-2, 2))
def test_best_ridge_is_that_of_the_core(n: float, p: float, tail: float, signal: float, noise: float) -> None:
    problem = Problem([1.0], [signal], [p], tail=tail, noise=noise)
    found = kobak2020.optimal_ridge(n, p, tail, signal, noise)
    if n < p or tail > 0 or found >= 0:
        core = theory.optimal_ridge(problem, n, negative=found < 0)
        assert_allclose(found + tail / n, core + tail / n, rtol=1e-6)


def test_many_weak_features_tend_to_it() -> None:
    """With finitely many the best ridge is larger, by sqrt(n/q) of the implicit one or less."""
    limit = kobak2020.optimal_ridge(40, 10, 2.0, 1.0, 0.1)
    assert_allclose(limit, -0.025)
    q = np.array([16e3, 256e3, 4096e3])
    best = [theory.optimal_ridge(Problem([1, 2 / m], [1.0, 0.0], [10, m], noise=0.1), 40, True) for m in q]
    gap = np.array(best) - limit
    assert (gap > 0).all()
    assert (gap < 0.05 * 4 * np.sqrt(40 / q)).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kobak2020.implicit_ridge(0, 1.0), "n = 0"),
        (lambda: kobak2020.optimal_ridge(10, 5, -1.0), "tail = -1"),
        (lambda: kobak2020.optimal_ridge(10, 5, 1.0, signal=0.0), "signal = 0"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(kobak2020.implicit_ridge, [20.0, 2.0])
    broadcasts(kobak2020.optimal_ridge, [20.0, 5.0, 2.0, 1.0, 0.5])
