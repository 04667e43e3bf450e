"""The error after more rows: errors of fits to parts of the rows, and the laws that fit them.

    error(m) = c + a m^-b,   a, c >= 0,

fitted for every b on a grid; each law counts by its likelihood times exp(-FLOOR c/error(n)). A part predicts
all rows, those that it holds without themselves: what makes a row hard is the same at every size, and only
what more rows gain differs. The interval grows with the distance, for laws with a floor c differ there, and
none is exactly true.

Rows with equal inputs are left out together, as new rows are whose inputs none has; see `groups`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.sweet_spot import row_errors
from sims.sweet_spot.intervals import LEVEL
from sims.sweet_spot.row_errors import EXACT, MOST_ROWS, best, of_part, ridges

Array = NDArray[np.float64]

SHARES = (0.25, 0.354, 0.5)
DRAWS, FEW = 4, 2  # parts of each size, and of more than MOST_ROWS rows
FARTHEST = 10  # times the rows
EXPONENTS = np.geomspace(0.1, 2.0, 200)
SAMPLES = 200  # of disturbed errors
FLOOR = 2.0  # prior of the floor c, in units of the error of all rows: without it floors are told too often
ODD = 0.1  # of the error of all rows: a part that errs less has missed the few rows that make the error
DOUBT = 0.1  # relative standard error of the laws themselves, for each factor e of rows
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


def groups(X: Array) -> NDArray[np.int64]:
    """Numbers (n,) of the rows, the same for rows of equal inputs; each its own where most repeat others.

    Inputs of a few kinds, such as two columns of yes and no, are those of new rows too.

    >>> groups(np.array([[2.0], [1.0], [2.0]])).tolist(), groups(np.zeros((3, 1))).tolist()
    ([1, 0, 1], [0, 1, 2])
    """
    found = row_errors.alike(X)
    return found if 2 * len(np.unique(found)) > len(X) else np.arange(len(X))


def measured(
    K: Array, Y: Array, numbers: NDArray[np.int64], whole: Array, rng: np.random.Generator
) -> Learning:
    """Errors of fits with kernel K to parts from a quarter of the rows to half, and to all.

    `numbers` are `groups`; `whole` (n,) holds the errors of fits to all rows but one, which are taken where
    no row repeats another.

    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((80, 5))
    >>> measured(X @ X.T, X[:, :1], np.arange(80), np.ones(80), rng).n
    array([20., 28., 40., 80.])
    """
    rows, penalties, least = len(K), ridges(K), EXACT * (Y**2).sum(axis=1).mean()
    if len(np.unique(numbers)) < rows:
        whole = best(of_part(K, Y, np.arange(rows), numbers, penalties))
    sizes = np.array([round(share * rows) for share in SHARES])
    errors = np.empty((len(sizes), DRAWS if rows <= MOST_ROWS else FEW))
    for i, j in np.ndindex(errors.shape):
        kept = rng.permutation(rows)[: sizes[i]]
        errors[i, j] = best(of_part(K, Y, kept, numbers, penalties)).mean()
    mean = max(whole.mean(), least)
    errors = np.maximum(errors, max(ODD * mean, least))
    # the variance of a part's error falls with its rows; parts share rows: the mean of some is hardly surer
    spread = errors.std(axis=1, ddof=1) / errors.mean(axis=1) * np.sqrt(sizes)
    every = np.append(sizes, rows).astype(float)
    return Learning(
        every,
        np.append(errors.mean(axis=1), mean),
        np.maximum(np.sqrt((spread**2).mean() / every), LEAST),
        float(whole.std(ddof=1) / np.sqrt(rows) / mean),
    )


def extrapolated(known: Learning, n: Array, rng: np.random.Generator) -> Told:
    """The error after n >= known.n[-1] rows, with the interval of laws fitted to errors that are disturbed by
    their own, and in doubt by DOUBT.

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
    own, level = rng.standard_normal((2, SAMPLES, 1))
    together = np.exp(known.level * level + DOUBT * np.log(n / whole) * own)
    low, high = np.quantile(sampled * together, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return Told(value, np.minimum(low, value), np.maximum(high, value))


def _average(shape: Array, grown: Array, error: Array, se: Array) -> Array:
    """The laws of all exponents, each by its likelihood, where the powers are `grown` (n, exponents)."""
    c, a = _fitted(shape, error, se)
    misfit = (((error[:, None] - c - a * shape) / (error * se)[:, None]) ** 2).sum(axis=0)
    worth = -misfit / 2 - FLOOR * c / error[-1]
    weight = np.exp(worth - worth.max())
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
