"""Dobriban, Wager 2018: the companion transform, the best ridge, and edge cases."""

from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import brentq
from scipy.stats import norm

import theory
from tests.checks import broadcasts, refuses
from tests.strategies import decades
from theory import Problem, classification
from theory.papers import dobriban2018

LEVELS = st.lists(st.tuples(decades(-3, 2), st.integers(1, 8)), min_size=1, max_size=4)


def _v(levels: Any, weights: Any, gamma: float, ridge: float) -> tuple[float, float]:
    """The companion transform by its own equation ridge = 1/v - gamma int s dH/(1 + s v), and dv/dz."""

    def at(v: float) -> float:
        return float(1 / v - gamma * (weights * levels / (1 + levels * v)).sum() - ridge)

    v = brentq(at, 1e-15, 2 / ridge, xtol=1e-300, rtol=1e-15)
    return v, 1 / (1 / v**2 - gamma * (weights * (levels / (1 + levels * v)) ** 2).sum())


def _companion(levels: Any, weights: Any, gamma: float, signal: float, ridge: float) -> float:
    """The paper's form at noise 1."""
    v, slope = _v(levels, weights, gamma, ridge)
    return 1 / (ridge * v) * (1 + (ridge * signal / gamma - 1) * (1 - ridge * slope / v))


@given(LEVELS, decades(-1, 1), decades(-2, 2), decades(-2, 2), decades(-2, 2))
def test_form_in_the_companion_transform(
    rows: list[tuple[float, int]], gamma: float, signal: float, noise: float, ridge: float
) -> None:
    levels, counts = np.array(rows).T
    weights = counts / counts.sum()
    test = dobriban2018.risk(levels, weights, gamma, signal * noise, noise, ridge)
    assert_allclose(test, noise * _companion(levels, weights, gamma, signal, ridge), rtol=1e-7)
    # and the core, with whole features
    power = signal * noise * weights * levels
    problem = Problem(levels, power, 50 * weights * gamma, noise=noise)
    assert_allclose(test, theory.ridge(problem, 50, ridge).test, rtol=1e-10)


@given(LEVELS, decades(-1, 1), decades(-2, 2), decades(-2, 2), decades(-3, 3))
def test_the_default_ridge_is_best(
    rows: list[tuple[float, int]], gamma: float, signal: float, noise: float, factor: float
) -> None:
    levels, counts = np.array(rows).T
    weights = counts / counts.sum()
    best = gamma * noise / signal
    test = dobriban2018.risk(levels, weights, gamma, signal, noise)
    assert_allclose(test, dobriban2018.risk(levels, weights, gamma, signal, noise, best), rtol=1e-13)
    assert test <= dobriban2018.risk(levels, weights, gamma, signal, noise, best * factor) * (1 + 1e-12)
    kappa = theory.ridge(Problem(levels, 0 * levels, weights), 1 / gamma, best).kappa
    assert_allclose(test, noise * kappa / best, rtol=1e-10)


def test_random_targets_at_the_edges() -> None:
    levels, weights = [2.0, 0.0, 0.5], [0.5, 0.25, 0.25]
    free = dobriban2018.risk(levels, weights, [0.5, 2.0], 1.0, 0.0)
    assert_allclose(free, dobriban2018.risk(levels, weights, [0.5, 2.0], 1.0, 0.0, 0.0), rtol=0)
    assert free[0] == 0 < free[1]
    assert dobriban2018.risk(levels, weights, 1.0, 0.0, 0.3) == 0.3  # no signal: infinite ridge
    assert dobriban2018.risk(levels, weights, 4 / 3, 1.0, 0.3, 0.0) == inf
    assert_allclose(dobriban2018.risk(levels, weights, 1.0, 1.0, 0.3, inf), 0.3 + 1.125, rtol=1e-14)
    dropped = dobriban2018.risk([*levels, 7.0], [*weights, 0.0], 0.7)
    assert_allclose(dropped, dobriban2018.risk(levels, weights, 0.7), rtol=1e-14)


def _transforms(levels: Any, weights: Any, gamma: float, signal: float, ridge: float) -> float:
    """The error rate from m and v, the transforms of S and of its companion, at -ridge."""
    v, slope = _v(levels, weights, gamma, ridge)
    m = (v - (1 - gamma) / ridge) / gamma
    tau = ridge * m * v
    eta, xi = (v - ridge * slope) / gamma, slope / v**2 - 1
    return float(norm.cdf(-signal * tau / np.sqrt(signal * eta + xi)))


