"""The error after more rows: leave-one-out errors of parts of the rows, and the laws that fit them.

    error(m) = c + a m^-b,   a, c >= 0,

fitted for every b on a grid; each law counts by its likelihood. With the floor c the laws differ more the
farther they are asked, and so does the interval. Rows are drawn as they come: where some repeat others, so do
those of a part, as in any sample of its size.
"""

from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.sweet_spot.intervals import LEVEL
from sims.sweet_spot.row_errors import EXACT, averaged, ridges

Array = NDArray[np.float64]

SHARES = (0.25, 0.354, 0.5, 0.707)
DRAWS = 4  # parts of each size
FARTHEST = 10  # times the rows
EXPONENTS = np.geomspace(0.1, 2.0, 200)
SAMPLES = 200  # of disturbed errors
ODD = 0.1  # of the error of all rows: a part that errs less has missed the few rows that make the error
LEAST = 1e-3  # relative standard error that an error has beside a law


class Learning(NamedTuple):
    """Errors of parts of the rows, each with its best ridge."""

    n: Array
    error: Array
    se: Array
    """Relative standard error of each beside the others, by the draw of the parts ..."""
    level: float
    """... and of all together, by the rows."""


class Told(NamedTuple):
    """Errors of a fitted law, and where they lie in LEVEL of all laws that the parts allow."""

    error: Array
    low: Array
    high: Array


def measured(K: Array, Y: Array, rng: np.random.Generator) -> Learning:
    """Errors of parts from a quarter of the rows to all, with infinitely many features.

    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((80, 5))
    >>> measured(X @ X.T, X[:, :1] + rng.standard_normal((80, 1)), rng).n
    array([20., 28., 40., 57., 80.])
    """
    rows, penalties, least = len(K), ridges(K), EXACT * (Y**2).sum(axis=1).mean()
    sizes = np.array([round(share * rows) for share in SHARES])
    errors = np.empty((len(sizes), DRAWS))
    for (i, m), j in product(enumerate(sizes), range(DRAWS)):
        kept = rng.permutation(rows)[:m]
        squares = averaged(K[np.ix_(kept, kept)], Y[kept], np.array([np.inf]), penalties)[0]
        errors[i, j] = max(squares.mean(axis=1).min(), least)
    squares = averaged(K, Y, np.array([np.inf]), penalties)[0]
    best = squares[squares.mean(axis=1).argmin()]
    mean = max(best.mean(), least)
    errors = np.maximum(errors, ODD * mean)
    # the variance of a part's error falls with its rows; of all rows there is one part
    spread = errors.std(axis=1, ddof=1) / errors.mean(axis=1) * np.sqrt(sizes)
    each = np.sqrt((spread**2).mean() / sizes / DRAWS)
    one = np.sqrt((spread**2).mean() / rows / DRAWS)
    return Learning(
        np.append(sizes, rows).astype(float),
        np.append(errors.mean(axis=1), mean),
        np.maximum(np.append(each, one), LEAST),
        float(best.std(ddof=1) / np.sqrt(rows) / mean),
    )


def extrapolated(known: Learning, n: Array, rng: np.random.Generator) -> Told:
    """The error after n rows, with the interval of laws fitted to errors that are disturbed by their own.

    >>> m = np.array([50.0, 100.0, 200.0])
    >>> known = Learning(m, 10 / m, np.full(3, 0.001), level=0.001)
    >>> extrapolated(known, np.array([400.0]), np.random.default_rng(0)).error.round(3)
    array([0.025])
    """
    whole = known.n[-1]
    shape, grown = ((sizes[:, None] / whole) ** -EXPONENTS for sizes in (known.n, n))
    disturbed = np.exp(known.se * rng.standard_normal((SAMPLES, len(known.n))))
    value = _average(shape, grown, known.error, known.se)
    sampled = [_average(shape, grown, known.error * factor, known.se) for factor in disturbed]
    together = np.exp(known.level * rng.standard_normal((SAMPLES, 1)))
    low, high = np.quantile(sampled * together, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return Told(value, np.minimum(low, value), np.maximum(high, value))


def _average(shape: Array, grown: Array, error: Array, se: Array) -> Array:
    """The laws of all exponents, each by its likelihood, where the powers are `grown` (n, exponents)."""
    c, a = _fitted(shape, error, se)
    misfit = (((error[:, None] - c - a * shape) / (error * se)[:, None]) ** 2).sum(axis=0)
    weight = np.exp(-(misfit - misfit.min()) / 2)
    return np.asarray(np.exp(np.log(c + a * grown) @ (weight / weight.sum())))


def _fitted(shape: Array, error: Array, se: Array) -> tuple[Array, Array]:
    """c and a >= 0 of every exponent, by weighted least squares."""
    weight = 1 / (error * se)
    x, y = shape * weight[:, None], error * weight
    one, cross, power = weight @ weight, weight @ x, (x**2).sum(axis=0)
    flat, steep = weight @ y, y @ x
    a = (one * steep - cross * flat) / (one * power - cross**2)
    c = (flat - cross * a) / one
    c, a = np.where(a < 0, flat / one, c), np.maximum(a, 0.0)
    return np.maximum(c, 0.0), np.where(c < 0, steep / power, a)
