"""Linear classifiers fitted to signed samples z_i = y_i x_i, the rows of Z (n, p).

The classifier sign(w.x) is right on a sample where z_i.w > 0. Used by the claims of montanari2019, deng2022
and loureiro2021.
"""

import numpy as np
from numpy.typing import NDArray

from theory import ConvergenceError

Array = NDArray[np.float64]


def max_margin(Z: Array) -> tuple[float, Array]:
    """The largest margin min_i z_i.w/|w| and its w; margin 0 where no w is right on all samples.

    Minimising |Z'a|^2 + (1 - sum a)^2 over a >= 0 gives w = Z'a, which points to the point of the samples'
    convex hull that is nearest to 0; the margin is its distance from 0.

    >>> margin, w = max_margin(np.array([[2.0, 1.0], [2.0, -1.0]]))
    >>> round(margin, 12), bool(np.allclose(w[1], 0))
    (2.0, True)
    """
    from scipy.optimize import nnls

    n, p = Z.shape
    scale = np.sqrt(p)  # samples of length about 1, as the row of ones
    weights, _ = nnls(np.vstack([Z.T / scale, np.ones(n)]), np.append(np.zeros(p), 1.0), maxiter=50 * n)
    w = Z.T @ weights
    length = float(np.linalg.norm(w))
    if length < 1e-9:  # 0 is in the hull
        return 0.0, w
    return max(float((Z @ w).min()) / length, 0.0), w


def separable(Z: Array) -> bool:
    """Whether one w is right on all samples.

    >>> separable(np.array([[1.0], [-1.0]]))
    False
    """
    return max_margin(Z)[0] > 0


def threshold(Z: Array) -> float:
    """Half-way between the last p whose first p coordinates fail to separate the samples, and p + 1.

    All coordinates together must separate them.

    >>> threshold(np.array([[1.0, 1.0], [-1.0, 2.0]]))
    1.5
    """
    low, high = 0, Z.shape[1]  # not separable, separable
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if separable(Z[:, :middle]) else (middle, high)
    return high - 0.5


def logistic(Z: Array, penalty: float = 0.0) -> Array:
    """The w (p,) that minimises sum_i log(1 + exp(-z_i.w)) + penalty |w|^2/2, by safeguarded Newton steps.

    Without a penalty the samples must not be separable; use `descent_limit` where they may be.

    >>> logistic(np.array([[1.0], [1.0], [-1.0]])).round(6)  # log(2), the log odds
    array([0.693147])
    """
    from scipy.special import expit

    def objective(w: Array) -> float:
        return float(np.logaddexp(0.0, -Z @ w).sum() + penalty / 2 * (w @ w))

    w = np.zeros(Z.shape[1])
    value = objective(w)
    for _ in range(100):
        wrong = expit(-Z @ w)
        gradient = penalty * w - Z.T @ wrong
        hessian = Z.T @ ((wrong * (1 - wrong))[:, None] * Z) + penalty * np.eye(len(w))
        step = np.linalg.solve(hessian, gradient)
        decrement = float(gradient @ step)
        if decrement <= 1e-14 * value:
            return w
        size = 1.0
        while (new := objective(w - size * step)) > value - size * decrement / 4 and size > 1e-9:
            size /= 2
        w, value = w - size * step, new
    raise ConvergenceError("logistic regression did not converge; are the samples separable?")


def descent_limit(Z: Array, penalty: float = 0.0) -> Array:
    """Where gradient descent on the logistic loss ends, up to the length of w.

    That is the largest margin if the samples are separable and there is no penalty, else the minimum of the
    loss.

    >>> w = descent_limit(np.array([[2.0, 1.0], [2.0, -1.0]]))
    >>> bool(np.allclose(w[1], 0))
    True
    """
    margin, w = (0.0, Z[0]) if penalty else max_margin(Z)
    return w if margin > 0 else logistic(Z, penalty)
