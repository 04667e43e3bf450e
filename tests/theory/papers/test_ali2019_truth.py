"""Which risk the bound holds for, by matrices: one X, one target, no average."""

import numpy as np
from scipy.linalg import eigh, expm

from theory.papers import ali2019


def _ratios(seed: int, Sigma: np.ndarray) -> tuple[float, float, float]:
    """Squared bias of flow over that of ridge: worst estimation, worst and mean prediction over targets."""
    rng = np.random.default_rng(seed)
    n, p = int(rng.integers(2, 6)), len(Sigma)
    X, time = rng.standard_normal((n, p)) * np.sqrt(np.diag(Sigma)), 10 ** rng.uniform(-1, 3)
    C = X.T @ X / n
    flow, ridge = expm(-time * C), np.linalg.inv(time * C + np.eye(p))  # what each leaves of the target
    estimation = eigh(flow @ flow, ridge @ ridge, eigvals_only=True)[-1]
    prediction = eigh(flow @ Sigma @ flow, ridge @ Sigma @ ridge, eigvals_only=True)[-1]
    return estimation, prediction, np.trace(flow @ Sigma @ flow) / np.trace(ridge @ Sigma @ ridge)


def test_estimation_risk_for_every_target_prediction_risk_on_average() -> None:
    Sigma = np.diag([1.0, 1.0, 1e-4])
    estimation, prediction, average = np.transpose([_ratios(seed, Sigma) for seed in range(200)]).max(axis=1)
    bound = ali2019.bounds()[0]
    assert estimation <= 1 + 1e-9 < bound  # the variance alone comes near the bound
    assert average <= 1 + 1e-9
    assert prediction > 4 > bound


def test_variance_of_both_risks_for_every_covariance() -> None:
    """tr Sigma (flow's covariance) over ridge's is at most the bound, and near it at one eigenvalue."""
    rng = np.random.default_rng(0)
    worst = 0.0
    for _ in range(200):
        n, time, scales = int(rng.integers(1, 6)), 10 ** rng.uniform(-1, 3), 10 ** rng.uniform(-2, 0, 3)
        X = rng.standard_normal((n, 3)) * scales
        values, V = np.linalg.eigh(X.T @ X / n)
        values = np.maximum(values, 1e-15)
        weight = ((V.T * scales**2) * V.T).sum(axis=1)
        flow, ridge = (-np.expm1(-time * values)) ** 2 / values, values / (values + 1 / time) ** 2
        worst = max(worst, float(weight @ flow / (weight @ ridge)))
    assert 1.5 < worst <= ali2019.bounds()[0]
