"""Mean and variance of a stream of trials in one pass, as exact as in two (Welford; Chan for blocks)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Moments(NamedTuple):
    """Number, mean and spread of some trials, each measuring several values."""

    trials: int
    mean: Array
    squares: Array
    """Sum of the squared distances of the trials from their mean."""

    @property
    def se(self) -> Array:
        """Standard error of the mean; inf for one trial, and where one was infinite."""
        if self.trials < 2:
            return np.full_like(self.mean, np.inf)
        error = np.sqrt(self.squares / (self.trials - 1) / self.trials)
        return np.where(np.isinf(self.mean), np.inf, error)


def moments(rows: Array) -> Moments:
    """Moments of a block of trials, (trials, points).

    >>> moments(np.array([[1.0], [3.0]])).se
    array([1.])
    """
    with np.errstate(invalid="ignore"):  # inf - inf
        mean = rows.mean(axis=0)
        return Moments(len(rows), mean, ((rows - mean) ** 2).sum(axis=0))


def merge(a: Moments, b: Moments) -> Moments:
    """Moments of both blocks together.

    >>> merge(moments(np.array([[1.0]])), moments(np.array([[3.0]]))).mean
    array([2.])
    """
    count = a.trials + b.trials
    with np.errstate(invalid="ignore"):
        gap = b.mean - a.mean
        mean = np.where(np.isinf(a.mean), a.mean + b.mean, a.mean + gap * (b.trials / count))
        return Moments(count, mean, a.squares + b.squares + gap**2 * (a.trials * b.trials / count))
