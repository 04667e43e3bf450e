"""Leave-one-out residuals of ridge regression with an intercept, at every penalty, without refits."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sims.fit.cutoff import EPS

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
    fits = _of_wide(A, B, alphas) if F.shape[1] >= n - 1 else _of_tall(A, B, alphas)
    result = np.empty((len(alphas), *B.shape))
    for i, (residual, own) in enumerate(fits):
        total = np.zeros_like(B)
        np.add.at(total, groups, residual)
        left = 1 - count + count * own
        with np.errstate(divide="ignore", invalid="ignore"):
            known = residual + ((1 - own) / left)[:, None] * total[groups]
        result[i] = np.where((left > n * EPS * (count > 1))[:, None], known, np.inf)
    return result


def _of_wide(A: Array, B: Array, alphas: Array) -> Iterator[tuple[Array, Array]]:
    """Residuals of the fit to all rows and 1 - h, from the kernel matrix; for columns that can interpolate.

    It has no part along (1, ..., 1): with one of its own size nothing cancels where the fit interpolates.
    """
    n = len(A)
    K = A @ A.T
    level = float(np.trace(K)) / n
    s, U = np.linalg.eigh(K + level / n)
    s = np.where(s > n * EPS * s[-1], s, 0.0)
    coordinates, square = U.T @ B, U**2
    for alpha in alphas:
        with np.errstate(invalid="ignore"):
            rest = np.where(s + alpha > 0, alpha / (s + alpha), 1.0)
            mean = alpha / (alpha + level) if level > 0 else 1.0
        own = square @ rest - mean / n
        yield U @ (rest[:, None] * coordinates), np.where(own > n * EPS * rest.max(), own, 0.0)


def _of_tall(A: Array, B: Array, alphas: Array) -> Iterator[tuple[Array, Array]]:
    """The same from fewer columns."""
    n = len(A)
    U, s, _ = np.linalg.svd(A, full_matrices=False)
    coordinates, square = U.T @ B, U**2
    for alpha in alphas:
        with np.errstate(invalid="ignore"):
            gain = np.where(s > 0, s**2 / (s**2 + alpha), 0.0)
        own = 1 - 1 / n - square @ gain
        yield B - U @ (gain[:, None] * coordinates), np.where(own > n * EPS, own, 0.0)
