"""A true theory is refuted at no more than 1.5 times the stated level, whatever the law of the outcomes.

The slow tests judge a million columns of each law, each a verdict of its own, by the functions that a single
verdict uses; a fast one holds the two against each other. A measured share of x has the standard error
sqrt(x / verdicts): of 1e-4 it is 10 %. The limits grant three of them.
"""

import numpy as np
import pytest

from sims.experiments import false_alarms
from sims.experiments.false_alarms import LAWS, tails
from sims.trials.sample import Sample
from sims.verdict import DISAGREES, AGREES, judge, judge_bound, looks
from sims.verdict.comparison import Evidence
from sims.verdict.means import UNKNOWN, VOUCHED, Caution, means
from sims.verdict.shares import shares

LEVELS = np.array([1e-2, 1e-3, 1e-4])
TRIALS = (2, 6, 8, 16, 24, 64, 256)
VERDICTS, CHUNK = 10**6, 4000
CAUTIONS = {"vouched": VOUCHED, "unknown": UNKNOWN}
ENDLESS = {"1/chi2, 3"}
"""Laws of infinite variance, for which nobody vouches."""


def _limit(verdicts: int) -> np.ndarray:
    """1.5 times each level, and three standard errors of its measurement."""
    return 1.5 * LEVELS + 3 * np.sqrt(1.5 * LEVELS / verdicts)


def _found(values: np.ndarray, caution: Caution = VOUCHED, spread: float = 0.0) -> Evidence:
    sample = Sample(values)
    return means(sample, sample.mean, np.full(values.shape[1], spread), caution)


def _found_shares(values: np.ndarray) -> Evidence:
    sample = Sample(values)
    return shares(sample, sample.mean)


def _refuted(found: Evidence, truth: float) -> np.ndarray:
    """How many columns take the mean for larger and for smaller than it is, at each level: (2, levels)."""
    return (tails(found, truth)[:, :, None] <= LEVELS / 2).sum(axis=1)


def _holds(refuted: np.ndarray, verdicts: int, what: str) -> None:
    """Equalities err on both sides, bounds on either: called wrong though true, or confirmed though wrong."""
    share = refuted / verdicts
    assert (share.sum(axis=0) <= _limit(verdicts)).all(), (what, share.sum(axis=0) / LEVELS)
    assert (share.max(axis=0) <= _limit(verdicts)).all(), (what, share / LEVELS)
