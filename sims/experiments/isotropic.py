"""Exact test error of least squares on isotropic inputs, given the design."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def risk(X: Array, signal: float, noise: float, ridge: float = 0.0) -> float:
    """Test error of the ridge fit on X (n, p), averaged over label noise and the direction of the target.

    >>> risk(np.eye(2), signal=1.0, noise=0.5)
    1.5
    """
    n, p = X.shape
    squares = np.linalg.svd(X, compute_uv=False) ** 2
    penalty = n * ridge
    lost = penalty / (squares + penalty)  # of the target along each direction that is seen
    error = signal / p * (lost**2).sum() + noise * (squares / (squares + penalty) ** 2).sum()
    return float(noise + signal * (p - len(squares)) / p + error)
