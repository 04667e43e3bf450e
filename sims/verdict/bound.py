"""Does the measured mean keep to the stated side of a bound, at every point of a curve?

Each point is a one-sided test by Student's t. The bound agrees if every point is surely on its side,
disagrees if one is surely beyond it, and is undecided otherwise; all at a level shared by the points.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.trials.sample import Sample
from sims.verdict.inputs import ROUNDING, Array, Inputs, checked
from sims.verdict.result import Point, Verdict
from sims.verdict.statuses import AGREES, DISAGREES, UNDECIDED, trials_needed

Relation = Literal["<=", ">="]
"""What a mean is to its bound."""


def judge_bound(
    sample: Sample,
    bound: ArrayLike,
    relation: Relation,
    allowance: ArrayLike = 0.0,
    false_alarm: float = 1e-3,
) -> Verdict:
    """Compare measured means with a bound: mean <= bound (1 + allowance), or mean >= bound (1 - allowance).

    For a theory that states the value of the mean, use `judge`: it also notices a theory that is too large
    on the safe side.

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
        If relation, false_alarm or allowance is not as above, or shapes differ, or something is nan
        (UndefinedError).

    Source: Bonferroni's bound with Student's t (own composition).

    >>> rng = np.random.default_rng(0)
    >>> judge_bound(Sample(rng.normal(2.0, 0.1, size=(20, 1))), 3.0, "<=").status
    'agrees'
    """
    from scipy.special import stdtrit  # scipy.stats takes half a second to load

    if relation not in ("<=", ">="):
        raise ValueError(f"relation = {relation!r} must be '<=' or '>='")
    inputs = checked(sample, "the bound", bound, allowance, false_alarm)
    inputs = inputs._replace(se=np.where(np.isfinite(inputs.mean), inputs.se, 0.0))
    points = len(inputs.mean)
    room = _room(inputs, relation)
    margin = -float(stdtrit(max(inputs.trials - 1, 1), false_alarm / points)) * inputs.se
    vacuous = np.isinf(inputs.theory) & (room > 0)
    holds = (room >= margin) & ~vacuous
    wrong = room < -margin
    resolution = _resolution(inputs, room, margin)
    return Verdict(
        status=DISAGREES if wrong.any() else AGREES if holds.all() else UNDECIDED,
        resolution=float(resolution.min()),
        false_alarm=false_alarm,
        family=points,
        trials_needed=np.inf if vacuous.any() else _trials_needed(inputs, room, margin, holds | wrong),
        points=_points(inputs, holds, wrong, resolution),
    )


def _room(inputs: Inputs, relation: Relation) -> Array:
    """How far the mean is on the right side of its bound, allowance included; negative beyond it."""
    mean, _, _, bound, allowance = inputs
    finite = inputs.finite
    sign = 1.0 if relation == ">=" else -1.0
    room = np.where(mean == bound, 0.0, np.where((mean > bound) == (sign > 0), np.inf, -np.inf))
    with np.errstate(invalid="ignore"):  # an infinite allowance on a bound of zero
        granted = (allowance[finite] + ROUNDING) * np.abs(bound[finite])
    rounding = 1e-3 * ROUNDING * np.abs(mean[finite])
    room[finite] = sign * (mean[finite] - bound[finite]) + (granted + rounding)
    return room


def _resolution(inputs: Inputs, room: Array, margin: Array) -> Array:
    """How far each bound, in units of itself, could move towards its mean before it is called wrong."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        movable = np.where(
            inputs.theory != 0, (room + margin) / np.abs(inputs.theory), margin / np.abs(inputs.mean)
        )
    return np.where(np.isfinite(movable), np.maximum(movable, 0.0), np.inf)


def _trials_needed(inputs: Inputs, room: Array, margin: Array, decided: NDArray[np.bool_]) -> float:
    """About how many trials decide every point."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        ratio = np.where(decided | np.isinf(room), 0.0, (margin / np.abs(room)) ** 2)
    ratio[np.isnan(ratio)] = np.inf  # that allowance again: it is never decided
    return trials_needed(inputs.trials, float(ratio.max()))


def _points(
    inputs: Inputs, holds: NDArray[np.bool_], wrong: NDArray[np.bool_], resolution: Array
) -> tuple[Point, ...]:
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        z = (inputs.mean - inputs.theory) / inputs.se
    return tuple(
        Point(
            status=DISAGREES if wrong[i] else AGREES if holds[i] else UNDECIDED,
            se=float(inputs.se[i]),
            z=float(z[i]) if np.isfinite(z[i]) else None,
            allowance=float(inputs.allowance[i]),
            resolution=float(resolution[i]),
        )
        for i in range(len(resolution))
    )
