"""How errors of rows hang together: each row trains the fits that predict the others.

Let e_i be the squared error of row i, predicted by all others, and e_i(j) that without row j too. Both follow
from the smoother of the fit to all rows, so that no pair costs a refit. They tell two things.

1. How far a mean of the e_i is from R, the error on new rows of the fit to these n. Given the rows other than
   i and j, e_i(j) and e_j(i) are independent, with the error of their fit as their mean. So

       E (e_i - R)(e_j - R) = E d_ij d_ji,   d_ij = e_i - e_i(j),

   up to smaller orders, and n^2 E (mean(e) - R)^2 = sum_i var(e) + sum_{i != j} E d_ij d_ji: the usual
   variance of a mean, inflated. For least squares on p columns with normal noise it is by (n + p)/(n - p).
2. What row i would meet if it had no part in a choice: the setting whose mean over j of e_j(i) is least.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.fit.products import inverse, inverse_root, product

Array = NDArray[np.float64]

ROUNDING = 1e-12  # relative: errors that differ less are equal
ROWS = 500  # whose pairs are looked at, spread evenly


class Pairs(NamedTuple):
    """What errors without two rows tell of a ridge fit."""

    inflation: float
    """Standard error of the mean leave-one-out error, as that of this fit on new rows, over the standard
    error of as many independent errors; at least 1."""
    others: Array
    """(rows,): mean error of the other rows where a row trains none of their fits."""


def pairs(K: Array, Y: Array, alpha: float) -> Pairs:
    """Errors without two rows of ridge regression with an intercept.

    K is the centred kernel matrix (n, n), `alpha` > 0 the penalty beside the sum of squares, and Y
    (n, targets). Above ROWS rows, pairs of that many are looked at.

    Source: direct calculation; [bates2024] shows that the usual standard error is too small, and estimates by
    nested folds what 1 does by pairs.

    >>> rng = np.random.default_rng(0)
    >>> A, Y = rng.standard_normal((200, 100)), rng.standard_normal((200, 1))
    >>> A -= A.mean(axis=0)
    >>> round(pairs(A @ A.T, Y, 1e-6).inflation ** 2)  # (n + p)/(n - p) is 3
    3
    """
    n = len(K)
    rows = np.linspace(0, n - 1, min(n, ROWS)).round().astype(int)
    residual, left = fitted(K, Y, alpha)
    if len(rows) < n:
        residual, left = residual[rows], left[np.ix_(rows, rows)]
    errors = (residual**2).sum(axis=1) / np.diag(left) ** 2
    two = _without_two(left, residual @ residual.T)
    variance = ((errors - errors.mean()) ** 2).sum()
    changes = errors[:, None] - two
    np.fill_diagonal(changes, 0.0)
    np.fill_diagonal(two, 0.0)
    together = (changes * changes.T).sum() * (n - 1) / (len(rows) - 1)
    differ = variance > len(rows) * (ROUNDING * errors.mean()) ** 2
    inflation = float(np.sqrt(max(1.0, 1 + together / variance))) if differ else 1.0
    return Pairs(inflation, two.sum(axis=0) / (len(rows) - 1))


def fitted(K: Array, Y: Array, alpha: float) -> tuple[Array, Array]:
    """Residuals (n, targets) of ridge regression with an intercept, and I - S (n, n) of its smoother S.

    K is the centred kernel matrix. The residual of a row that the others predict is that of the fit over its
    part of I - S.

    >>> residual, left = fitted(np.zeros((2, 2)), np.array([[1.0], [-1.0]]), 1.0)
    >>> (residual / np.diag(left)[:, None]).ravel()
    array([ 2., -2.])
    """
    raised, mean = _raised(K, alpha)
    left = inverse(raised)
    left *= alpha
    residual = product(left, Y - Y.mean(axis=0))
    left -= mean
    return residual, left


def left_out(K: Array, Y: Array, alpha: float) -> Array:
    """Residuals (n, targets) of rows that the others predict, in half of the time of `fitted`.

    For one penalty this takes a fraction of the time of `sims.fit.left_out`.

    >>> left_out(np.zeros((2, 2)), np.array([[1.0], [-1.0]]), 1.0).ravel()
    array([ 2., -2.])
    """
    raised, mean = _raised(K, alpha)
    root = inverse_root(raised)
    own = alpha * np.einsum("ij,ij->j", root, root) - mean
    return alpha * product(root.T, product(root, Y - Y.mean(axis=0))) / own[:, None]


def _raised(K: Array, alpha: float) -> tuple[Array, float]:
    """K + alpha I with a part along (1, ..., 1), and what that part is of alpha times the inverse.

    K has none: with one of its own size nothing is left to cancel.
    """
    n, level = len(K), max(float(np.trace(K)) / len(K), alpha)
    raised = K + level / n
    raised.flat[:: n + 1] += alpha
    return raised, alpha / (alpha + level) / n


def _without_two(left: Array, products: Array) -> Array:
    """Squared error of row i, predicted without i and j; `left` is I - S, `products` are those of residuals.

    The residuals without both are the inverse of their block of I - S times those of the fit.
    """
    own, power, square = np.diag(left), np.diag(products), left**2
    minor = np.outer(own, own) - square
    np.fill_diagonal(minor, 1.0)
    result = left * products
    result *= -2 * own
    result += np.outer(power, own**2)
    square *= power
    result += square
    minor *= minor
    result /= minor
    return result
