"""The words of verdicts, which of them is the worst, and numbers that several kinds of verdict share."""

from collections.abc import Iterable
from statistics import median

AGREES = "agrees"
"""Theory holds, and an error of it that matters would have been noticed."""
DISAGREES = "disagrees"
"""Theory is wrong by more than chance and its allowance explain."""
UNDECIDED = "undecided"
"""Too few trials, or too wide an allowance, to say either."""
HEAVY = "heavy-tailed"
"""A point that is shown and not judged: its mean does not exist or is useless."""
FAILED = "failed"
"""An experiment that raised an error."""

WORST_FIRST = (FAILED, DISAGREES, UNDECIDED, AGREES)


def worst(statuses: Iterable[str]) -> str:
    """The status of a whole, from the statuses of its parts; a whole without parts agrees.

    Points with heavy tails have no say.

    >>> worst(["agrees", "undecided", "disagrees"])
    'disagrees'
    """
    present = set(statuses)
    return next((status for status in WORST_FIRST if status in present), AGREES)


def median_resolution(resolutions: Iterable[float | None]) -> float | None:
    """Median of the resolutions of verdicts, leaving out None (of an experiment that failed).

    None if there is no other.

    >>> median_resolution([0.01, None, 0.03, 0.02, 0.04])
    0.025
    """
    known = [resolution for resolution in resolutions if resolution is not None]
    return median(known) if known else None
