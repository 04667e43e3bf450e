"""Leave-one-out residuals of ridge regression with an intercept, at every penalty, without refits."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def left_out(F: Array, Y: Array, alphas: Array, groups: NDArray[np.integer[Any]] | None = None) -> Array:
    """Residuals of every row, predicted from the others, at each alpha; (alphas, n, targets).

    F is (n, p) and Y (n, targets). With r the residuals of the fit to all rows, the smoother S of the centred
    features and h = 1/n + S_ii, the residual without row i is r_i/(1 - h). A row of leverage h = 1 is
    predicted by nothing: its residual is inf.

    `groups` (n,) numbers rows from 0; those of one number have equal features, and are left out together.
    Their block of the smoother is h in every cell, so that (I - h 11')^-1 r gives r_i + h sum r/(1 - g h) for
    g of them.

    >>> F = np.array([[0.0], [1.0], [2.0]])
    >>> left_out(F, F, np.array([1e9])).round(2).ravel()
    array([-1.5,  0. ,  1.5])
    """
    n = len(F)
    groups = np.arange(n) if groups is None else groups
    count = np.bincount(groups)[groups]
    A, B = F - F.mean(axis=0), Y - Y.mean(axis=0)
    s, U = np.linalg.eigh(A @ A.T) if n <= F.shape[1] else _left_vectors(A)
    s = np.maximum(s, 0.0)
    coordinates, square = U.T @ B, U**2
    result = np.empty((len(alphas), *B.shape))
    for i, alpha in enumerate(alphas):
        gain = s / (s + alpha)
        leverage = 1 / n + square @ gain
        residual = B - U @ (gain[:, None] * coordinates)
        total = np.zeros_like(B)
        np.add.at(total, groups, residual)
        left = 1 - count * leverage
        with np.errstate(divide="ignore", invalid="ignore"):
            known = residual + (leverage / left)[:, None] * total[groups]
        result[i] = np.where(left[:, None] > n * np.finfo(float).eps, known, np.inf)
    return result


def _left_vectors(A: Array) -> tuple[Array, Array]:
    """Squares of the singular values of a tall matrix, and its left singular vectors."""
    U, s, _ = np.linalg.svd(A, full_matrices=False)
    return s**2, U
