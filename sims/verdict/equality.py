"""Does the measured mean equal theory, up to a stated allowance, at every point of a curve and on the whole?

At each point the test of `means` (or of `shares`), and one more on the points pooled; Holm's procedure keeps
the chance of one false alarm on the whole curve below `false_alarm`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.trials.sample import Sample
from sims.verdict import looks
from sims.verdict.comparison import Comparison, Evidence, evidence, pooled
from sims.verdict.every import of_every_draw
from sims.verdict.inputs import ROUNDING, Array, Inputs, checked, per_point
from sims.verdict.means import UNKNOWN, VOUCHED
from sims.verdict.more_trials import first_that, unheard
from sims.verdict.multiple_tests import holm
from sims.verdict.result import Outcome, Verdict, points
from sims.verdict.statuses import AGREES, DISAGREES, HEAVY, UNDECIDED

Indices = NDArray[np.intp]
Booleans = NDArray[np.bool_]

USEFUL = 0.2
"""A curve that would not notice a theory 20 % off decides nothing."""


def judge(
    sample: Sample,
    theory: ArrayLike,
    allowance: ArrayLike = 0.0,
    heavy_tailed: ArrayLike | None = None,
    false_alarm: float = 1e-3,
    spread: ArrayLike = np.nan,
    *,
    outcome: Outcome = "mean",
    looked_at_often: bool = False,
) -> Verdict:
    """Compare measured means with theory, point by point and pooled.

    A point disagrees if |mean - theory| exceeds allowance |theory| by more than chance: the
    skewness-corrected t of `sims.verdict.means`, by Holm's step-down over all tested points at half of
    `false_alarm`. The other half goes to the points pooled, sum_i (mean_i - theory_i)/se_i, which notices a
    common error that no single point shows. Infinity agrees with infinity of the same sign alone. The curve
    disagrees if one point or the pooled ones do, and is undecided if it could not have noticed a theory 20 %
    off, or if more than half of its points could not have told the theory from twice as much. For a theory
    that states a bound and no value, use `judge_bound`.

    Parameters
    ----------
    sample : Sample
        (trials, points).
    theory : array_like (points,)
        What the mean should be.
    allowance : array_like (points,) >= 0
        Relative error granted to an asymptotic theory; 0 for an exact one, inf where none is known.
    heavy_tailed : array_like of bool (points,), optional
        Points that are shown and left out of the verdict, as those within `edge` of a threshold. To give it
        is to vouch that the variance exists at the other points. None: nothing is known, and the test allows
        for a variance that does not exist, at about twice the resolution at 16 trials.
    false_alarm : float in (0, 1)
        Chance that a true theory is called wrong anywhere on the curve.
    spread : array_like (points,) >= 0
        Standard deviation of one trial where it is known, else nan; 0 where theory knows that all trials give
        the same. Pass it where you can: it makes the test several times sharper at few trials, and lets it
        judge from the fourth trial on.
    outcome : "mean", "share" or "every"
        "share" where each trial's outcome is 0 or 1; "every" where theory says the same of each trial, which
        one exception refutes.
    looked_at_often : bool
        True if the run is judged again and again as trials come in: `false_alarm` holds for all looks
        together.

    Returns
    -------
    Verdict

    Raises
    ------
    ValueError
        If shapes differ, or false_alarm is outside (0, 1), or an allowance is negative, or theory or
        simulation is nan (UndefinedError, which names the point), also where heavy-tailed; or an outcome is
        not as stated.

    Source: Holm's step-down procedure with the test of `sims.verdict.means` (own composition).

    >>> rng = np.random.default_rng(0)
    >>> judge(Sample(rng.normal(2.0, 0.1, size=(20, 5))), theory=np.full(5, 2.0)).status
    'agrees'
    """
    inputs = checked(sample, "theory", theory, allowance, false_alarm)
    count = len(inputs.mean)
    heavy = per_point("heavy_tailed", False if heavy_tailed is None else heavy_tailed, count, bool)
    known = per_point("spread", spread, count)
    tested = np.flatnonzero(~heavy)
    if outcome == "every":
        return judge_every(sample, inputs, tested, false_alarm)
    caution = UNKNOWN if heavy_tailed is None else VOUCHED
    curve = Comparison(inputs, evidence(sample, inputs.mean, known, caution, outcome))
    whole = pooled(sample, curve, tested, caution)
    return _verdict(curve, whole, heavy, Levels(false_alarm, whole is not None, looked_at_often), outcome)


class Levels(NamedTuple):
    """How the chance of a false alarm is shared."""

    false_alarm: float
    halved: bool
    """Whether the points leave half of it to their pooled test."""
    looked_at_often: bool

    @property
    def share(self) -> float:
        """What the points share, and what the pooled test has."""
        return self.false_alarm / (1 + self.halved)

    def single(self, share: float, trials: int) -> float:
        """Level of one look, for a share of the whole."""
        return looks.spent(share, trials) if self.looked_at_often else share

    def p_values(self, comparison: Comparison) -> Array:
        """p-values that may be compared with a share of the whole."""
        single = comparison.p_values()
        return looks.whenever(single, comparison.inputs.trials) if self.looked_at_often else single


def _verdict(
    curve: Comparison, whole: Comparison | None, heavy: Booleans, levels: Levels, outcome: Outcome
) -> Verdict:
    """The verdict on points, and on the same points pooled."""
    inputs, tested = curve.inputs, np.flatnonzero(~heavy)
    wrong = holm(levels.p_values(curve), tested, levels.share)
    together = whole is not None and bool(levels.p_values(whole)[0] <= levels.share)
    first = levels.single(levels.share / max(len(tested), 1), inputs.trials)
    up, down = curve.detectable(first)
    resolution = np.where(heavy, np.inf, np.maximum(up, down))
    common = max(up[tested].min(initial=np.inf), down[tested].min(initial=np.inf))
    if whole is not None:
        factor = np.max(whole.detectable(levels.single(levels.share, inputs.trials)))
        common = min(common, factor)
    judged = tested[inputs.finite[tested] & (inputs.theory[tested] != 0)]
    statuses = _point_statuses(inputs, heavy, wrong, resolution)
    return Verdict(
        status=DISAGREES if together else _curve_status(inputs.theory, tested, statuses, float(common)),
        resolution=float(common),
        hidden=float(resolution[judged].max()) if len(judged) else np.inf,
        false_alarm=levels.false_alarm,
        family=len(tested),
        trials_needed=_trials_needed(curve, tested, first),
        points=points(statuses, curve.evidence.se, curve.beyond(), inputs.allowance, resolution),
        pooled=None if whole is None else float(whole.beyond()[0]),
        outcome=outcome,
    )


def judge_every(sample: Sample, inputs: Inputs, tested: Indices, level: float) -> Verdict:
    """The verdict on a statement that holds in each trial: an equality, up to rounding and its allowance."""
    with np.errstate(invalid="ignore"):
        gap = np.where(sample.values == inputs.theory, 0.0, np.abs(sample.values - inputs.theory))
    broken = (gap > inputs.slack) | ~np.isfinite(gap)
    granted = inputs.allowance + ROUNDING
    with np.errstate(divide="ignore", invalid="ignore"):
        compared = inputs.finite & (inputs.theory != 0)  # a zero has no relative error
        resolution = np.where(compared, gap.max(axis=0) / np.abs(inputs.theory) + granted, np.inf)
    return of_every_draw(broken, resolution, inputs, tested, level)


def _point_statuses(inputs: Inputs, heavy: Booleans, wrong: Booleans, resolution: Array) -> list[str]:
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


def _trials_needed(curve: Comparison, tested: Indices, level: float) -> float:
    """About how many trials make a theory USEFUL off stand out somewhere, and twice it at half the points."""
    inputs = curve.inputs
    compared = tested[inputs.finite[tested] & (inputs.theory[tested] != 0)]
    size, granted = np.abs(inputs.theory[compared]), inputs.allowance[compared]
    # what is left of the gap to a wrong theory, with the allowance on both sides of the truth
    useful_gap, double_gap = (USEFUL - 2 * granted) * size, (1 - 2 * granted) * size
    half = (len(compared) - 1) // 2
    if not (useful_gap > 0).any() or not np.sort(-double_gap)[half] < 0:
        return np.inf
    if np.isfinite(curve.evidence.se[compared]).sum() <= half:
        return unheard(inputs.trials)

    def decides(evidence: Evidence) -> bool:
        # one standard error for where the mean will fall, beyond the margin of the test
        margin = (np.maximum(*evidence.reach(level / 2)) + evidence.se)[compared]
        return bool((margin < useful_gap).any() and np.sort(margin - double_gap)[half] < 0)

    return first_that(decides, curve.evidence)
