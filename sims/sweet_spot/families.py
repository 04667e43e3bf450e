"""Is this the right kind of model? What others err on the same rows, each predicted from the other rows."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import fit
from sims.blas import one_openmp_thread
from sims.sweet_spot import row_pairs
from sims.sweet_spot.row_errors import MOST_ROWS, averaged, centred, ridges
from sims.trials import pool
from theory import kernel

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

FOLDS = 5
LINEAR, KERNEL, TREES = "RidgeCV on the columns", "KernelRidge (rbf)", "gradient boosting"
CHEAP = 200  # columns times targets up to which trees of histograms are cheap
DEEP = 1.5  # a valley of the error over the ridge may become the deepest with more rows
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
    """Of more than MOST_ROWS rows, so many choose the bandwidth and say where the ridge is to be sought."""
    widths = [factor * bandwidth for factor in BANDWIDTHS]
    if len(X) <= MOST_ROWS:
        yield from (_of_bandwidth(X, Y, width) for width in widths)
        return
    some = np.random.default_rng(0).permutation(len(X))[:MOST_ROWS]
    means = np.array([_of_bandwidth(X[some], Y[some], width)[0].mean(axis=1) for width in widths])
    chosen = int(means.min(axis=1).argmin())
    K = kernel.gaussian(X, bandwidth=widths[chosen])
    penalties = ridges(K)
    # of all changes with the rows, that of the total penalty n ridge is the least
    alike = penalties[_valleys(means[chosen])] * MOST_ROWS / len(X)
    yield _downhill(centred(K), Y, penalties, np.abs(np.log(penalties / alike[:, None])).argmin(axis=1))


def _of_bandwidth(X: Array, Y: Array, bandwidth: float) -> tuple[Array, Array]:
    K = kernel.gaussian(X, bandwidth=bandwidth)
    penalties = ridges(K)
    return averaged(K, Y, np.array([np.inf]), penalties)[0], penalties


def _valleys(means: Array) -> NDArray[np.intp]:
    """Places whose neighbours err no less, of errors up to DEEP times the least.

    >>> _valleys(np.array([1.2, 1.0, 1.5, 1.1, 1.6, 9.0, 8.0]))
    array([1, 3])
    """
    beside = np.pad(means, 1, constant_values=np.inf)
    lowest = (means <= beside[:-2]) & (means <= beside[2:])
    return np.flatnonzero(lowest & (means <= DEEP * means.min()))


def _downhill(K: Array, Y: Array, penalties: Array, starts: NDArray[np.intp]) -> tuple[Array, Array]:
    """Errors at the penalties on the ways from those at `starts` to where both neighbours err no less.

    K is centred. An inverse for each of a few penalties is cheaper than the eigenvectors that tell all.
    """
    known = dict[int, Array]()

    def mean(i: int) -> float:
        if i not in known:
            known[i] = (row_pairs.left_out(K, Y, len(K) * penalties[i]) ** 2).sum(axis=1)
        return float(known[i].mean())

    for place in starts.tolist():
        for way in (1, -1):
            while 0 <= place + way < len(penalties) and mean(place + way) < mean(place):
                place += way
    return np.array(list(known.values())), penalties[list(known)]


def _trees(X: Array, Y: Array) -> Array:
    from sklearn.ensemble import GradientBoostingRegressor, HistGradientBoostingRegressor
    from sklearn.model_selection import KFold

    if len(X) > MOST_ROWS and X.shape[1] * Y.shape[1] <= CHEAP:
        trees: Any = HistGradientBoostingRegressor(random_state=0)
    else:
        # as good as a search among all columns at each split, or better, and far cheaper on images
        trees = GradientBoostingRegressor(max_depth=4, max_features="sqrt", random_state=0)
    folds = list(KFold(FOLDS, shuffle=True, random_state=0).split(X))
    places = [(column, fold) for column in range(Y.shape[1]) for fold in folds]
    predicted = np.empty_like(Y)
    for (column, (_, left)), values in zip(
        places, pool.spread(partial(_of_fold, trees, X, Y), places), strict=True
    ):
        predicted[left, column] = values
    gaps: Array = ((Y - predicted) ** 2).sum(axis=1)
    return gaps


def _of_fold(trees: Any, X: Array, Y: Array, place: tuple[int, tuple[Rows, Rows]]) -> Array:
    """What trees fitted to the other folds predict for one fold, of one column of Y."""
    from sklearn import clone, config_context

    column, (kept, left) = place
    # more threads of OpenMP wait busily for each other, for minutes where others want the cores too
    with config_context(assume_finite=True, skip_parameter_validation=True), one_openmp_thread():
        return np.asarray(clone(trees).fit(X[kept], Y[kept, column]).predict(X[left]))
