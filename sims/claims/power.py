"""How surely a claim reaches its expected status, from its standard errors and allowance."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sims.claims.claim import Array, Claim
from sims.trials.sample import Sample
from sims.verdict import AGREES, ROUNDING, USEFUL, Verdict
from sims.verdict.comparison import evidence
from sims.verdict.means import VOUCHED


def power(claim: Claim, theory: Array, compared: Sample, judged: Verdict, trials: int) -> float:
    """Chance of the expected status in a run of so many trials, if what was measured is true.

    A normal approximation: a mean strays by its standard error, and the reach of the test by a relative error
    of 1.5/sqrt(2 trials), which holds for Student's t and its correction for skewness. A theory that should
    agree does so, up to the false alarm, if the test is sharp enough to decide; the chance is then a lower
    bound. A statement on every draw is certain to reach its status if the draws suffice.

    Parameters
    ----------
    claim : Claim
    theory : array (points,)
        What theory says of each number.
    compared : Sample
        (trials, points), what was measured: `Claim.compared`.
    judged : Verdict
        The claim's verdict on it.
    trials : int
        Trials of the run whose chance is asked for.
    """
    if claim.outcome == "every":
        return float(judged.status == claim.expected and trials >= judged.trials_needed)
    tested = np.flatnonzero([point.status != "heavy-tailed" for point in judged.points])
    if not len(tested):
        return 0.0
    mean, limit = compared.mean, np.broadcast_to(theory, (len(judged.points),))
    granted = np.array([point.allowance for point in judged.points])
    found = evidence(compared, mean, np.full(len(mean), np.nan), VOUCHED, claim.outcome).after(trials)
    two_sided = claim.relation == "="
    # two limits, and of the values of several numbers half of the level goes to the pooled test
    sides = 4 if two_sided and len(tested) > 1 else 2
    below, above = found.reach(judged.false_alarm / (sides * len(tested)))
    slack = (granted + ROUNDING) * np.abs(limit)
    if two_sided:
        if claim.expected != AGREES:
            excess = np.abs(mean - limit) - slack
            return float(
                _reached(excess, np.where(limit > mean, above, below), found.se, trials)[tested].max()
            )
        room = (USEFUL - 2 * granted) * np.abs(limit)
        reach = (1 + 0.5 / np.sqrt(max(trials - 1, 1))) * np.maximum(below, above) + 2 * found.se
        return float(_reached(room, reach, found.se, trials)[tested].max())
    sign = 1.0 if claim.relation == ">=" else -1.0
    room = sign * (mean - limit) + slack
    loss, gain = (below, above) if sign > 0 else (above, below)
    if claim.expected != AGREES:
        return float(_reached(-room, gain, found.se, trials)[tested].max())
    return float(1 - np.sum(1 - _reached(room, loss, found.se, trials)[tested]))


def _reached(distance: Array, reach: Array, se: Array, trials: int) -> Array:
    """Chance that a distance is measured as beyond the reach of the test."""
    with np.errstate(divide="ignore", invalid="ignore"):
        stray = np.hypot(se, 1.5 / np.sqrt(2 * trials) * reach)
        score = np.where(stray > 0, (distance - reach) / stray, np.where(distance >= 0, np.inf, -np.inf))
    chance: NDArray[np.float64] = ndtr(np.where(np.isnan(score), -np.inf, score))
    return chance
