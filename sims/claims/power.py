"""How surely a claim reaches its expected status, from its standard errors and allowance."""

import numpy as np

from sims.claims.claim import Array, Claim
from sims.trials.sample import Sample
from sims.verdict import AGREES, ROUNDING, USEFUL, Verdict

FAR = 30.0
"""Standard errors beyond which scipy's noncentral t distribution is not asked."""
STRAY = 4.5
"""Standard errors that a mean strays from its expectation with chance 7e-6."""


def power(claim: Claim, theory: Array, compared: Sample, judged: Verdict, trials: int) -> float:
    """Chance of the expected status in a run of so many trials, if the measured standard errors are true.

    Where theory is a bound, or should fail, the score of the run follows a noncentral Student's t about the
    measured mean. Where theory should agree, it does, within its allowance and up to the false alarm, if the
    standard error of the run is small enough to decide; the chance is then a lower bound.

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
    from scipy.special import chdtrc, stdtrit

    df = max(trials - 1, 1)
    points = len(judged.points)
    se = np.array([point.se for point in judged.points]) * np.sqrt(compared.trials / trials)
    granted = np.array([point.allowance for point in judged.points])
    mean, limit = compared.mean, np.broadcast_to(theory, (points,))
    if claim.relation == "=":
        critical = -float(stdtrit(df, judged.false_alarm / (2 * points)))
        with np.errstate(invalid="ignore"):
            excess = np.abs(mean - limit) - (granted + ROUNDING) * np.abs(limit)
        if claim.expected != AGREES:
            return float(_beyond(df, excess, se, critical).max())
        room = (USEFUL - 2 * granted) * np.abs(limit)
        with np.errstate(divide="ignore", invalid="ignore"):
            largest = np.where(se > 0, (room / se - STRAY) / critical, np.inf)
        unclear = np.where(largest > 0, chdtrc(df, df * np.maximum(largest, 0) ** 2), 1.0)
        return float(1 - judged.false_alarm - unclear.min())
    critical = -float(stdtrit(df, judged.false_alarm / points))
    sign = 1.0 if claim.relation == ">=" else -1.0
    room = sign * (mean - limit) + (granted + ROUNDING) * np.abs(limit)
    if claim.expected != AGREES:
        return float(_beyond(df, -room, se, critical).max())
    return float(1 - np.sum(1 - _beyond(df, room, se, critical)))


def _beyond(df: int, distance: Array, se: Array, critical: float) -> Array:
    """Chance that distance/se is measured as at least `critical`."""
    from scipy.special import nctdtr

    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.where(se > 0, distance / se, np.where(distance >= 0, np.inf, -np.inf))
    chance = 1 - nctdtr(df, np.clip(score, -FAR, FAR), critical)
    return np.where(score > 2 * FAR, 1.0, np.where(score < 0, 0.0, chance))
