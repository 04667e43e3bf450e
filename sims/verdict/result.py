"""What a verdict says: of each point of a curve, and of the curve."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from sims.verdict import words
from sims.verdict.inputs import Array
from sims.verdict.statuses import HEAVY
from theory import notebook

Outcome = Literal["mean", "share", "every"]
"""What is said of the outcomes of trials: of their mean; of the mean of outcomes that are 0 or 1; of each."""


class Point(NamedTuple):
    """Verdict on one point of a curve."""

    status: str
    """One of the words of `sims.verdict.statuses`."""
    se: float
    """Standard error of the mean, not below the one that theory knows."""
    z: float | None
    """How far the mean is from theory beyond the allowance, in standard errors; of a bound, how far on the
    wrong side, negative where it is kept. None where heavy-tailed, infinite or without an error."""
    allowance: float
    """Relative error granted to the theory."""
    resolution: float
    """Relative error of the theory that this point alone would have shown."""


def points(
    statuses: Sequence[str], se: Array, z: Array, allowance: Array, resolution: Array
) -> tuple[Point, ...]:
    """The verdicts on points, from one entry of each for every point; a z that is nan or infinite is None."""
    return tuple(
        Point(
            status=statuses[i],
            se=float(se[i]),
            z=float(z[i]) if np.isfinite(z[i]) and statuses[i] != HEAVY else None,
            allowance=float(allowance[i]),
            resolution=float(resolution[i]),
        )
        for i in range(len(statuses))
    )


@dataclass(frozen=True)
class Verdict:
    """Verdict on a curve: whether theory and simulation agree, and which error of theory would have shown."""

    status: str
    """One of the words of `sims.verdict.statuses`."""
    resolution: float
    """Common factor of the theory, up or down, that would have been noticed: as a relative error."""
    hidden: float
    """Largest relative error that could hide at a single judged point; inf if one of them is silent."""
    false_alarm: float
    """Chance that a theory within its allowance is called wrong anywhere on the curve."""
    family: int
    """Number of points that were tested."""
    trials_needed: float
    """About how many trials a decision takes; inf if the allowance alone is too wide."""
    points: tuple[Point, ...]
    """One for each point of the curve, in its order."""
    pooled: float | None = None
    """z of all points taken together, beyond their allowance; None for a bound or a single point."""
    exceptions: float | None = None
    """Of a statement on every draw: the share of exceptions that could still hide; otherwise None."""
    outcome: Outcome = "mean"
    """What is said of the outcomes."""

    def _repr_html_(self) -> str:
        told = words.resolution(self.resolution, self.hidden)
        caption = ". ".join(filter(None, (f"Verdict: {self.status}", f"{self.family} points tested", told)))
        rows = (
            [point.status, *map(notebook.number, (point.se, point.z, point.allowance, point.resolution))]
            for point in self.points
        )
        return notebook.table(caption, ("status", "standard error", "z", "allowance", "resolution"), rows)
