"""Theory against simulation: does it hold, how sure is that, and what would have been noticed.

A point tests whether the measured mean lies within a stated allowance of the theory, by Student's t on
the trials; Holm's procedure keeps the chance of one false alarm on a whole curve below `false_alarm`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.trials.sample import Sample

Array = NDArray[np.float64]

AGREES, DISAGREES, UNDECIDED, HEAVY = "agrees", "disagrees", "undecided", "heavy-tailed"
USEFUL = 0.2  # a curve that would not notice a theory 20 % off decides nothing
ROUNDING = 1e-9  # relative accuracy of theory and simulation as computed


def edge(n: float) -> float:
    """How near to a threshold at n means are useless or do not exist, at ridge 0.

    >>> edge(40), edge(200)
    (5.0, 10.0)
    """
    return max(5.0, n / 20)


class UndefinedError(ValueError):
    """A nan where a number was to be judged."""


def require_defined(name: str, values: ArrayLike, p: ArrayLike | None = None) -> None:
    """UndefinedError for a nan in `values` (points,) or (trials, points); it names p, or else the index.

    >>> require_defined("theory", [1.0, float("inf")], p=[10, 20])
    >>> require_defined("theory", [1.0, float("nan")], p=[10, 20])
    Traceback (most recent call last):
    sims.verdict.equality.UndefinedError: theory is nan at p = 20; a number or inf is needed
    """
    missing = np.isnan(np.asarray(values, dtype=float))
    if missing.any():
        *trial, point = np.argwhere(missing)[0]
        place = f"point {point}" if p is None else f"p = {np.asarray(p)[point]:g}"
        place += f", trial {trial[0]}" if trial else ""
        raise UndefinedError(f"{name} is nan at {place}; a number or inf is needed")


class Point(NamedTuple):
    """Verdict on one point of a curve."""

    status: str
    se: float
    """Standard error of the mean, not below the one that theory knows."""
    z: float | None
    """(mean - theory)/se; None where heavy-tailed or infinite."""
    allowance: float
    resolution: float
    """Smallest relative error of the theory that this point alone would have shown."""


@dataclass(frozen=True)
class Verdict:
    """Verdict on a curve."""

    status: str
    resolution: float
    """Smallest common relative error of the theory, up or down, that would have been detected."""
    false_alarm: float
    """Chance that a theory within its allowance is called wrong anywhere on the curve."""
    family: int
    """Number of points that were tested."""
    trials_needed: float
    """About how many trials a decision takes; inf if the allowance alone is too wide."""
    points: tuple[Point, ...]


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
    or if more than half of its points could not have told the theory from twice as much.

    Parameters
    ----------
    sample : Sample
        (trials, points).
    theory : array_like (points,)
    allowance : array_like (points,) >= 0
        Relative error granted to an asymptotic theory; 0 for an exact one, inf where none is known.
    heavy_tailed : array_like of bool (points,)
        Points that are shown but do not count.
    false_alarm : float in (0, 1)
    spread : array_like (points,) >= 0
        Standard deviation of one trial where it is known, else 0. The law of a risk near the threshold is
        skewed: a sample that misses its tail has too small a mean and too small a standard error.

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
    from scipy.special import stdtr, stdtrit  # scipy.stats takes half a second to load

    if not 0 < false_alarm < 1:
        raise ValueError(f"false_alarm = {false_alarm:g} must be between 0 and 1")
    points = sample.values.shape[1]
    expected, granted, heavy, known = (
        np.broadcast_to(np.asarray(a), (points,)) for a in (theory, allowance, heavy_tailed, spread)
    )
    if not (granted >= 0).all():
        raise ValueError(f"allowance = {granted[~(granted >= 0)][0]:g} must be zero or positive")
    require_defined("theory", expected)
    require_defined("simulation", sample.values)
    with np.errstate(invalid="ignore"):
        mean, trials = sample.mean, sample.trials
    require_defined("the mean of the simulation, over inf and -inf,", mean)
    tested = np.flatnonzero(~heavy)
    finite = np.isfinite(expected) & np.isfinite(mean)
    compared = np.flatnonzero(~heavy & finite)
    se = np.maximum(sample.se, np.where(heavy, 0.0, known) / np.sqrt(trials))

    # what the mean may differ by before chance comes in; the last term for exact zeros
    size = np.abs(expected[compared])
    slack = (granted[compared] + ROUNDING) * size + 1e-3 * ROUNDING * size.max(initial=0.0)
    excess = np.abs(mean[compared] - expected[compared]) - slack
    score = np.where(mean == expected, 0.0, np.inf)  # where one is infinite
    with np.errstate(divide="ignore", invalid="ignore"):
        score[compared] = np.where(excess > 0, excess / se[compared], 0.0)
    p_value = 2 * stdtr(max(trials - 1, 1), -score)
    wrong = holm(p_value, tested, false_alarm)

    # theory (1 + e) is rejected at the first step of Holm as soon as it leaves this interval
    critical = -stdtrit(max(trials - 1, 1), false_alarm / (2 * max(len(tested), 1)))
    up, down = _detectable(mean, critical * se, expected, granted + ROUNDING)
    resolution = np.maximum(up, down)
    common = float(max(up[tested].min(initial=np.inf), down[tested].min(initial=np.inf)))

    statuses = []
    for i in range(points):
        if heavy[i]:
            statuses.append(HEAVY)
        elif wrong[i]:
            statuses.append(DISAGREES)
        else:
            statuses.append(AGREES if resolution[i] < 1 or not finite[i] else UNDECIDED)
    if not len(tested):
        status = HEAVY
    elif wrong.any():
        status = DISAGREES
    else:
        # a zero has no relative error, but nothing beside it would pass
        silent = sum(statuses[i] == UNDECIDED and expected[i] != 0 for i in tested)
        status = AGREES if common <= USEFUL and 2 * silent <= len(tested) else UNDECIDED
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (mean - expected) / se
    return Verdict(
        status=status,
        resolution=common,
        false_alarm=false_alarm,
        family=len(tested),
        trials_needed=_trials_needed(
            se, trials, expected, granted, compared[size > 0], len(tested), false_alarm
        ),
        points=tuple(
            Point(
                statuses[i],
                float(se[i]),
                None if heavy[i] or not np.isfinite(z[i]) else float(z[i]),
                float(granted[i]),
                float(resolution[i]) if not heavy[i] else np.inf,
            )
            for i in range(points)
        ),
    )


def holm(p_value: Array, tested: NDArray[np.intp], level: float) -> NDArray[np.bool_]:
    """Holm's step-down: reject the smallest p-values until one exceeds level / (points left).

    >>> holm(np.array([0.04, 0.02]), np.arange(2), 0.05)
    array([ True,  True])
    """
    rejected = np.zeros(len(p_value), dtype=bool)
    order = tested[np.argsort(p_value[tested], kind="stable")]
    for rank, i in enumerate(order):
        if p_value[i] > level / (len(order) - rank):
            break
        rejected[i] = True
    return rejected


def _detectable(mean: Array, margin: Array, theory: Array, allowance: Array) -> tuple[Array, Array]:
    """Smallest e > 0 with theory (1 + e), and with theory (1 - e), outside what the mean allows."""
    size = np.abs(theory)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio, spread = np.sign(theory) * mean / size, margin / size
        up = np.where(allowance < 1, (ratio + spread) / (1 - allowance) - 1, np.inf)
        down = 1 - (ratio - spread) / (1 + allowance)
    usable = np.isfinite(size) & (size > 0) & np.isfinite(margin)
    up, down = (np.where(usable, np.maximum(e, 0.0), np.inf) for e in (up, down))
    return up, down


def _trials_needed(
    se: Array,
    trials: int,
    theory: Array,
    allowance: Array,
    compared: NDArray[np.intp],
    family: int,
    level: float,
) -> float:
    """About how many trials make a theory USEFUL off stand out somewhere, and twice it at half the points."""
    from scipy.special import ndtri

    size, granted = np.abs(theory[compared]), allowance[compared]
    one, two = (USEFUL - 2 * granted) * size, (1 - 2 * granted) * size  # allowance on both sides of the truth
    half = (len(compared) - 1) // 2
    if not (one > 0).any() or not np.sort(-two)[half] < 0:
        return np.inf
    if trials == 1:
        return 5.0
    # one standard error for where the mean will fall, beyond the margin of the test
    margin = 1 - ndtri(level / (2 * family))
    first, most = (np.where(r > 0, margin * se[compared] / np.where(r > 0, r, 1), np.inf) for r in (one, two))
    needed = trials * max(first.min(), np.sort(most)[half]) ** 2
    # Student's tails at few trials: 1.5 times and 5 more is close from 5 trials on
    return float(max(np.ceil(5 + 1.5 * needed), trials + 1))
