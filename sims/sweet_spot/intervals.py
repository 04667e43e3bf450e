"""What errors of rows say, and how sure it is, without a refit: intervals of means and of what is chosen.

The interval of a mean error has three parts, each estimated from the rows themselves:
- their spread, skew and kurtosis, for errors are skewed, and few rows make much of their mean: `ends`;
- how they hang together through the fits that they train: the inflation of `row_pairs`;
- what was gained by choosing width and ridge on the same rows: it is the mean of errors that rows `met` at
  the width and ridge which the others choose.
What is chosen, a ridge or a width, has the interval of the choices on resamples of the rows.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.sweet_spot.row_errors import RowErrors

Array = NDArray[np.float64]
Places = NDArray[np.int64]

DRAWS = 400
LEVEL = 0.95
SHARES = (0.01, 0.05)  # by which the error of a width may exceed the best one
CHOSEN = 0.01  # ... and that of the recommended one


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
    inflation: Array
    """Of the standard errors, at every width."""
    chosen: int
    """Place of the narrowest width within CHOSEN of the best of those that may be recommended."""
    best: Interval
    """Least error of all widths ..."""
    best_ridge: Interval
    """... and the ridge there."""
    within: dict[float, Interval]
    """Narrowest width whose error exceeds the least by at most a share, by the share."""


def curve(errors: RowErrors, rng: np.random.Generator, most: float = np.inf) -> Curve:
    """Widths and ridges chosen on all rows, and on DRAWS resamples of them; recommended are widths to `most`.

    The interval of the recommended width, and of the best, allows for the choice of both width and ridge;
    that of another width for the ridge alone.

    >>> squares = np.ones((1, 2, 32)) * np.array([[[1.0], [2.0]]])
    >>> errors = RowErrors(np.array([9.0]), np.array([0.1, 1.0]), squares, squares, *np.ones((2, 1)))
    >>> curve(errors, np.random.default_rng(0)).best
    Interval(value=1.0, low=1.0, high=1.0)
    """
    squares, n = errors.squares, errors.squares.shape[-1]
    column = _mean(squares).argmin(axis=1)
    error = _mean(np.take_along_axis(squares, column[:, None, None], axis=1)[:, 0])
    near = errors.widths <= most
    (chosen,), _ = choice(_mean(squares[near])[..., None], CHOSEN)
    without = [met(*width) for width in zip(squares[:, None], errors.others[:, None], strict=True)]
    without[chosen] = met(squares[near], errors.others[near], CHOSEN)
    low, high = ends(np.array(without), errors.inflation)
    low, high, best = np.minimum(low, error), np.maximum(high, error), int(error.argmin())
    counts = rng.multinomial(n, np.full(n, 1 / n), size=DRAWS) / n
    means = np.concatenate([_mean(squares)[..., None], _finite(squares @ counts.T)], axis=2)
    least = means.min(axis=1)
    _, place = choice(means)
    narrow = {
        share: errors.widths[(least <= (1 + share) * least.min(axis=0)).argmax(axis=0)] for share in SHARES
    }
    return Curve(
        errors.ridges[column],
        error,
        low,
        high,
        errors.inflation,
        int(chosen),
        Interval(float(error[best]), float(low[best]), float(high[best])),
        interval(errors.ridges[place]),
        {share: interval(widths) for share, widths in narrow.items()},
    )


def choice(means: Array, share: float = 0.0) -> tuple[Places, Places]:
    """The narrowest width within a share of the least error, and its best ridge; (widths, ridges, samples).

    >>> choice(np.array([[[2.0], [1.1]], [[1.0], [3.0]]]), share=0.2)
    (array([0]), array([1]))
    """
    least = means.min(axis=1)
    row = (least <= (1 + share) * least.min(axis=0)).argmax(axis=0)
    return row, means.argmin(axis=1)[row, np.arange(means.shape[2])]


def met(squares: Array, others: Array, share: float = 0.0) -> Array:
    """Errors (n,) of rows at the width and ridge that are chosen without them; both are (widths, ridges, n).

    Source: [stone1974], the assessment of a choice by leaving rows out of it too.

    >>> squares = np.array([[[1.0, 1.0, 4.0], [2.0, 2.0, 2.0]]])
    >>> met(squares, np.array([[[2.5, 2.5, 1.0], [2.0, 2.0, 2.0]]]))
    array([2., 2., 4.])
    """
    return np.asarray(squares[*choice(others, share), np.arange(squares.shape[-1])])


def ends(values: Array, inflation: Array | float = 1.0) -> tuple[Array, Array]:
    """Ends of the interval of the mean of positive numbers (..., n), which hold the mean of the n itself.

        mean exp(-inflation se h(t)),   mean exp(-inflation se h(-t)),

    with se the standard error of the mean over the mean. h inverts the cubic transform that takes the skew
    off the studentised logarithm of a mean (with b = skewness/sqrt n and A = b/3 - se/2 the transform is
    T + A T^2 + A^2 T^3/3 + b/6), and t is Student's quantile with as many degrees of freedom as the variance
    is known with, 2n/(kurtosis - (n - 3)/(n - 1)): few if few rows make most of the spread.

    Source: [hall1992] for the transform, from the Edgeworth expansion, here that of the logarithm;
    [satterthwaite1946] for the degrees of freedom.

    >>> [float(end) for end in ends(np.ones(9))]
    [1.0, 1.0]
    """
    from scipy.special import stdtrit

    n = values.shape[-1]
    mean = values.mean(axis=-1)
    gaps = values - mean[..., None]
    variance = (gaps**2).sum(axis=-1) / (n - 1)
    known = np.where(variance > 0, variance, 1.0)
    b = (gaps**3).mean(axis=-1) / known**1.5 / np.sqrt(n)
    kurtosis = (gaps**4).mean(axis=-1) / known**2
    se = np.sqrt(variance / n) / np.where(mean > 0, mean, 1.0)
    t = stdtrit(np.maximum(2 * n / (kurtosis - (n - 3) / (n - 1)), 1.0), (1 + LEVEL) / 2)
    low, high = (np.exp(-inflation * se * _with_skew(side, b / 3 - se / 2, b / 6)) for side in (t, -t))
    return np.minimum(mean * low, mean), np.maximum(mean * high, mean)


def _with_skew(normal: Array, A: Array, B: Array) -> Array:
    """T with T + A T^2 + A^2 T^3/3 + B = normal."""
    root = np.cbrt(1 + 3 * A * (normal - B))
    return np.asarray(3 * (normal - B) / (root**2 + root + 1))


def mean(values: Array, inflation: float = 1.0) -> Interval:
    """The mean of a positive number of each row, with its interval; see `ends`.

    >>> mean(np.ones(9))
    Interval(value=1.0, low=1.0, high=1.0)
    """
    low, high = ends(values, inflation)
    return Interval(float(values.mean()), float(low), float(high))


def interval(values: Array) -> Interval:
    """The first value, and the interval of the others, which holds it; they may be infinite.

    >>> interval(np.array([1.0, 0.5, 2.0])).value
    1.0
    """
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(values[1:], [tail, 1 - tail], method="nearest")
    return Interval(float(values[0]), float(min(low, values[0])), float(max(high, values[0])))


def _mean(values: Array) -> Array:
    return _finite(values.mean(axis=-1))


def _finite(values: Array) -> Array:
    """What is no number is never chosen."""
    return np.where(np.isfinite(values), values, np.inf)
