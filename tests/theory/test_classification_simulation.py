"""Classifiers fitted on samples, against their limits.

A limit passes within 4 standard errors of the mean (one false alarm in 16 000 checks) and 5/n of its
value, the sheet's allowance for a limit at finite n. Errors given the fit are exact: no test set.
"""

from collections.abc import Callable
from math import pi, sqrt
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog, minimize, nnls
from scipy.special import expit, ndtr

from theory.classification import least_squares_error, logistic, separability_threshold, svm
from theory.papers import loureiro2021, montanari2019


def agrees(sample: Any, theory: float, n: int) -> None:
    sample = np.asarray(sample)
    allowance = 4 * sample.std(ddof=1) / sqrt(len(sample)) + 5 / n * theory
    assert abs(sample.mean() - theory) <= allowance, (sample.mean(), theory, allowance)


# -- mixture ---------------------------------------------------------------------------------------

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


def hard_margin(rows: Any) -> Any:
    """min |w|^2 with rows w >= 1, as the residual of non-negative least squares (Lawson, Hanson)."""
    u, _ = nnls(np.vstack([rows.T, np.ones(len(rows))]), np.append(np.zeros(rows.shape[1]), 1.0))
    return rows.T @ u


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
    agrees(sample["error"], least_squares_error(gamma, r, ridge), N)


@pytest.mark.parametrize(("gamma", "r"), [(0.5, 1.5), (1.0, 0.7)])
def test_svm_by_simulation(gamma: float, r: float) -> None:
    margins = []

    def fit(rows: Any) -> Any:
        w = hard_margin(rows)
        margins.append((rows @ w).min() / np.linalg.norm(w))
        return w

    sample, limit = simulate(fit, gamma, r, seed=2), svm(gamma, r)
    agrees(sample["error"], limit.error, N)
    agrees(np.array(margins), limit.margin, N)


@pytest.mark.parametrize(
    ("gamma", "r", "ridge"), [(0.1, 1.0, 0.0), (0.1, 0.5, 0.0), (0.5, 1.0, 0.05), (2.0, 1.5, 0.05)]
)
def test_logistic_by_simulation(gamma: float, r: float, ridge: float) -> None:
    sample = simulate(lambda rows: logistic_fit(rows, ridge), gamma, r, seed=3)
    limit = logistic(gamma, r, ridge)
    for name in sample:
        agrees(sample[name], getattr(limit, name), N)


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


# -- labels of a teacher ---------------------------------------------------------------------------


@pytest.mark.parametrize("psi", [0.5, 1.5])
def test_montanari2019_by_simulation(psi: float) -> None:
    n, rng, margins, errors = 200, np.random.default_rng(5), [], []
    p = round(psi * n)
    for _ in range(80):
        rows = rng.standard_normal((n, p))
        rows[:, 0] = np.abs(rows[:, 0])  # y x for the teacher e_1
        w = hard_margin(rows)
        w /= np.linalg.norm(w)
        margins.append((rows @ w).min())
        errors.append(np.arccos(w[0]) / pi)
    limit = montanari2019.max_margin(psi)
    agrees(errors, limit.error, n)
    agrees(margins, limit.margin, n)


@pytest.mark.parametrize("loss", ["ridge", "square", "logistic"])
def test_loureiro2021_by_simulation(loss: str) -> None:
    """omega (1.5, 0.5), half of each; a quarter of the teacher's power is not seen by the student."""
    P, alpha, rho, penalty, noise = 160, 1.5, 1.0, 0.2, 0.3
    n, rng = round(alpha * P), np.random.default_rng(6)
    omega = np.repeat([1.5, 0.5], P // 2)
    power = np.repeat([1.0, 0.5], P // 2) / P  # sums to 0.75
    direction = np.sqrt(power)
    found = []
    for _ in range(60):
        g = rng.standard_normal((n, P))
        u = g @ direction + sqrt(rho - power.sum()) * rng.standard_normal(n)
        v = g * np.sqrt(omega / P)
        if loss == "logistic":
            rows = np.sign(u)[:, None] * v

            def objective(w: Any, rows: Any = rows) -> tuple[float, Any]:
                field = rows @ w
                value = np.logaddexp(0, -field).sum() + penalty / 2 * w @ w
                return value, penalty * w - rows.T @ expit(-field)

            w = minimize(objective, np.zeros(P), jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x
            extra = np.logaddexp(0, -rows @ w).mean()
        else:
            y = u + sqrt(noise) * rng.standard_normal(n) if loss == "ridge" else np.sign(u)
            w = np.linalg.solve(v.T @ v + penalty * np.eye(P), v.T @ y)
            extra = np.mean((y - v @ w) ** 2)
        m, q = (w * np.sqrt(omega / P)) @ direction, w**2 @ omega / P
        found.append([q, m, rho + q - 2 * m + noise, np.arccos(m / sqrt(rho * q)) / pi, extra])
    q, m, test, error, extra = np.array(found).T
    arguments = ([1.5, 0.5], [3.0 / 2, 0.5 / 2], rho, alpha, penalty)
    if loss == "ridge":
        fit = loureiro2021.ridge(*arguments, noise=noise)
        agrees(test, fit.test, n)
        agrees(extra, fit.train, n)
    elif loss == "square":
        fit = loureiro2021.ridge_classification(*arguments)
        agrees(error, fit.error, n)
    else:
        fit = loureiro2021.logistic(*arguments)
        agrees(error, fit.error, n)
        agrees(extra, fit.train_loss, n)
    agrees(q, fit.q, n)
    agrees(m, fit.m, n)
