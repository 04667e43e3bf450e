"""Theory against simulation: does it hold, how sure is that, and what would have been noticed."""

from sims.verdict.equality import (
    AGREES,
    DISAGREES,
    HEAVY,
    ROUNDING,
    UNDECIDED,
    USEFUL,
    Point,
    UndefinedError,
    Verdict,
    edge,
    holm,
    judge,
    require_defined,
)

__all__ = [
    "AGREES",
    "DISAGREES",
    "HEAVY",
    "ROUNDING",
    "UNDECIDED",
    "USEFUL",
    "Point",
    "UndefinedError",
    "Verdict",
    "edge",
    "holm",
    "judge",
    "require_defined",
]
