"""Diagonal linear networks, f(x) = (u^2 - v^2).x: where gradient flow from u = v = alpha ends.

The end is the interpolator that minimises an entropy between the l1 norm (alpha -> 0) and the l2 norm
(alpha -> infinity). Used by the claims and the figure of woodworth2020.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def flow_end(X: Array, y: Array, alpha: float) -> Array:
    """Coefficients beta = u^2 - v^2 (p,) at the end of gradient flow on |X beta - y|^2/2 from u = v = alpha.

    The flow is integrated until |X beta - y| < 1e-8.

    >>> flow_end(np.array([[1.0, 2.0]]), np.array([1.0]), alpha=10.0).round(2)  # the least l2 norm
    array([0.2, 0.4])
    """
    from scipy.integrate import solve_ivp

    p = X.shape[1]

    def velocity(time: float, w: Array) -> Array:
        pull = 2 * X.T @ (y - X @ (w[:p] ** 2 - w[p:] ** 2))
        return np.concatenate([pull * w[:p], -pull * w[p:]])

    def fitted(time: float, w: Array) -> float:
        return float(np.linalg.norm(X @ (w[:p] ** 2 - w[p:] ** 2) - y) - 1e-8)

    fitted.terminal = True  # type: ignore[attr-defined]
    w = solve_ivp(
        velocity, (0, 1e6), np.full(2 * p, alpha), method="LSODA", rtol=1e-7, atol=1e-10, events=fitted
    ).y[:, -1]
    return w[:p] ** 2 - w[p:] ** 2
