"""Theory against simulation: does it hold, how sure is that, and what would have been noticed.

`judge` tests an equality, `judge_bound` an inequality; both return a `Verdict`.
"""

from sims.verdict.bound import Relation, judge_bound
from sims.verdict.equality import USEFUL, judge
from sims.verdict.inputs import ROUNDING, UndefinedError, require_defined
from sims.verdict.intervals import half_width
from sims.verdict.means import FEWEST
from sims.verdict.multiple_tests import holm
from sims.verdict.result import Outcome, Point, Verdict
from sims.verdict.statuses import (
    AGREES,
    DISAGREES,
    FAILED,
    HEAVY,
    UNDECIDED,
    median_resolution,
    worst,
)
from sims.verdict.threshold import edge

__all__ = [
    "AGREES",
    "DISAGREES",
    "FAILED",
    "FEWEST",
    "HEAVY",
    "ROUNDING",
    "UNDECIDED",
    "USEFUL",
    "Outcome",
    "Point",
    "Relation",
    "UndefinedError",
    "Verdict",
    "edge",
    "half_width",
    "holm",
    "judge",
    "judge_bound",
    "median_resolution",
    "require_defined",
    "worst",
]
