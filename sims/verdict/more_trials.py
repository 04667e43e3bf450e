"""About how many trials would decide."""

from collections.abc import Callable
from math import ceil, inf

from sims.verdict.comparison import Evidence
from sims.verdict.means import FEWEST

STEP = 1.25
"""Factor between the numbers of trials that are tried."""
LARGEST = 2.0**40
"""Trials beyond which nobody waits."""


def first_that(decides: Callable[[Evidence], bool], evidence: Evidence) -> float:
    """About how many trials decide, if more of them are like those at hand: a whole number, or inf.

    Half as many again as the smallest number that should do, and more than there are.
    """
    trials = float(max(evidence.trials, FEWEST))
    while trials <= LARGEST:
        if decides(evidence.after(ceil(trials))):
            return float(max(ceil(1.5 * trials), evidence.trials + 1))
        trials *= STEP
    return inf


def unheard(trials: int) -> float:
    """Trials to try next where those at hand show no law.

    >>> unheard(2), unheard(64)
    (24.0, 256.0)
    """
    return 4.0 * max(trials, FEWEST)
