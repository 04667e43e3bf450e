"""Does the measured mean equal theory, up to a stated allowance, at every point of a curve?

At each point Student's t on the trials; Holm's procedure keeps the chance of one false alarm on the whole
curve below `false_alarm`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.trials.sample import Sample
from sims.verdict.inputs import ROUNDING, Array, Inputs, checked, per_point
from sims.verdict.multiple_tests import holm
from sims.verdict.result import Point, Verdict
from sims.verdict.statuses import AGREES, DISAGREES, HEAVY, UNDECIDED, trials_needed

Indices = NDArray[np.intp]

USEFUL = 0.2
"""A curve that would not notice a theory 20 % off decides nothing."""


def judge(
    sample: Sample,
    theory: ArrayLike,
    allowance: ArrayLike = 0.0,
    heavy_tailed: ArrayLike = False,
    false_alarm: float = 1e-3,
    spread: ArrayLike = 0.0,
) -> Verdict:
    """Compare measured means with theory, point by point and as a curve.

    A point disagrees if |mean - theory| exceeds allowance |theory| by more than chance, Holm's step-down
    over all tested points at level `false_alarm`. Infinity agrees with infinity of the same sign alone.
    The curve disagrees if one point does, and is undecided if it could not have noticed a theory 20 % off,
    or if more than half of its points could not have told the theory from twice as much. For a theory that
    states a bound and no value, use `judge_bound`.

    Parameters
    ----------
    sample : Sample
        (trials, points).
    theory : array_like (points,)
        What the mean should be.
    allowance : array_like (points,) >= 0
        Relative error granted to an asymptotic theory; 0 for an exact one, inf where none is known.
    heavy_tailed : array_like of bool (points,)
        Points that are shown and left out of the verdict, as those within `edge` of a threshold.
    false_alarm : float in (0, 1)
        Chance that a true theory is called wrong anywhere on the curve.
    spread : array_like (points,) >= 0
        Standard deviation of one trial where it is known, else 0. Pass it where you can: the law of a risk
        near the threshold is skewed, and a sample that misses its tail has too small a mean and too small a
        standard error.

    Returns
    -------
    Verdict

    Raises
    ------
    ValueError
        If shapes differ, or false_alarm is outside (0, 1), or an allowance is negative, or theory or
        simulation is nan (UndefinedError, which names the point), also where heavy-tailed.

    Source: Holm's step-down procedure with Student's t (own composition).

    >>> rng = np.random.default_rng(0)
    >>> judge(Sample(rng.normal(2.0, 0.1, size=(20, 5))), theory=np.full(5, 2.0)).status
    'agrees'
    """
    inputs = checked(sample, "theory", theory, allowance, false_alarm)
    points = len(inputs.mean)
    heavy = per_point("heavy_tailed", heavy_tailed, points, bool)
    known = np.where(heavy, 0.0, per_point("spread", spread, points))
    inputs = inputs._replace(se=np.maximum(inputs.se, known / np.sqrt(inputs.trials)))
    tested = np.flatnonzero(~heavy)

    wrong = holm(_p_values(inputs, tested), tested, false_alarm)
    up, down = _detectable(inputs, len(tested), false_alarm)
    resolution = np.where(heavy, np.inf, np.maximum(up, down))
    common = float(max(up[tested].min(initial=np.inf), down[tested].min(initial=np.inf)))
    statuses = _point_statuses(inputs, heavy, wrong, resolution)
    return Verdict(
        status=_curve_status(inputs.theory, tested, statuses, common),
        resolution=common,
        false_alarm=false_alarm,
        family=len(tested),
        trials_needed=_trials_needed(inputs, tested, false_alarm),
        points=_points(inputs, heavy, statuses, resolution),
    )


def _p_values(inputs: Inputs, tested: Indices) -> Array:
    """Chance of a mean so far from theory and beyond its allowance, at each point."""
    from scipy.special import stdtr  # scipy.stats takes half a second to load

    mean, se, trials, theory, allowance = inputs
    compared = tested[inputs.finite[tested]]
    # what the mean may differ by before chance comes in; the last term for exact zeros
    size = np.abs(theory[compared])
    slack = (allowance[compared] + ROUNDING) * size + 1e-3 * ROUNDING * size.max(initial=0.0)
    excess = np.abs(mean[compared] - theory[compared]) - slack
    score = np.where(mean == theory, 0.0, np.inf)  # where one is infinite
    with np.errstate(divide="ignore", invalid="ignore"):
        score[compared] = np.where(excess > 0, excess / se[compared], 0.0)
    p_values: Array = 2 * stdtr(max(trials - 1, 1), -score)
    return p_values


def _detectable(inputs: Inputs, family: int, level: float) -> tuple[Array, Array]:
    """Smallest e > 0 for which theory (1 + e) would be rejected at each point, and the same for (1 - e).

    Holm's first step rejects it as soon as it leaves the interval of the mean at level / family.
    """
    from scipy.special import stdtrit

    mean, se, trials, theory, allowance = inputs
    margin = -stdtrit(max(trials - 1, 1), level / (2 * max(family, 1))) * se
    granted = allowance + ROUNDING
    size = np.abs(theory)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio, spread = np.sign(theory) * mean / size, margin / size
        up = np.where(granted < 1, (ratio + spread) / (1 - granted) - 1, np.inf)
        down = 1 - (ratio - spread) / (1 + granted)
    usable = np.isfinite(size) & (size > 0) & np.isfinite(margin)
    up, down = (np.where(usable, np.maximum(e, 0.0), np.inf) for e in (up, down))
    return up, down


def _point_statuses(
    inputs: Inputs, heavy: NDArray[np.bool_], wrong: NDArray[np.bool_], resolution: Array
) -> list[str]:
    """A point agrees if it could have told the theory from twice as much, or infinity was met."""
    decided = (resolution < 1) | ~inputs.finite
    cases = zip(heavy, wrong, decided, strict=True)
    return [HEAVY if h else DISAGREES if w else AGREES if d else UNDECIDED for h, w, d in cases]


def _curve_status(theory: Array, tested: Indices, statuses: list[str], resolution: float) -> str:
    if not len(tested):
        return HEAVY
    if DISAGREES in statuses:
        return DISAGREES
    # a zero has no relative error, but nothing beside it would pass
    silent = sum(statuses[i] == UNDECIDED and theory[i] != 0 for i in tested)
    return AGREES if resolution <= USEFUL and 2 * silent <= len(tested) else UNDECIDED


def _trials_needed(inputs: Inputs, tested: Indices, level: float) -> float:
    """About how many trials make a theory USEFUL off stand out somewhere, and twice it at half the points."""
    from scipy.special import ndtri

    compared = tested[inputs.finite[tested] & (inputs.theory[tested] != 0)]
    size, granted, se = np.abs(inputs.theory[compared]), inputs.allowance[compared], inputs.se[compared]
    # what is left of the gap to a wrong theory, with the allowance on both sides of the truth
    useful_gap, double_gap = (USEFUL - 2 * granted) * size, (1 - 2 * granted) * size
    half = (len(compared) - 1) // 2
    if not (useful_gap > 0).any() or not np.sort(-double_gap)[half] < 0:
        return np.inf
    if inputs.trials == 1:
        return 5.0
    # one standard error for where the mean will fall, beyond the margin of the test
    margin = 1 - ndtri(level / (2 * len(tested)))
    somewhere, everywhere = (
        np.where(gap > 0, margin * se / np.where(gap > 0, gap, 1), np.inf) for gap in (useful_gap, double_gap)
    )
    ratio = max(somewhere.min(), np.sort(everywhere)[half]) ** 2
    return max(trials_needed(inputs.trials, ratio), float(inputs.trials + 1))


def _points(
    inputs: Inputs, heavy: NDArray[np.bool_], statuses: list[str], resolution: Array
) -> tuple[Point, ...]:
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (inputs.mean - inputs.theory) / inputs.se
    return tuple(
        Point(
            status=statuses[i],
            se=float(inputs.se[i]),
            z=None if heavy[i] or not np.isfinite(z[i]) else float(z[i]),
            allowance=float(inputs.allowance[i]),
            resolution=float(resolution[i]),
        )
        for i in range(len(statuses))
    )
