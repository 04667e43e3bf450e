"""What [belkin2019] says of its curves, as statements on paired differences, judged over the trials."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import verdict
from sims.experiments.images.feature_models import Losses
from sims.experiments.images.growing_models import GrowingModel, Growth, branch_point, sizes
from sims.trials.sample import Sample
from sims.verdict.comparison import Evidence, evidence
from sims.verdict.means import VOUCHED
from sims.verdict.more_trials import first_that, unheard
from sims.verdict.result import Outcome
from sims.verdict.statuses import AGREES, DISAGREES, UNDECIDED

Array = NDArray[np.float64]

FALSE_ALARM = 1e-2  # of all statements of a run together
TEST, NORM, ZERO_ONE = (Losses._fields.index(name) for name in ("test", "norm", "zero_one"))


class Statement(NamedTuple):
    """What is said of one model; in numbers, that the mean of `values`, one a trial, is below `limit`."""

    model: str
    statement: str
    statistic: str
    """What the values are, in words."""
    values: Array
    outcome: Outcome = "mean"
    """"share" where each value is 0 or 1."""

    @property
    def limit(self) -> float:
        """What the mean is said to be below: half of the draws, or no difference."""
        return 0.5 if self.outcome == "share" else 0.0


def statements(model: GrowingModel, growth: Growth) -> list[Statement]:
    """The statements that are made of one model.

    A model with a threshold has its peak there, and one with a kernel limit descends to it; forest and
    boosting have no threshold in theory: of them it is said that members added to a full-grown one help.
    """
    grid = sizes(model)
    middle = int(np.argmin(np.abs(grid - branch_point(model))))
    return [
        *(_peak(model, growth, grid, middle) if model.has_threshold else []),
        *_right_end(model, growth, middle),
        *(_kernel_limit(model, growth, middle) if model.interpolator else []),
        *(_members(model, growth, middle) if not model.has_threshold else []),
    ]


def _peak(model: GrowingModel, growth: Growth, grid: NDArray[np.int64], middle: int) -> list[Statement]:
    return [
        Statement(
            model.name,
            "the squared test loss peaks at the threshold, within one step of the grid, in most draws",
            "share of draws in which a loss elsewhere is larger",
            _off_peak(grid, middle, growth),
            "share",
        )
    ]


def _off_peak(grid: NDArray[np.int64], middle: int, growth: Growth) -> Array:
    """Whether the largest loss is away from the threshold, by more than one step of the grid: 1 or 0.

    At every size where all were measured, else on the grid. How high the peak is has no mean.
    """
    low, high = grid[max(middle - 1, 0)], grid[min(middle + 1, len(grid) - 1)]
    losses, size = growth.scores[:, :, TEST], grid
    if growth.every.shape[2]:
        losses = growth.every[:, 0]
        size = np.arange(1, losses.shape[1] + 1)
    near = (size >= low) & (size <= high)
    return (losses[:, ~near].max(axis=1) > losses[:, near].max(axis=1)).astype(float)


def _right_end(model: GrowingModel, growth: Growth, middle: int) -> list[Statement]:
    """The largest model beats the best of the left branch, by either loss.

    Of networks by the zero-one loss alone: narrow ones with noisy labels have squared losses all over the
    place.
    """
    # a squared loss has long tails, a share of wrong classes may be 0
    losses = [
        ("squared", "log ratio of the two", np.log(growth.scores[:, :, TEST])),
        ("zero-one", "difference of the two", growth.scores[:, :, ZERO_ONE]),
    ]
    return [
        Statement(
            model.name,
            f"the {name} test loss at the right end is below the best of the left branch",
            statistic,
            loss[:, -1] - loss[:, :middle].min(axis=1),
        )
        for name, statistic, loss in losses[model.name == "network" :]
    ]


def _kernel_limit(model: GrowingModel, growth: Growth, middle: int) -> list[Statement]:
    """Beyond the threshold norm and loss fall towards those of the kernel."""
    norms, test = np.log(growth.scores[:, middle:, NORM]), growth.scores[:, middle:, TEST]
    return [
        Statement(
            model.name,
            "the norm falls from the threshold on, at every step of the grid",
            "largest log ratio of two neighbours",
            np.diff(norms, axis=1).max(axis=1),
        ),
        Statement(
            model.name,
            "the kernel's squared test loss is below that of every size beyond the threshold",
            "log ratio to the lowest of them",
            np.log(growth.limit[:, TEST] / test.min(axis=1)),
        ),
    ]


def _members(model: GrowingModel, growth: Growth, middle: int) -> list[Statement]:
    test = growth.scores[:, :, TEST]
    return [
        Statement(
            model.name,
            "more members of full size lower the squared test loss",
            "log ratio of the right end and one member",
            np.log(test[:, -1] / test[:, middle]),
        )
    ]


def judged(stated: Sequence[Statement]) -> list[dict[str, Any]]:
    """Each statement with its mean, standard error and status.

    By the tests of `sims.verdict.means` and `sims.verdict.shares`, and Holm's procedure, once for statements
    that are confirmed and once for those that are refuted: the surest is judged at FALSE_ALARM over their
    number, the next at FALSE_ALARM over one fewer. `resolution` is how far below its limit a mean must lie
    to decide when it is the statement's turn.
    """
    found = [_evidence(statement) for statement in stated]
    chances = [float(each.chance(np.array([s.limit]))[0]) for each, s in zip(found, stated, strict=True)]
    mean = np.array([each.mean[0] for each in found])
    gap = mean - [statement.limit for statement in stated]
    below, above = (np.where(side, chances, 1 - np.array(chances)) for side in (gap <= 0, gap >= 0))
    everyone = np.arange(len(stated))
    holds, fails = (verdict.holm(p, everyone, FALSE_ALARM) for p in (below, above))
    left = len(stated) - np.argsort(np.argsort(below, kind="stable"))
    return [
        {
            "model": statement.model,
            "statement": statement.statement,
            "statistic": statement.statistic,
            "limit": statement.limit,
            "mean": float(mean[i]),
            "se": float(found[i].se[0]),
            "status": AGREES if holds[i] else DISAGREES if fails[i] else UNDECIDED,
            "resolution": _reach(found[i], FALSE_ALARM / left[i]),
            "trials_needed": _trials_needed(
                found[i], abs(gap[i]), FALSE_ALARM / left[i], holds[i] | fails[i]
            ),
        }
        for i, statement in enumerate(stated)
    ]


def _evidence(statement: Statement) -> Evidence:
    sample = Sample(statement.values[:, None])
    return evidence(sample, sample.mean, np.full(1, np.nan), VOUCHED, statement.outcome)


def _reach(found: Evidence, level: float) -> float:
    """How far above its mean a value is just not rejected."""
    return float(found.reach(level)[1][0])


def _trials_needed(found: Evidence, gap: float, level: float, decided: bool) -> float:
    """About how many trials decide a statement."""
    if decided:
        return float(found.trials)
    if not np.isfinite(found.se[0]):
        return unheard(found.trials)
    return first_that(lambda more: max(reach[0] for reach in more.reach(level)) < gap, found)
