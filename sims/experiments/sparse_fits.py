"""The Lasso by coordinate descent, and basis pursuit as a linear program."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from theory.engines.jit import njit

Array = NDArray[np.float64]

SWEEPS = 100_000
"""More sweeps over the coefficients than any Lasso of a claim needs."""


def lasso(X: Array, y: Array, penalty: float, accuracy: float = 1e-9) -> Array:
    """Coefficients that minimise mean (y - X a)^2 + penalty |a|_1, by coordinate descent.

    Parameters
    ----------
    X : (n, p) array
        No column may be zero.
    y : (n,) array
    penalty : float > 0
        scikit-learn's Lasso without an intercept has alpha = penalty/2.
    accuracy : float > 0
        The last sweep moved no coefficient by more than this.

    >>> lasso(np.eye(2), np.array([3.0, 0.2]), penalty=1.0)
    array([2., 0.])
    """
    return _descend(np.asfortranarray(X), y, penalty, accuracy)


@njit
def _descend(X: Array, y: Array, penalty: float, accuracy: float) -> Array:
    """Each coefficient in turn at its best, given the others; left is what the others do not explain."""
    n, p = X.shape
    a, left = np.zeros(p), y.copy()
    squares = np.zeros(p)
    for j in range(p):
        squares[j] = (X[:, j] ** 2).sum()
    for _ in range(SWEEPS):
        moved = 0.0
        for j in range(p):
            before = a[j]
            pull = before * squares[j]
            for i in range(n):
                pull += X[i, j] * left[i]
            a[j] = np.sign(pull) * max(abs(pull) - n * penalty / 2, 0.0) / squares[j]
            step = a[j] - before
            if step != 0.0:
                for i in range(n):
                    left[i] -= step * X[i, j]
            moved = max(moved, abs(step))
        if moved <= accuracy:
            break
    return a


def basis_pursuit(X: Array, y: Array) -> Array:
    """The solution of X a = y with the smallest |a|_1, for a matrix X of full row rank.

    >>> basis_pursuit(np.array([[1.0, 2.0]]), np.array([2.0]))
    array([0., 1.])
    """
    from scipy.optimize import linprog

    p = X.shape[1]
    found = linprog(np.ones(2 * p), A_eq=np.hstack([X, -X]), b_eq=y, method="highs-ds").x
    fit: Array = found[:p] - found[p:]
    return fit
