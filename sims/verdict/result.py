"""What a verdict says: of each point of a curve, and of the curve."""

from dataclasses import dataclass
from typing import NamedTuple


class Point(NamedTuple):
    """Verdict on one point of a curve."""

    status: str
    """One of the words of `sims.verdict.statuses`."""
    se: float
    """Standard error of the mean, not below the one that theory knows."""
    z: float | None
    """(mean - theory)/se; None where heavy-tailed or infinite."""
    allowance: float
    """Relative error granted to the theory."""
    resolution: float
    """Smallest relative error of the theory that this point alone would have shown."""


@dataclass(frozen=True)
class Verdict:
    """Verdict on a curve: whether theory and simulation agree, and which error of theory would have shown."""

    status: str
    """One of the words of `sims.verdict.statuses`."""
    resolution: float
    """Smallest common relative error of the theory, up or down, that would have been detected."""
    false_alarm: float
    """Chance that a theory within its allowance is called wrong anywhere on the curve."""
    family: int
    """Number of points that were tested."""
    trials_needed: float
    """About how many trials a decision takes; inf if the allowance alone is too wide."""
    points: tuple[Point, ...]
    """One for each point of the curve, in its order."""
