"""What [belkin2019] says of its curves, as statements on paired differences, judged over the trials."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import verdict
from sims.experiments.images.feature_models import Scores
from sims.experiments.images.growing_models import GrowingModel, Growth, branch_point, sizes
from sims.trials.sample import Sample
from sims.verdict.statuses import AGREES, DISAGREES, UNDECIDED, trials_needed

Array = NDArray[np.float64]

FALSE_ALARM = 1e-2  # of all statements of a run together
TEST, NORM, ZERO_ONE = (Scores._fields.index(name) for name in ("test", "norm", "zero_one"))


class Statement(NamedTuple):
    """What is said of one model; in numbers, that the mean of `values`, one a trial, is negative."""

    model: str
    statement: str
    statistic: str
    """What the values are, in words."""
    values: Array


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
            "the squared test loss peaks at the threshold, within one step of the grid",
            "log of the largest loss elsewhere over the largest there, at least -1",
            _off_peak(grid, middle, growth),
        )
    ]


def _off_peak(grid: NDArray[np.int64], middle: int, growth: Growth) -> Array:
    """Log of the largest loss away from the threshold over the largest within one step of the grid.

    At every size where all were measured, else on the grid. Below -1 it says nothing more of where the peak
    is, only of how high: that has no mean.
    """
    low, high = grid[max(middle - 1, 0)], grid[min(middle + 1, len(grid) - 1)]
    losses, size = growth.scores[:, :, TEST], grid
    if growth.every.shape[2]:
        losses = growth.every[:, 0]
        size = np.arange(1, losses.shape[1] + 1)
    near = (size >= low) & (size <= high)
    return np.maximum(np.log(losses[:, ~near].max(axis=1) / losses[:, near].max(axis=1)), -1.0)


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

    By Student's t and Holm's procedure, once for statements that are confirmed and once for those that are
    refuted: the surest is judged at FALSE_ALARM over their number, the next at FALSE_ALARM over one fewer.
    `resolution` is how far from 0 the mean must lie to decide when it is the statement's turn.
    """
    from scipy.special import stdtr, stdtrit

    samples = [Sample(statement.values[:, None]) for statement in stated]
    mean, se = (np.array([getattr(sample, name)[0] for sample in samples]) for name in ("mean", "se"))
    trials, everyone = samples[0].trials, np.arange(len(stated))
    df = max(trials - 1, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.where(mean == 0, 0.0, mean / se)
    below, above = stdtr(df, score), stdtr(df, -score)
    holds, fails = (verdict.holm(p, everyone, FALSE_ALARM) for p in (below, above))
    left = len(stated) - np.argsort(np.argsort(below, kind="stable"))
    resolution = -stdtrit(df, FALSE_ALARM / left) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        more = np.where(holds | fails, 0.0, np.where(mean == 0, np.inf, (resolution / mean) ** 2))
    return [
        {
            "model": statement.model,
            "statement": statement.statement,
            "statistic": statement.statistic,
            "mean": float(mean[i]),
            "se": float(se[i]),
            "status": AGREES if holds[i] else DISAGREES if fails[i] else UNDECIDED,
            "resolution": float(resolution[i]),
            "trials_needed": trials_needed(trials, float(more[i])),
        }
        for i, statement in enumerate(stated)
    ]
