"""Shares: outcomes of 0 or 1 in each trial, by the binomial law itself.

    P(k or more) = I_theta(k, n - k + 1),   P(k or fewer) = 1 - I_theta(k + 1, n - k),

the chances that of n trials k or more, or k or fewer, are 1, with I the regularised incomplete beta function.
The limits that follow are those of Clopper and Pearson: they hold at every share and every number of trials.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv

from sims.trials.sample import Sample

Array = NDArray[np.float64]


class Shares(NamedTuple):
    """Shares of trials whose outcome is 1, one entry for each point."""

    mean: Array
    se: Array
    """Standard error, for the table; the tests do not use it."""
    trials: int

    @property
    def unrest(self) -> float:
        """By what share the reach may be larger in another run."""
        return float(0.5 / np.sqrt(max(self.trials - 1, 1)))

    def chance(self, value: Array) -> Array:
        """Chance of a share at least so far from `value`, on the side where it fell, if `value` is true."""
        count, value = np.round(self.mean * self.trials), np.clip(value, 0.0, 1.0)
        or_more = np.where(count > 0, betainc(np.maximum(count, 1), self.trials - count + 1, value), 1.0)
        or_fewer = np.where(
            count < self.trials,
            1 - betainc(count + 1, np.maximum(self.trials - count, 1), value),
            1.0,
        )
        chance: Array = np.where(self.mean > value, or_more, or_fewer)
        return np.where(self.mean == value, 0.5, chance)

    def reach(self, level: float) -> tuple[Array, Array]:
        """How far below and above the share a value is just not rejected at this level, one-sided."""
        count = np.round(self.mean * self.trials)
        rest = self.trials - count
        low = np.where(count > 0, betaincinv(np.maximum(count, 1), rest + 1, level), 0.0)
        high = np.where(rest > 0, betaincinv(count + 1, np.maximum(rest, 1), 1 - level), 1.0)
        # beyond 0 and 1 nothing is possible
        return np.where(count > 0, self.mean - low, 0.0), np.where(rest > 0, high - self.mean, 0.0)

    def after(self, trials: int) -> "Shares":
        """What so many trials would show, were they like these."""
        return self._replace(trials=trials, se=self.se * np.sqrt(self.trials / trials))


def shares(sample: Sample, mean: Array) -> Shares:
    """What the shares of a sample show.

    Raises ValueError if an outcome is neither 0 nor 1.

    >>> drawn = Sample(np.repeat([[1.0], [0.0]], [3, 17], axis=0))
    >>> [float(limit[0].round(3)) for limit in shares(drawn, drawn.mean).reach(0.025)]
    [0.118, 0.229]
    """
    strange = sample.values[(sample.values != 0) & (sample.values != 1)]
    if strange.size:
        raise ValueError(f"an outcome is {strange[0]:g}, but a share counts outcomes of 0 and 1")
    return Shares(mean, sample.se, sample.trials)
