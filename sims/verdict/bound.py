"""Does the measured mean keep to the stated side of a bound, at every point of a curve?

Each point has a lower and an upper limit of its mean (`means` or `shares`), which together fail at a level
shared by the points: half of it for each, since a law with one long tail strays on one side alone. The bound
agrees if the limits of every point keep to it, disagrees if those of one are beyond it, and is undecided
otherwise.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.trials.sample import Sample
from sims.verdict import looks
from sims.verdict.comparison import Evidence, evidence
from sims.verdict.every import of_every_draw
from sims.verdict.inputs import ROUNDING, Array, Inputs, checked, per_point
from sims.verdict.means import UNKNOWN, VOUCHED
from sims.verdict.more_trials import first_that, unheard
from sims.verdict.result import Outcome, Verdict, points
from sims.verdict.statuses import AGREES, DISAGREES, HEAVY, UNDECIDED, worst

Relation = Literal["<=", ">="]
"""What a mean is to its bound."""


def judge_bound(
    sample: Sample,
    bound: ArrayLike,
    relation: Relation,
    allowance: ArrayLike = 0.0,
    false_alarm: float = 1e-3,
    *,
    heavy_tailed: ArrayLike | None = None,
    outcome: Outcome = "mean",
    looked_at_often: bool = False,
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
    heavy_tailed, outcome, looked_at_often
        As for `judge`; "every" says that each trial by itself keeps to the bound.

    Returns
    -------
    Verdict
        `resolution` is by how much the bound, in units of itself, could move towards the mean before it
        is called wrong at some point, and `hidden` the same at the point that leaves most room; for a bound
        of zero it is the mean's error in units of the mean.

    Raises
    ------
    ValueError
        If relation, false_alarm, outcome or allowance is not as above, or shapes differ, or something is nan
        (UndefinedError).

    Source: Bonferroni's bound with the test of `sims.verdict.means` (own composition).

    >>> rng = np.random.default_rng(0)
    >>> judge_bound(Sample(rng.normal(2.0, 0.1, size=(20, 1))), 3.0, "<=").status
    'agrees'
    """
    if relation not in ("<=", ">="):
        raise ValueError(f"relation = {relation!r} must be '<=' or '>='")
    inputs = checked(sample, "the bound", bound, allowance, false_alarm)
    count = len(inputs.mean)
    heavy = per_point("heavy_tailed", False if heavy_tailed is None else heavy_tailed, count, bool)
    tested = np.flatnonzero(~heavy)
    sign = 1.0 if relation == ">=" else -1.0
    if outcome == "every":
        room = _room(sample.values, inputs, sign)
        return of_every_draw(room < 0, _movable(inputs, room.min(axis=0)), inputs, tested, false_alarm)
    caution = UNKNOWN if heavy_tailed is None else VOUCHED
    found = evidence(sample, inputs.mean, np.full(count, np.nan), caution, outcome)
    level = false_alarm / max(len(tested), 1)
    level = looks.spent(level, inputs.trials) if looked_at_often else level
    room = _room(inputs.mean, inputs, sign)
    loss, gain = _reach(found, level, sign)
    vacuous = np.isinf(inputs.theory) & (room > 0)
    holds, wrong = (room >= loss) & ~vacuous, room < -gain
    statuses = [
        HEAVY if heavy[i] else DISAGREES if wrong[i] else AGREES if holds[i] else UNDECIDED
        for i in range(count)
    ]
    with np.errstate(invalid="ignore"):  # an infinite room beside a mean of unknown error
        resolution = np.where(heavy, np.inf, _movable(inputs, room + gain, gain))
    undecided = np.flatnonzero(~(heavy | holds | wrong))
    needed = _trials_needed(found, level, room, undecided, sign)
    return Verdict(
        status=worst(statuses[i] for i in tested) if len(tested) else HEAVY,
        resolution=float(resolution[tested].min(initial=np.inf)),
        hidden=float(resolution[tested].max()) if len(tested) else np.inf,
        false_alarm=false_alarm,
        family=len(tested),
        trials_needed=np.inf if vacuous[tested].any() else needed,
        points=points(statuses, found.se, _beyond(room, found.se), inputs.allowance, resolution),
        outcome=outcome,
    )


def _reach(found: Evidence, level: float, sign: float) -> tuple[Array, Array]:
    """How far the true mean may be on the wrong side of the measured one, and on the right side."""
    below, above = found.reach(level / 2)
    return (below, above) if sign > 0 else (above, below)


def _beyond(room: Array, se: Array) -> Array:
    """Standard errors between a bound and the mean beyond it; nan where there is no error to count in."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        return np.where(np.isfinite(se), -room / se, np.nan)


def _room(measured: Array, inputs: Inputs, sign: float) -> Array:
    """How far what was measured is on the right side of its bound, allowance included; negative beyond it."""
    bound = inputs.theory
    finite = np.isfinite(measured) & np.isfinite(bound)
    infinite = np.where(measured == bound, 0.0, np.where((measured > bound) == (sign > 0), np.inf, -np.inf))
    with np.errstate(invalid="ignore"):  # an infinite allowance on a bound of zero
        granted = (inputs.allowance + ROUNDING) * np.abs(bound)
        room = sign * (measured - bound) + (granted + 1e-3 * ROUNDING * np.abs(measured))
    return np.where(finite, room, infinite)


def _movable(inputs: Inputs, distance: Array, error: Array | float = 0.0) -> Array:
    """How far each bound, in units of itself, could move towards its mean before it is called wrong."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        movable = np.where(inputs.theory != 0, distance / np.abs(inputs.theory), error / np.abs(inputs.mean))
    return np.where(np.isfinite(movable), np.maximum(movable, 0.0), np.inf)


def _trials_needed(
    found: Evidence, level: float, room: Array, open_points: NDArray[np.intp], sign: float
) -> float:
    """About how many trials decide the points that are open."""
    left = np.abs(room[open_points])
    if not len(left):
        return float(found.trials)
    if not (left > 0).all():  # at its bound, or with an endless allowance: never decided
        return np.inf
    if np.isinf(found.se[open_points]).any():
        return unheard(found.trials)

    def decides(evidence: Evidence) -> bool:
        margin = np.where(room > 0, *_reach(evidence, level, sign))
        return bool((margin[open_points] < left).all())

    return first_that(decides, found)
