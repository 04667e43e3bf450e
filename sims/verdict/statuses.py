"""The words of verdicts, which of them is the worst, and numbers that several kinds of verdict share."""

from collections.abc import Iterable
from math import ceil, inf
from statistics import median

AGREES, DISAGREES, UNDECIDED = "agrees", "disagrees", "undecided"
HEAVY = "heavy-tailed"
"""A point that is shown and not judged: its mean does not exist or is useless."""
FAILED = "failed"
"""An experiment that raised an error."""
WORST_FIRST = (FAILED, DISAGREES, UNDECIDED, AGREES)


def worst(statuses: Iterable[str]) -> str:
    """The status of a whole, from the statuses of its parts; a whole without parts agrees.

    >>> worst(["agrees", "undecided", "disagrees"])
    'disagrees'
    """
    found = set(statuses)
    return next((status for status in WORST_FIRST if status in found), AGREES)


def median_resolution(resolutions: Iterable[float | None]) -> float | None:
    """Median of the resolutions of verdicts; what failed has none, and None comes back if none is left.

    >>> median_resolution([0.01, None, 0.03, 0.02, 0.04])
    0.025
    """
    known = [resolution for resolution in resolutions if resolution is not None]
    return median(known) if known else None


def trials_needed(trials: int, ratio: float) -> float:
    """About how many trials decide where `trials` left a standard error `ratio`**0.5 times too large.

    Half as many again, and five more: Student's tails are long at few trials.

    >>> trials_needed(10, 4.0), trials_needed(10, float("inf"))
    (65.0, inf)
    """
    return inf if ratio == inf else float(ceil(5 + 1.5 * trials * ratio))
