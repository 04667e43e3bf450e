"""Squared leave-one-out errors of every training row, at every width and ridge.

The means over rows are the forecast, their spread says how sure it is. Up to MOST_ROWS rows and EXACT_WIDTH
times as many features they are exact for features that are drawn; beyond, and for infinitely many features,
they are the mean over the draw, from one eigendecomposition of the kernel matrix. Every fit has an intercept.
"""

import warnings
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import fit
from sims.blas import one_blas_thread
from sims.data import SplitError
from sims.sweet_spot import pipeline, row_pairs
from sims.trials import pool
from theory import SingularKernelWarning
from theory.validation import random_features_left_out

Array = NDArray[np.float64]

RIDGES = 41
SPAN = 1e-9, 1e2  # in units of the variance of a row under the kernel
MOST_ROWS = 1500  # whose drawn features are decomposed for each width ...
EXACT_WIDTH = 4  # ... up to so many times the rows
STEPS = (-4, -2, 0, 2, 4)  # from the best ridge, of those that are looked at without each row
EXACT = 1e-12  # of the power of the targets: a smaller error is rounding


class RowErrors(NamedTuple):
    """Squared errors, summed over targets, of rows that the others predict."""

    widths: Array
    """(widths,); inf is the kernel."""
    ridges: Array
    """(ridges,), beside the mean squared error."""
    squares: Array
    """(widths, ridges, n)"""
    others: Array
    """(widths, ridges, n): mean error of the other rows without each row, which chooses what the row meets;
    inf where it is not looked at."""
    inflation: Array
    """(widths,), of the standard error of a mean over rows, with the best ridge."""
    ridgeless: Array
    """(widths,): mean errors of the least-norm fit; inf where p leaves one choice, and where a row cannot be
    replaced."""


def centred(K: Array) -> Array:
    """The kernel of features whose mean over the rows is taken off.

    >>> centred(np.ones((2, 2)))
    array([[0., 0.],
           [0., 0.]])
    """
    middle = K.mean(axis=0)
    return np.asarray(K - middle - middle[:, None] + middle.mean())


def ridges(K: Array) -> Array:
    """A geometric grid that fits the kernel matrix; SplitError if it shows no difference between rows."""
    variance = float(np.trace(centred(K))) / len(K)
    if variance <= 1e-14 * float(np.abs(K).max()):
        raise SplitError(f"the inputs of {len(K)} training rows are all alike; ask for more rows with --n")
    return np.geomspace(*SPAN, RIDGES) * variance


def forecast(family: pipeline.Family, X: Array, K: Array, Y: Array, widths: Array) -> RowErrors:
    """The errors of rows X (n, d) with kernel matrix K and targets Y (n, targets) at increasing `widths`.

    Up to EXACT_WIDTH n they are those of the features that the family's seed draws; the inflation of others
    is that of the kernel.

    >>> X = np.random.default_rng(0).standard_normal((40, 3))
    >>> forecast(pipeline.Family("linear", 1.0, 0), X, X @ X.T / 3, X, np.array([10, np.inf])).squares.shape
    (2, 41, 40)
    """
    with threads(len(X)):
        penalties, n = ridges(K), len(X)
        drawn = widths[widths <= EXACT_WIDTH * n] if n <= MOST_ROWS else widths[:0]
        known = pool.spread(partial(_of_drawn, family, X, Y, penalties), drawn[::-1].tolist())[::-1]
        near = averaged(K, Y, drawn, np.zeros(1))
        beyond = averaged(K, Y, widths[len(drawn) :], np.append(0.0, penalties))
        without, far = np.append(near[:, 0], beyond[:, 0], axis=0), beyond[:, 1:]
        if len(far):
            common = paired(centred(K), Y, penalties, far[-1])
            known += [(errors, *common) for errors in far]
        least = EXACT * (Y**2).sum(axis=1).mean()
        squares, others, inflation = (np.array(values) for values in zip(*known, strict=True))
        ridgeless = np.where(np.isnan(without), np.inf, without).mean(axis=-1)
        return RowErrors(
            widths, penalties, np.maximum(squares, least), others, inflation, np.maximum(ridgeless, least)
        )


def _of_drawn(
    family: pipeline.Family, X: Array, Y: Array, penalties: Array, p: float
) -> tuple[Array, Array, float]:
    """Squares, others and inflation of p features that are drawn."""
    F = pipeline.features(family, int(p)).fit_transform(X)
    F -= F.mean(axis=0)
    squares = (fit.left_out(F, Y, len(X) * penalties) ** 2).sum(axis=2)
    return squares, *paired(F @ F.T, Y, penalties, squares)


