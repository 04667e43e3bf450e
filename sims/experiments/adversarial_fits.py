"""Adversarial training of linear regression: the squared loss when each input may be moved."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STEPS = 300
"""Most reweightings; the loss is then within 1e-4 of the least one."""


def fit(X: Array, y: Array, epsilon: float) -> Array:
    """Coefficients that minimise mean (|y - X w| + epsilon |w|)^2, by reweighted ridge regression.

    (|r| + c)^2 is the least r^2/h + c^2/(1 - h) over h in (0, 1), attained at h = |r|/(|r| + c).

    >>> bool(np.allclose(fit(np.eye(2), np.ones(2), 0.0), 1.0))
    True
    """
    w: Array = np.asarray(np.linalg.lstsq(X, y, rcond=None)[0])
    if epsilon == 0:
        return w
    for _ in range(STEPS):
        left, reach = np.abs(y - X @ w), epsilon * np.linalg.norm(w)
        h = np.clip(left / (left + reach), 1e-9, 1 - 1e-9)
        penalty = epsilon**2 * np.sum(1 / (1 - h))
        weighted = X / h[:, None]
        before, w = w, np.linalg.solve(X.T @ weighted + penalty * np.eye(len(w)), weighted.T @ y)
        if np.linalg.norm(w - before) < 1e-8 * np.linalg.norm(w):
            break
    return w


def loss(left: Array, reach: float) -> float:
    """Mean squared loss of residuals that an adversary can lengthen by `reach`.

    >>> loss(np.array([1.0, -1.0]), 1.0)
    4.0
    """
    return float(np.mean((np.abs(left) + reach) ** 2))
