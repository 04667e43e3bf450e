"""Classifiers fitted on samples, against their limits.

A limit passes within 4 standard errors of the mean (one false alarm in 16 000 checks) and 5/n of its
value, the sheet's allowance for a limit at finite n. Errors given the fit are exact: no test set.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog, minimize
from scipy.special import expit, ndtr

from tests.samples import hard_margin, limit_agrees
from theory.classification import least_squares_error, logistic, separability_threshold, svm

N, TRIALS = 200, 100


def simulate(fit: Callable[[Any], Any], gamma: float, r: float, seed: int) -> dict[str, Any]:
    """Columns along, across, error of w = fit(rows y x) over the trials."""
    rng = np.random.default_rng(seed)
    p = round(gamma * N)
    ws = []
    for _ in range(TRIALS):
        rows = rng.standard_normal((N, p))
        rows[:, 0] += r  # mu = r e_1; y x has mean mu whatever y
        ws.append(fit(rows))
    w = np.array(ws)
    along, across = w[:, 0], np.linalg.norm(w[:, 1:], axis=1)
    return {"alignment": along, "orthogonal": across, "error": ndtr(-r * along / np.hypot(along, across))}


def least_squares(rows: Any, ridge: float) -> Any:
    if ridge == 0:
        return np.linalg.lstsq(rows, np.ones(len(rows)))[0]
    gram = rows.T @ rows / len(rows) + ridge * np.eye(rows.shape[1])
    return np.linalg.solve(gram, rows.mean(axis=0))


def logistic_fit(rows: Any, ridge: float) -> Any:
    def objective(w: Any) -> tuple[float, Any]:
        u = rows @ w
        value = np.logaddexp(0, -u).mean() + ridge * w @ w
        return value, -rows.T @ expit(-u) / len(u) + 2 * ridge * w

    start = np.zeros(rows.shape[1])
    return minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": 2000, "gtol": 1e-7}).x


@pytest.mark.parametrize(
    ("gamma", "r", "ridge"), [(0.5, 1.5, 0.0), (2.0, 1.5, 0.0), (2.0, 1.0, 0.5), (0.5, 2.0, 0.1)]
)
def test_least_squares_by_simulation(gamma: float, r: float, ridge: float) -> None:
    sample = simulate(lambda rows: least_squares(rows, ridge), gamma, r, seed=1)
    limit_agrees(sample["error"], least_squares_error(gamma, r, ridge), N)


@pytest.mark.parametrize(("gamma", "r"), [(0.5, 1.5), (1.0, 0.7)])
def test_svm_by_simulation(gamma: float, r: float) -> None:
    margins = []

    def fit(rows: Any) -> Any:
        w = hard_margin(rows)
        margins.append((rows @ w).min() / np.linalg.norm(w))
        return w

    sample, limit = simulate(fit, gamma, r, seed=2), svm(gamma, r)
    limit_agrees(sample["error"], limit.error, N)
    limit_agrees(np.array(margins), limit.margin, N)


@pytest.mark.parametrize(
    ("gamma", "r", "ridge"), [(0.1, 1.0, 0.0), (0.1, 0.5, 0.0), (0.5, 1.0, 0.05), (2.0, 1.5, 0.05)]
)
def test_logistic_by_simulation(gamma: float, r: float, ridge: float) -> None:
    sample = simulate(lambda rows: logistic_fit(rows, ridge), gamma, r, seed=3)
    limit = logistic(gamma, r, ridge)
    for name in sample:
        limit_agrees(sample[name], getattr(limit, name), N)


@pytest.mark.parametrize("r", [0.0, 1.0])
def test_threshold_by_simulation(r: float) -> None:
    """rows w >= 1 is feasible for no sample well below the threshold, and for every one well above."""
    rng = np.random.default_rng(4)
    for factor, expected in [(0.7, 0), (1.3, 10)]:
        p = round(factor * separability_threshold(r) * N)
        separable = 0
        for _ in range(10):
            rows = rng.standard_normal((N, p))
            rows[:, 0] += r
            found = linprog(np.zeros(p), A_ub=-rows, b_ub=-np.ones(N), bounds=(None, None))
            separable += found.status == 0
        assert separable == expected
