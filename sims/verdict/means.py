"""Tests of a mean that hold their level for skewed outcomes at few trials.

Student's t takes the outcomes for normal. A law with a long upper tail breaks it where it hurts: most samples
miss the tail, so their mean and their standard error are too small together, and a true theory seems many
standard errors too large. To first order in 1/sqrt(trials) the score of a law of skewness g is as likely
beyond -t - g (2 t^2 + 1)/(6 sqrt(trials)) as a normal one is beyond -t; so the critical value t is replaced
by

    t + kappa (2 t^2 + 1)/6,    kappa = (a max(g, 0) + b sqrt(6/trials))/sqrt(trials),

with g the skewness of the sample towards the tail that may have been missed, sqrt(6/trials) the error of g
for a normal law, and a, b as `VOUCHED` where the caller knows that the variance exists, else as `UNKNOWN`.
The constants are chosen such that a true theory is refuted at no more than 1.5 times the stated level, 1e-2
to 1e-4, from 6 trials on (tests/sims/verdict/test_level.py): for outcomes 1/chi-square with 5 degrees of
freedom or more, log-normal ones and mixtures with an atom if vouched for, and down to 3 degrees of freedom,
where the variance is infinite, if not.

Where theory knows the spread of a single trial, no tail can be missed: the standard error is at least the
known one, and the score is compared with the normal law. A sample that does not show its law is silent: fewer
than 6 trials, no spread beyond rounding, or values that repeat with fewer than 16 others than the most
frequent.

Source: N. J. Johnson, Modified t tests and confidence intervals for asymmetrical populations, Journal of the
American Statistical Association 73 (1978) 536, for the correction; the constants by simulation.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from sims.trials.sample import Sample
from sims.verdict.inputs import ROUNDING

Array = NDArray[np.float64]
Booleans = NDArray[np.bool_]

FEWEST = 6
"""Trials that show a law."""
VARIED = 16
"""Outcomes that must differ from the most frequent one, where outcomes repeat."""


class Caution(NamedTuple):
    """How much larger than that of the sample the skewness of the law may be."""

    times: float
    """Factor of the sample's skewness."""
    errors: float
    """Standard errors that are added to it."""


VOUCHED = Caution(4.0, 4.0)
"""Where the variance of an outcome is known to exist."""
UNKNOWN = Caution(8.0, 14.0)
"""Where nothing is known of the tails but that the mean exists."""


class Means(NamedTuple):
    """The means of a sample and how far they stray, one entry for each point."""

    mean: Array
    se: Array
    """Standard error, not below the one that theory knows; inf where the sample is silent."""
    trials: int
    skewness: Array
    """Of the sample."""
    known: Booleans
    """Where theory knows the spread of a trial."""
    caution: Caution

    def chance(self, value: Array) -> Array:
        """Chance of a mean at least so far from `value`, on the side where it fell, if `value` is true.

        0.5 where mean and value are equal, and wherever the sample is silent.
        """
        below, above = self._doubts()
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            score = np.where(self.mean == value, 0.0, np.abs(self.mean - value) / self.se)
            kappa = np.where(value > self.mean, above, below)
            beyond = np.maximum(score - kappa / 6, 0.0)
            student = 2 * beyond / (1 + np.sqrt(1 + 4 * (kappa / 3) * beyond))
        chance: Array = np.where(self.known, ndtr(-student), stdtr(max(self.trials - 1, 1), -student))
        return chance

    def reach(self, level: float) -> tuple[Array, Array]:
        """How far below and above the mean a value is just not rejected at this level, one-sided."""
        student = -float(stdtrit(max(self.trials - 1, 1), level))
        critical = np.where(self.known, -float(ndtri(level)), student)
        below, above = ((critical + kappa * (2 * critical**2 + 1) / 6) * self.se for kappa in self._doubts())
        return below, above

    def after(self, trials: int) -> "Means":
        """What so many trials would show, were they like these."""
        return self._replace(trials=trials, se=self.se * np.sqrt(self.trials / trials))

    def _doubts(self) -> tuple[Array, Array]:
        """kappa of a theory below the mean, where a lower tail may have been missed, and of one above."""
        below, above = (
            np.where(
                self.known,
                0.0,
                (self.caution.times * np.maximum(g, 0.0) + self.caution.errors * np.sqrt(6 / self.trials))
                / np.sqrt(self.trials),
            )
            for g in (-self.skewness, self.skewness)
        )
        return below, above


def means(sample: Sample, mean: Array, spread: Array, caution: Caution) -> Means:
    """What the means of a sample show.

    Parameters
    ----------
    sample : Sample
        (trials, points).
    mean : array (points,)
        Its means, none of them nan.
    spread : array (points,) >= 0
        Standard deviation of one trial where theory knows it, else nan.
    caution : Caution
        VOUCHED where the variances are known to exist, else UNKNOWN.
    """
    known, finite = ~np.isnan(spread), np.isfinite(mean)
    own = sample.se if sample.trials > 1 else np.zeros(len(mean))
    se = np.fmax(own, spread / np.sqrt(sample.trials))
    se = np.where(~finite, 0.0, np.where(~known & silent(sample), np.inf, se))
    return Means(mean, se, sample.trials, _skewness(sample.values, finite), known, caution)


def silent(sample: Sample) -> Booleans:
    """Points whose sample does not show its law.

    >>> silent(Sample(np.zeros((64, 1))))
    array([ True])
    """
    values = sample.values
    if len(values) < FEWEST:
        return np.ones(values.shape[1], dtype=bool)
    with np.errstate(invalid="ignore"):
        still = np.ptp(values, axis=0) <= ROUNDING * np.abs(values).max(axis=0)
    return still | ((often := _most_frequent(values)) > 1) & (len(values) - often < VARIED)


def _most_frequent(values: Array) -> NDArray[np.int64]:
    """How often the most frequent value of each column occurs."""
    ordered = np.sort(values, axis=0)
    equal = ordered[1:] == ordered[:-1]
    most = run = np.zeros(values.shape[1], dtype=np.int64)
    for row in equal if equal.any() else ():
        run = np.where(row, run + 1, 0)
        most = np.maximum(most, run)
    return most + 1


def _skewness(values: Array, finite: Booleans) -> Array:
    """Skewness of each column, 0 where it has no spread."""
    values = np.where(finite, values, 0.0)
    centred = values - values.mean(axis=0)
    scale = np.abs(centred).max(axis=0)
    centred = centred / np.where(scale > 0, scale, 1.0)
    variance = (centred**2).mean(axis=0)
    result: Array = (centred**3).mean(axis=0) / np.where(variance > 0, variance, 1.0) ** 1.5
    return result
