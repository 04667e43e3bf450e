"""Leave-one-out residuals of ridge regression with an intercept, at every penalty, without refits."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def left_out(F: Array, Y: Array, alphas: Array) -> Array:
    """Residuals of every row, predicted from the others, at each alpha; (alphas, n, targets).

    F is (n, p) and Y (n, targets). The residual without row i is that of the fit over 1 - 1/n - S_ii, with
    the smoother S of the centred features; a row of leverage 1 is predicted by nothing: its residual is inf.

    >>> F = np.array([[0.0], [1.0], [2.0]])
    >>> left_out(F, F, np.array([1e9])).round(2).ravel()
    array([-1.5,  0. ,  1.5])
    """
    n = len(F)
    A, B = F - F.mean(axis=0), Y - Y.mean(axis=0)
    s, U = np.linalg.eigh(A @ A.T) if n <= F.shape[1] else _left_vectors(A)
    s = np.maximum(s, 0.0)
    coordinates, square = U.T @ B, U**2
    result = np.empty((len(alphas), *B.shape))
    for i, alpha in enumerate(alphas):
        gain = s / (s + alpha)
        left = (1 - 1 / n - square @ gain)[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            residual = (B - U @ (gain[:, None] * coordinates)) / left
        result[i] = np.where(left > n * np.finfo(float).eps, residual, np.inf)
    return result


def _left_vectors(A: Array) -> tuple[Array, Array]:
    """Squares of the singular values of a tall matrix, and its left singular vectors."""
    U, s, _ = np.linalg.svd(A, full_matrices=False)
    return s**2, U
