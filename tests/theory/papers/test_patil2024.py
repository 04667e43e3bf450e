"""Patil, Wu, Tibshirani 2024: refits in coordinates, ridge regression's shortcut at the end, a simulation."""

from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.linalg import expm

import theory
from tests.checks import broadcasts, refuses
from theory import Problem, validation
from theory.papers import patil2024


def _data(n: int, p: int, seed: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, p))
    return X, X @ rng.standard_normal(p) + rng.standard_normal(n)


def _refit(X: Any, y: Any, n: int, time: float) -> Any:
    """Coefficients of beta' = X'(y - X beta)/n at `time`, by the exponential of the augmented system."""
    p = X.shape[1]
    system = np.zeros((p + 1, p + 1))
    system[:p, :p], system[:p, p] = -X.T @ X / n, X.T @ y / n
    return expm(system * time)[:p, p]


@pytest.mark.parametrize(("n", "p"), [(7, 3), (6, 9), (5, 5)])
@pytest.mark.parametrize("time", [0.0, 0.3, 4.0, 60.0])
def test_the_score_is_that_of_refits(n: int, p: int, time: float) -> None:
    X, y = _data(n, p, n + p)
    rest = [np.arange(n) != i for i in range(n)]
    refits = [y[i] - X[i] @ _refit(X[rest[i]], y[rest[i]], n, time) for i in range(n)]
    assert_allclose(patil2024.loo(X @ X.T, y, time), np.mean(np.square(refits)), rtol=1e-9)


@pytest.mark.parametrize(("n", "p"), [(9, 4), (6, 12)])
def test_the_end_of_the_flow_is_that_of_ridge_regression(n: int, p: int) -> None:
    X, y = _data(n, p, 3)
    kernel = X @ X.T
    found = patil2024.loo(kernel, y, [0.0, inf])
    assert_allclose(found, [np.mean(y**2), validation.loo(kernel, y, 0.0)], rtol=1e-8)


def test_the_mean_by_simulation() -> None:
    """Four standard errors and 1/n; the test error at n samples would be 3 % lower."""
    problem, n, time = Problem([1.0, 0.2], [2.0, 1.0], [10, 20], noise=0.5), 24, 5.0
    scale = np.sqrt(np.repeat([1.0, 0.2], [10, 20]))
    power = np.repeat([2.0 / 10, 1.0 / 20], [10, 20])
    rng, scores = np.random.default_rng(0), []
    for _ in range(600):
        Z = rng.standard_normal((n, 30))
        y = Z @ (np.sqrt(power) * rng.standard_normal(30)) + np.sqrt(0.5) * rng.standard_normal(n)
        scores.append(patil2024.loo((Z * scale) @ (Z * scale).T, y, time))
    expected = patil2024.mean_loo(problem, n, time)
    assert abs(np.mean(scores) - expected) < 4 * np.std(scores) / np.sqrt(600) + expected / n


def test_the_mean_tends_to_the_test_error_and_gcv_does_not() -> None:
    for size in (1e2, 1e4, 1e6):
        problem = Problem.isotropic(2 * size, signal=2.0, noise=1.0)
        test = theory.dynamics.gradient_flow(problem, size, [0.0, 3.0, 30.0]).test
        assert_allclose(patil2024.mean_loo(problem, size, [0.0, 3.0, 30.0]), test, rtol=2 / size)
        assert theory.dynamics.gradient_flow_gcv(problem, size, 30.0) > 2 * test[-1]
    problem = Problem.isotropic(50, 2.0, 1.0)
    assert patil2024.mean_loo(problem, inf, inf) == pytest.approx(1.0)
    assert patil2024.mean_loo(problem, 51, inf) == inf
    assert_allclose(patil2024.mean_loo(problem, 40, inf), theory.ridge(problem, 39).test, rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: patil2024.loo([[1.0]], [1.0], 1.0), r"kernel has shape \(1, 1\); pass two samples"),
        (lambda: patil2024.loo(np.eye(3), [1.0, 2.0], 1.0), r"y has shape \(2,\)"),
        (lambda: patil2024.loo(np.eye(2), [1.0, 2.0], -1.0), "time = -1"),
        (lambda: patil2024.loo([[1.0, 2.0], [0.0, 1.0]], [1.0, 2.0], 1.0), "kernel is not symmetric"),
        (lambda: patil2024.mean_loo(Problem.isotropic(3), 1.5, 1.0), "n = 1.5 must be at least 2"),
        (lambda: patil2024.mean_loo(Problem.isotropic(3), 5, -1.0), "time = -1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(lambda n, time: patil2024.mean_loo(Problem.isotropic(30), n, time), [20.0, 3.0])