@pytest.mark.parametrize("gamma", [0.3, 1.0, 3.0])
@pytest.mark.parametrize("ridge", [0.05, 1.0, 30.0])
def test_error_rate_in_stieltjes_transforms(gamma: float, ridge: float) -> None:
    levels, weights = np.array([3.0, 1.0, 0.2]), np.array([0.3, 0.4, 0.3])
    found = dobriban2018.classification_error(levels, weights, gamma, 2.5, ridge)
    assert_allclose(found, _transforms(levels, weights, gamma, 2.5, ridge), rtol=1e-6)
    scaled = dobriban2018.classification_error(1e200 * levels, weights, gamma, 2.5e200, 1e200 * ridge)
    assert_allclose(scaled, found, rtol=1e-12)


@given(decades(-1, 1), decades(-1, 1), decades(-2, 2))
def test_error_rate_of_equal_eigenvalues_is_that_of_least_squares(
    gamma: float, mean_norm: float, ridge: float
) -> None:
    """By Sherman and Morrison: with m m' added to S, the direction of w is the same."""
    found = dobriban2018.classification_error([1.0], [1.0], gamma, mean_norm**2, ridge)
    assert_allclose(found, classification.least_squares_error(gamma, mean_norm, ridge), rtol=1e-7, atol=1e-12)
    best = dobriban2018.classification_error([1.0], [1.0], gamma, mean_norm**2, inf)
    assert best <= found * (1 + 1e-12)


def test_error_rates_at_the_edges() -> None:
    levels, weights = np.array([2.0, 0.5]), np.array([0.25, 0.75])

    def error(*arguments: Any) -> Any:
        return dobriban2018.classification_error(levels, weights, *arguments)

    assert error(1.0, 3.0, 0.0) == 0.5
    assert error(0.7, 0.0, 0.3) == 0.5
    assert_allclose(error([0.5, 2.0], 3.0, 0.0), error([0.5, 2.0], 3.0, 1e-12), rtol=1e-9)
    assert_allclose(error(2.0, 3.0, inf), error(2.0, 3.0, 1e9), rtol=1e-7)
    # many samples: the best rule of known classes has the margin |Sigma^-1/2 delta|
    assert_allclose(error(1e-12, 3.0, 0.0), norm.cdf(-np.sqrt(3.0 * (weights / levels).sum())), rtol=1e-9)


def test_error_rate_by_simulation() -> None:
    """Four standard errors and 2/n; the means are far from 0, and count for nothing."""
    rng, n, p, signal, ridge = np.random.default_rng(5), 200, 120, 1.0, 0.1
    scale = np.sqrt(np.repeat([3.0, 0.2], p // 2))
    rates = []
    for _ in range(200):
        delta = rng.choice([-1.0, 1.0], p) * np.sqrt(signal / p)
        y = np.repeat([1.0, -1.0], n // 2)
        X = 7.0 + np.outer(y, delta) + rng.standard_normal((n, p)) * scale
        up, down = X[: n // 2], X[n // 2 :]
        within = np.vstack([up - up.mean(axis=0), down - down.mean(axis=0)])
        w = np.linalg.solve(within.T @ within / n + ridge * np.eye(p), up.mean(axis=0) - down.mean(axis=0))
        fresh = np.repeat([1.0, -1.0], 500)
        Z = 7.0 + np.outer(fresh, delta) + rng.standard_normal((1000, p)) * scale
        rates.append(np.mean(np.sign((Z - (up.mean(axis=0) + down.mean(axis=0)) / 2) @ w) != fresh))
    expected = dobriban2018.classification_error([3.0, 0.2], [0.5, 0.5], p / n, signal, ridge)
    assert abs(np.mean(rates) - expected) < 4 * np.std(rates) / np.sqrt(200) + 2 / n * expected


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dobriban2018.risk([1.0, 2.0], [0.5, 0.6], 1.0), r"weights of shape \(2,\) sum to 1\.1"),
        (lambda: dobriban2018.risk([1.0, 2.0], [1.5, -0.5], 1.0), r"weights = -0\.5"),
        (lambda: dobriban2018.risk([1.0], [0.5, 0.5], 1.0), r"eigenvalues .*\(1,\)"),
        (lambda: dobriban2018.risk([1.0, -2.0], [0.5, 0.5], 1.0), "eigenvalues = -2"),
        (lambda: dobriban2018.risk([1.0], [1.0], 1.0, 1.0, 1.0, -0.1), r"ridge = -0\.1"),
        (lambda: dobriban2018.classification_error([1.0, 0.0], [0.5, 0.5], 1.0), "eigenvalues = 0"),
        (lambda: dobriban2018.classification_error([1.0], [0.5], 1.0), r"weights .* sum to 0\.5"),
        (lambda: dobriban2018.classification_error([1.0], [1.0], 1.0, 1.0, -0.1), r"ridge = -0\.1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_of_the_error_rate_broadcasts() -> None:
    broadcasts(lambda *a: dobriban2018.classification_error([2.0, 0.5], [0.5, 0.5], *a), [0.6, 3.0, 0.2])
