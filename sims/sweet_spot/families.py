"""Is this the right kind of model? What others err on the same rows, each predicted from the other rows."""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import fit
from sims.sweet_spot.row_errors import MOST_ROWS, averaged, ridges
from theory import kernel

Array = NDArray[np.float64]

FOLDS = 5
LINEAR, KERNEL, TREES = "RidgeCV on the columns", "KernelRidge (rbf)", "gradient boosting"
BANDWIDTHS = (0.5, 1.0, 2.0, 4.0)  # times the median distance


class Rival(NamedTuple):
    """A family with its best setting."""

    name: str
    error: float
    """Mean squared error of rows that the fit has not seen, summed over targets."""
    se: float
    """Its standard error over rows."""
    ridge: float
    """Beside the mean squared error; nan for trees."""
    seconds: float
    """That it took to find setting and error, on this machine."""


def rivals(X: Array, Y: Array, bandwidth: float) -> list[Rival]:
    """A linear model and a kernel machine, left out row by row, and boosted trees in FOLDS folds.

    X is (n, d), standardised, and Y (n, targets).

    >>> X = np.random.default_rng(0).standard_normal((40, 3))
    >>> min(rivals(X, X[:, :1], 2.0), key=lambda rival: rival.error).name
    'RidgeCV on the columns'
    """
    known: list[tuple[str, Callable[[], tuple[Array, float]]]] = [
        (KERNEL, lambda: _least(_kernel(X, Y, bandwidth))),
        (TREES, lambda: (_trees(X, Y), np.nan)),
    ]
    return [linear(X, Y), *(_timed(name, look) for name, look in known)]


def linear(X: Array, Y: Array) -> Rival:
    """The first of them alone.

    >>> X = np.random.default_rng(0).standard_normal((40, 3))
    >>> linear(X, X[:, :1]).name
    'RidgeCV on the columns'
    """
    return _timed(LINEAR, lambda: _least(_linear(X, Y)))


def _timed(name: str, look: Callable[[], tuple[Array, float]]) -> Rival:
    start = time.perf_counter()
    squares, ridge = look()
    seconds = time.perf_counter() - start
    return Rival(name, float(squares.mean()), float(squares.std() / np.sqrt(len(squares))), ridge, seconds)


def _least(found: Iterator[tuple[Array, Array]]) -> tuple[Array, float]:
    """Squares of the rows and ridge, where the mean over rows is least; each setting has (ridges, n)."""
    best, ridge, least = np.empty(0), np.nan, np.inf
    for squares, penalties in found:
        means = squares.mean(axis=1)
        i = int(means.argmin())
        if means[i] < least or not best.size:
            best, ridge, least = squares[i], float(penalties[i]), float(means[i])
    return best, ridge


def _linear(X: Array, Y: Array) -> Iterator[tuple[Array, Array]]:
    penalties = ridges(X @ X.T)
    yield (fit.left_out(X, Y, len(X) * penalties) ** 2).sum(axis=2), penalties


def _kernel(X: Array, Y: Array, bandwidth: float) -> Iterator[tuple[Array, Array]]:
    """Of more than MOST_ROWS rows, so many compare the bandwidths."""
    widths = [factor * bandwidth for factor in BANDWIDTHS]
    if len(X) > MOST_ROWS:
        some = np.random.default_rng(0).permutation(len(X))[:MOST_ROWS]
        errors = [_of_bandwidth(X[some], Y[some], width)[0].mean(axis=1).min() for width in widths]
        widths = [widths[int(np.argmin(errors))]]
    for width in widths:
        yield _of_bandwidth(X, Y, width)


def _of_bandwidth(X: Array, Y: Array, bandwidth: float) -> tuple[Array, Array]:
    K = kernel.gaussian(X, bandwidth=bandwidth)
    penalties = ridges(K)
    return averaged(K, Y, np.array([np.inf]), penalties)[0], penalties


def _trees(X: Array, Y: Array) -> Array:
    from sklearn.ensemble import GradientBoostingRegressor
    from sklearn.model_selection import KFold, cross_val_predict

    # as good as a search among all columns at each split, or better, and far cheaper on images
    trees: Any = GradientBoostingRegressor(max_depth=4, max_features="sqrt", random_state=0)
    folds = KFold(FOLDS, shuffle=True, random_state=0)
    predicted = [cross_val_predict(trees, X, y, cv=folds) for y in Y.T]
    gaps: Array = ((Y - np.column_stack(predicted)) ** 2).sum(axis=1)
    return gaps
