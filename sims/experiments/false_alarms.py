"""How often a verdict calls a true mean wrong, whatever law the outcomes have.

A column of outcomes is a verdict of its own: many are judged at once by the same functions as a single one.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.verdict.comparison import Evidence

Array = NDArray[np.float64]
Shape = tuple[int, int]


class Law(NamedTuple):
    """A law of outcomes."""

    draw: Callable[[np.random.Generator, Shape], Array]
    """Independent outcomes in the given shape."""
    mean: float
    spread: float
    """Standard deviation of an outcome; inf where the variance is."""


def inverse_chi_square(k: float) -> Law:
    """The law of 1/chi-square with k > 2 degrees of freedom, as the error beside a threshold.

    Mean 1/(k - 2), variance 2/((k - 2)^2 (k - 4)) for k > 4.

    >>> law = inverse_chi_square(6)
    >>> law.mean, law.spread
    (0.25, 0.25)
    """
    variance = 2 / ((k - 2) ** 2 * (k - 4)) if k > 4 else np.inf
    return Law(lambda rng, shape: 0.5 / rng.standard_gamma(k / 2, shape), 1 / (k - 2), variance**0.5)


def bernoulli(share: float) -> Law:
    """The law of an outcome that is 1 with chance `share`, otherwise 0.

    >>> bernoulli(0.5).spread
    0.5
    """
    return Law(
        lambda rng, shape: (rng.random(shape) < share).astype(float), share, (share * (1 - share)) ** 0.5
    )


def with_atom(share: float, law: Law) -> Law:
    """Zero with chance `share`, otherwise an outcome of `law`.

    >>> with_atom(0.75, bernoulli(1.0)).mean
    0.25
    """
    mean = (1 - share) * law.mean
    variance = (1 - share) * (law.spread**2 + law.mean**2) - mean**2
    return Law(
        lambda rng, shape: np.where(rng.random(shape) < share, 0.0, law.draw(rng, shape)),
        mean,
        variance**0.5,
    )


EXPONENTIAL = Law(lambda rng, shape: rng.standard_exponential(shape), 1.0, 1.0)
LAWS = {
    "normal": Law(lambda rng, shape: 1 + rng.standard_normal(shape), 1.0, 1.0),
    "exponential": EXPONENTIAL,
    "log-normal": Law(
        lambda rng, shape: np.exp(rng.standard_normal(shape)), np.exp(0.5), np.sqrt(np.e * np.expm1(1.0))
    ),
    "1/chi2, 3": inverse_chi_square(3),
    "1/chi2, 5": inverse_chi_square(5),
    "1/chi2, 7": inverse_chi_square(7),
    "1/chi2, 20": inverse_chi_square(20),
    "Bernoulli 0.01": bernoulli(0.01),
    "Bernoulli 0.05": bernoulli(0.05),
    "Bernoulli 0.5": bernoulli(0.5),
    "half zero, else exponential": with_atom(0.5, EXPONENTIAL),
    "0.9 zero, else exponential": with_atom(0.9, EXPONENTIAL),
    "0.95 zero, else exponential": with_atom(0.95, EXPONENTIAL),
    "half zero, else 1/chi2, 7": with_atom(0.5, inverse_chi_square(7)),
    "0.9 zero, else 1/chi2, 7": with_atom(0.9, inverse_chi_square(7)),
}
"""Laws that a test of means meets: thin and long tails, shares, and an atom at zero."""


def tails(found: Evidence, truth: float) -> Array:
    """Chance of a mean so far above the truth, and of one so far below it: (2, columns).

    A verdict at level a takes the mean for larger than the truth where the first is below a/2, and for
    smaller where the second is: an equality then disagrees, a bound on this side is called wrong, and one
    beyond it is confirmed. The side to which the mean did not fall has chance 1.
    """
    chance = found.chance(np.full(len(found.mean), truth))
    return np.stack([np.where(side >= 0, chance, 1.0) for side in (found.mean - truth, truth - found.mean)])
