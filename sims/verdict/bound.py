"""A bound against simulation: is the measured mean on its side, how sure is that, how much room is left.

Each point is a one-sided test by Student's t. The bound agrees if every point is surely on its side,
disagrees if one is surely beyond it, and is undecided otherwise; all at a level shared by the points.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from sims.trials.sample import Sample
from sims.verdict.equality import AGREES, DISAGREES, ROUNDING, UNDECIDED, Point, Verdict, require_defined

Relation = Literal["<=", ">="]


def judge(
    sample: Sample,
    bound: ArrayLike,
    relation: Relation,
    allowance: ArrayLike = 0.0,
    false_alarm: float = 1e-3,
) -> Verdict:
    """Compare measured means with a bound: mean <= bound (1 + allowance), or mean >= bound (1 - allowance).

    Parameters
    ----------
    sample : Sample
        (trials, points).
    bound : array_like (points,)
        Numbers; an infinite one that nothing can violate decides nothing.
    relation : "<=" or ">="
        What the mean is to the bound.
    allowance : array_like (points,) >= 0
        Relative error granted to the bound.
    false_alarm : float in (0, 1)
        Chance that a true bound is called wrong anywhere, and that a wrong one is confirmed.

    Returns
    -------
    Verdict
        `resolution` is by how much the bound, in units of itself, could move towards the mean before it
        is called wrong at some point; for a bound of zero it is the mean's error in units of the mean.

    Raises
    ------
    ValueError
        If relation, false_alarm or allowance is not as above, or something is nan (UndefinedError).

    >>> rng = np.random.default_rng(0)
    >>> judge(Sample(rng.normal(2.0, 0.1, size=(20, 1))), 3.0, "<=").status
    'agrees'
    """
    from scipy.special import stdtrit

    if relation not in ("<=", ">="):
        raise ValueError(f"relation = {relation!r} must be '<=' or '>='")
    if not 0 < false_alarm < 1:
        raise ValueError(f"false_alarm = {false_alarm:g} must be between 0 and 1")
    points = sample.values.shape[1]
    limit, granted = (np.broadcast_to(np.asarray(a, dtype=float), (points,)) for a in (bound, allowance))
    if not (granted >= 0).all():
        raise ValueError(f"allowance = {granted[~(granted >= 0)][0]:g} must be zero or positive")
    require_defined("the bound", limit)
    require_defined("simulation", sample.values)
    mean, trials = sample.mean, sample.trials
    require_defined("the mean of the simulation, over inf and -inf,", mean)
    sign = 1.0 if relation == ">=" else -1.0
    critical = -float(stdtrit(max(trials - 1, 1), false_alarm / points))

    finite = np.isfinite(mean) & np.isfinite(limit)
    se = np.where(np.isfinite(mean), sample.se, 0.0)
    room = np.where(mean == limit, 0.0, np.where((mean > limit) == (sign > 0), np.inf, -np.inf))
    size = np.abs(limit[finite])
    slack = (granted[finite] + ROUNDING) * size + 1e-3 * ROUNDING * np.abs(mean[finite])
    room[finite] = sign * (mean[finite] - limit[finite]) + slack
    margin = critical * se
    vacuous = np.isinf(limit) & (room > 0)
    holds = (room >= margin) & ~vacuous
    wrong = room < -margin
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        tighter = np.where(limit != 0, (room + margin) / np.abs(limit), margin / np.abs(mean))
        tighter = np.where(np.isfinite(tighter), np.maximum(tighter, 0.0), np.inf)
        z = (mean - limit) / se
        needed = np.where(holds | wrong, 0.0, trials * (margin / np.abs(room)) ** 2)
    status = DISAGREES if wrong.any() else AGREES if holds.all() else UNDECIDED
    return Verdict(
        status=status,
        resolution=float(tighter.min()),
        false_alarm=false_alarm,
        family=points,
        trials_needed=np.inf if vacuous.any() else float(np.ceil(5 + 1.5 * needed.max())),
        points=tuple(
            Point(
                DISAGREES if wrong[i] else AGREES if holds[i] else UNDECIDED,
                float(se[i]),
                float(z[i]) if np.isfinite(z[i]) else None,
                float(granted[i]),
                float(tighter[i]),
            )
            for i in range(points)
        ),
    )