def threads(rows: int) -> AbstractContextManager[None]:
    """One thread of BLAS for small matrices: more of them wait, busily, for each other and for others.

    >>> with threads(100):
    ...     np.eye(2) @ np.ones(2)
    array([1., 1.])
    """
    return one_blas_thread() if rows <= MOST_ROWS else nullcontext()


def paired(K: Array, Y: Array, penalties: Array, squares: Array) -> tuple[Array, float]:
    """Errors of the others (ridges, n) at STEPS from the best ridge, and the inflation there.

    K is centred, `squares` are (ridges, n). Above `row_pairs.ROWS` rows, one row's part in the fits of the
    others is small: their errors are those of the fits with it.
    """
    n, mean = len(K), squares.mean(axis=1)
    best = int(np.where(np.isfinite(mean), mean, np.inf).argmin())
    if n > row_pairs.ROWS:
        with np.errstate(invalid="ignore"):
            others = (squares.sum(axis=1, keepdims=True) - squares) / (n - 1)
        return np.where(np.isfinite(others), others, np.inf), row_pairs.pairs(
            K, Y, n * penalties[best]
        ).inflation
    places = {int(np.clip(best + step, 0, len(penalties) - 1)) for step in STEPS}
    found = {place: row_pairs.pairs(K, Y, n * penalties[place]) for place in places}
    others = np.full(squares.shape, np.inf)
    for place, pairs in found.items():
        others[place] = pairs.others
    return others, found[best].inflation


def alike(X: Array) -> NDArray[np.int64]:
    """Numbers (n,) of the rows of X, the same for rows that are equal.

    >>> alike(np.array([[2.0], [1.0], [2.0]]))
    array([1, 0, 1])
    """
    return np.unique(X, axis=0, return_inverse=True)[1].reshape(len(X))


def of_part(
    K: Array, Y: Array, kept: NDArray[np.int64], groups: NDArray[np.int64], penalties: Array
) -> Array:
    """Squared errors (ridges, n) of every row, predicted from the rows `kept` without those of its own group.

    Rows of one number in `groups` have equal inputs. Where g of m kept rows are, each with leverage h and
    residual r of the fit f to all of them, the error of such a row, kept or not, is

        y - f(x) + h sum r/(1 - g h).

    >>> K, rows = np.diag([1.0, 1.0, 4.0]), np.arange(3)
    >>> of_part(K, K[:, :1], rows, rows, np.array([1e9])).round(2)  # each beside the mean of the others
    array([[1.  , 0.25, 0.25]])
    """
    m, inner, across = len(kept), K[np.ix_(kept, kept)], K[:, kept]
    middle, level = inner.mean(axis=0), Y[kept].mean(axis=0)
    s, U = np.linalg.eigh(centred(inner))
    s = np.maximum(s, 0.0)
    across -= across.mean(axis=1, keepdims=True) + (middle - middle.mean())
    own, count = groups[kept], np.bincount(groups[kept], minlength=len(K))
    gains = 1 / (s[:, None] + m * penalties)
    dual = U @ (gains[..., None] * (U.T @ (Y[kept] - level))[:, None]).reshape(m, -1)
    fits = (across @ dual).reshape(len(K), len(penalties), -1)
    owns = 1 / m + U**2 @ (s[:, None] * gains)
    result = np.empty((len(penalties), len(K)))
    for i in range(len(penalties)):
        gaps = Y - level - fits[:, i]
        leverage, total = np.zeros(len(K)), np.zeros_like(Y)
        leverage[own] = owns[:, i]
        np.add.at(total, own, gaps[kept])
        with np.errstate(divide="ignore", invalid="ignore"):
            gaps += ((leverage / (1 - count * leverage))[:, None] * total)[groups]
        result[i] = (gaps**2).sum(axis=1)
    return result


def averaged(K: Array, Y: Array, widths: Array, penalties: Array) -> Array:
    """The mean over draws, (widths, ridges, n); at ridge 0 nan where a row cannot be replaced."""
    if not len(widths):
        return np.empty((0, len(penalties), len(Y)))
    with warnings.catch_warnings(action="ignore", category=SingularKernelWarning):
        return random_features_left_out(K, Y, widths[:, None], penalties, intercept=True)


def best(squares: Array) -> Array:
    """The errors (n,) of the ridge, among squares (ridges, n), whose mean is least.

    >>> best(np.array([[1.0, 3.0], [1.0, 2.0]]))
    array([1., 2.])
    """
    return np.asarray(squares[squares.mean(axis=1).argmin()])
