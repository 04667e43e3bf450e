"""Least squares with one of the three causes of its peak taken away, on one isotropic design X (n, p).

A fit that keeps k singular directions errs by noise + signal (1 - k/p) + noise sum_kept 1/sigma^2 in the mean
over label noise and over the direction of the target. Used by the claims and the figure of schaeffer2023.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def truncated(X: Array, signal: float, noise: float, cut: float) -> float:
    """Test error of the fit without the directions whose singular value is at most `cut` of the largest.

    >>> truncated(np.diag([2.0, 0.1]), signal=1.0, noise=1.0, cut=0.5)
    1.75
    """
    sigma = np.linalg.svd(X, compute_uv=False)
    return _error(sigma[sigma > cut * sigma[0]], X.shape[1], signal, noise)


def without_largest(X: Array, signal: float, noise: float) -> float:
    """Test error of the fit without the tenth of the directions whose singular values are largest.

    >>> round(without_largest(np.eye(10), signal=1.0, noise=0.0), 12)
    0.1
    """
    sigma = np.linalg.svd(X, compute_uv=False)
    return _error(sigma[len(sigma) // 10 :], X.shape[1], signal, noise)


def on_leading_inputs(X: Array, noise: float, leading: int) -> float:
    """Test error on inputs that vary in the `leading` singular directions of the data alone.

    >>> on_leading_inputs(np.diag([2.0, 0.1]), noise=1.0, leading=1)
    1.25
    """
    sigma = np.linalg.svd(X, compute_uv=False)[:leading]
    return float(noise + noise * (1 / sigma**2).sum())


def _error(kept: NDArray[Any], p: int, signal: float, noise: float) -> float:
    return float(noise + signal * (1 - len(kept) / p) + noise * (1 / kept**2).sum())
