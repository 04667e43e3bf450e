"""Where the tangent model of both layers peaks: at as many parameters in all as samples."""

import numpy as np
from scipy.special import erf

from theory.papers import adlam2020ntk

N_SAMPLES, D, GAMMA, NOISE = 60, 30, 1e-3, 0.2


def _log_error(units: int, rng: np.random.Generator) -> float:
    """Of one kernel fit with the tangent features of both layers of an erf network."""
    X = rng.standard_normal((N_SAMPLES + 200, D))
    y = X @ rng.standard_normal(D) / np.sqrt(D)
    h = X @ rng.standard_normal((D, units)) / np.sqrt(D)
    pull = 2 / np.sqrt(np.pi) * np.exp(-(h**2)) * rng.standard_normal(units)
    first = (pull[:, :, None] * X[:, None, :]).reshape(len(X), -1) / np.sqrt(units * D)
    J = np.hstack([erf(h) / np.sqrt(units), first])
    A, B = J[:N_SAMPLES], J[N_SAMPLES:]
    noisy = y[:N_SAMPLES] + np.sqrt(NOISE) * rng.standard_normal(N_SAMPLES)
    f = B @ A.T @ np.linalg.solve(A @ A.T + GAMMA * np.eye(N_SAMPLES), noisy)
    return float(np.log(np.mean((f - y[N_SAMPLES:]) ** 2) + NOISE))


def test_the_peak_is_at_n_parameters() -> None:
    """31, 62, 93, 310 and 1860 parameters for 60 samples; no rise around 60 units."""
    rng = np.random.default_rng(0)
    widths = [1, 2, 3, 10, 60]
    errors = np.array([[_log_error(units, rng) for _ in range(200)] for units in widths])
    mean, spread = errors.mean(axis=1), errors.std(axis=1) / np.sqrt(200)
    assert np.argmax(mean) == 1
    assert mean[1] - mean[0] > 5 * np.hypot(spread[1], spread[0])
    assert mean[1] - mean[3] > 5 * np.hypot(spread[1], spread[3])
    assert mean[1] > mean[2] > mean[3] > mean[4]
    # what the formula covers: it falls through N = n
    psi = D / np.array([30.0, 60.0, 120.0])
    test = adlam2020ntk.risk(D / N_SAMPLES, psi, GAMMA, "erf", noise=NOISE).test
    assert (np.diff(test) < 0).all()
    assert np.exp(mean[4]) < 1.2 * test[1]
