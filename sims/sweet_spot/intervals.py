"""What errors of rows say, and how sure it is: the bootstrap over rows, which needs no refit."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.sweet_spot.row_errors import RowErrors

Array = NDArray[np.float64]

DRAWS = 400
LEVEL = 0.95
SHARES = (0.01, 0.05)  # by which the error of a width may exceed the best one


class Interval(NamedTuple):
    """A number, and where it lies in LEVEL of the samples."""

    value: float
    low: float
    high: float


class Curve(NamedTuple):
    """Least errors over the ridges at every width, and what follows."""

    ridge: Array
    error: Array
    low: Array
    high: Array
    best: Interval
    """Least error of all widths ..."""
    best_ridge: Interval
    """... and the ridge there."""
    within: dict[float, Interval]
    """Narrowest width whose error exceeds the least by at most a share, by the share."""


def curve(errors: RowErrors, rng: np.random.Generator) -> Curve:
    """Widths and ridges chosen on all rows, and on DRAWS resamples of them.

    >>> squares = np.ones((1, 2, 32)) * np.array([[[1.0], [2.0]]])
    >>> curve(RowErrors(np.array([9.0]), np.array([0.1, 1.0]), squares), np.random.default_rng(0)).best
    Interval(value=1.0, low=1.0, high=1.0)
    """
    n = errors.squares.shape[-1]
    counts = rng.multinomial(n, np.full(n, 1 / n), size=DRAWS) / n
    with np.errstate(invalid="ignore"):
        means = errors.squares @ np.vstack([np.full(n, 1 / n), counts]).T  # (widths, ridges, 1 + DRAWS)
    means = np.where(np.isfinite(means), means, np.inf).transpose(2, 0, 1)
    column = means.argmin(axis=2)
    least = means.min(axis=2)
    # of the ridge that all rows choose: what the choice itself gains on a resample is not the fit's
    fixed = np.take_along_axis(means, column[:1, :, None], axis=2)[..., 0]
    row = least.argmin(axis=1)
    each = np.arange(len(means))
    narrow = {
        share: errors.widths[(least <= (1 + share) * least.min(axis=1, keepdims=True)).argmax(axis=1)]
        for share in SHARES
    }
    low, high = _ends(fixed[1:])
    return Curve(
        errors.ridges[column[0]],
        least[0],
        low,
        high,
        interval(fixed[:, row[0]]),
        interval(errors.ridges[column[each, row]]),
        {share: interval(widths) for share, widths in narrow.items()},
    )


def mean(values: Array, rng: np.random.Generator) -> Interval:
    """The mean of a number of each row, with its interval.

    >>> mean(np.ones(9), np.random.default_rng(0))
    Interval(value=1.0, low=1.0, high=1.0)
    """
    n = len(values)
    counts = rng.multinomial(n, np.full(n, 1 / n), size=DRAWS)
    with np.errstate(invalid="ignore"):
        return interval(np.append(values.mean(), counts @ values / n))


def interval(values: Array) -> Interval:
    """The first value, and the interval of the others, which holds it.

    >>> interval(np.array([1.0, 0.5, 2.0])).value
    1.0
    """
    low, high = _ends(values[1:])
    return Interval(float(values[0]), float(min(low, values[0])), float(max(high, values[0])))


def _ends(values: Array) -> Array:
    """Order statistics, for widths may be infinite."""
    tail = (1 - LEVEL) / 2
    ends: Array = np.quantile(values, [tail, 1 - tail], axis=0, method="nearest")
    return ends
