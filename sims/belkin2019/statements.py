"""What [belkin2019] says of its curves, as statements on paired differences, judged over the trials."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import verdict
from sims.experiments.images.feature_models import Scores
from sims.experiments.images.growing_models import Measured, Setting, sizes, turn
from sims.trials.sample import Sample

Array = NDArray[np.float64]

FALSE_ALARM = 1e-2  # of all statements of a run together
TEST, NORM, ZERO_ONE = (Scores._fields.index(name) for name in ("test", "norm", "zero_one"))


class Claim(NamedTuple):
    """A statement: the mean of `values`, one a trial, is negative."""

    model: str
    statement: str
    statistic: str
    values: Array


def claims(setting: Setting, measured: Measured) -> list[Claim]:
    """The statements that are made of one model.

    A model with a threshold has its peak there, and one with a kernel limit descends to it; forest and
    boosting have no threshold in theory: of them it is said that members added to a full-grown one help.
    Of networks the right end is judged by the zero-one loss alone: narrow ones with noisy labels have squared
    losses all over the place.
    """
    grid, at = sizes(setting), turn(setting)
    middle = int(np.argmin(np.abs(grid - at)))
    test, zero_one = measured.scores[:, :, TEST], measured.scores[:, :, ZERO_ONE]
    model = setting.model
    found = []
    if setting.has_threshold:
        found.append(
            Claim(
                model,
                "the squared test loss peaks at the threshold, within one step of the grid",
                "log of the largest loss elsewhere over the largest there, at least -1",
                _off_peak(grid, middle, measured),
            )
        )
    # a squared loss has long tails, a share of wrong classes may be 0
    compared = [
        ("squared", "log ratio of the two", np.log(test)),
        ("zero-one", "difference of the two", zero_one),
    ]
    for name, statistic, losses in compared[model == "network" :]:
        found.append(
            Claim(
                model,
                f"the {name} test loss at the right end is below the best of the left branch",
                statistic,
                losses[:, -1] - losses[:, :middle].min(axis=1),
            )
        )
    if setting.interpolator:
        norms = np.log(measured.scores[:, middle:, NORM])
        found += [
            Claim(
                model,
                "the norm falls from the threshold on, at every step of the grid",
                "largest log ratio of two neighbours",
                np.diff(norms, axis=1).max(axis=1),
            ),
            Claim(
                model,
                "the kernel's squared test loss is below that of every size beyond the threshold",
                "log ratio to the lowest of them",
                np.log(measured.limit[:, TEST] / test[:, middle:].min(axis=1)),
            ),
        ]
    if not setting.has_threshold:
        found.append(
            Claim(
                model,
                "more members of full size lower the squared test loss",
                "log ratio of the right end and one member",
                np.log(test[:, -1] / test[:, middle]),
            )
        )
    return found


def _off_peak(grid: NDArray[np.int64], middle: int, measured: Measured) -> Array:
    """Log of the largest loss away from the threshold over the largest within one step of the grid.

    At every size where all were measured, else on the grid. Below -1 it says nothing more of where the peak
    is, only of how high: that has no mean.
    """
    low, high = grid[max(middle - 1, 0)], grid[min(middle + 1, len(grid) - 1)]
    losses, place = measured.scores[:, :, TEST], grid
    if measured.every.shape[2]:
        losses = measured.every[:, 0]
        place = np.arange(1, losses.shape[1] + 1)
    near = (place >= low) & (place <= high)
    return np.maximum(np.log(losses[:, ~near].max(axis=1) / losses[:, near].max(axis=1)), -1.0)


def judged(stated: Sequence[Claim]) -> list[dict[str, Any]]:
    """Each statement with its mean, standard error and status.

    By Student's t and Holm's procedure, once for statements that are confirmed and once for those that are
    refuted: the surest is judged at FALSE_ALARM over their number, the next at FALSE_ALARM over one fewer.
    `resolution` is how far from 0 the mean must lie to decide at the statement's turn.
    """
    from scipy.special import stdtr, stdtrit

    samples = [Sample(claim.values[:, None]) for claim in stated]
    mean, se = (np.array([getattr(sample, name)[0] for sample in samples]) for name in ("mean", "se"))
    df, everyone = max(samples[0].trials - 1, 1), np.arange(len(stated))
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.where(mean == 0, 0.0, mean / se)
    below, above = stdtr(df, score), stdtr(df, -score)
    holds, fails = (verdict.holm(p, everyone, FALSE_ALARM) for p in (below, above))
    left = len(stated) - np.argsort(np.argsort(below, kind="stable"))
    resolution = -stdtrit(df, FALSE_ALARM / left) * se
    # Student's tails at few trials: 1.5 times and 5 more, as in `verdict`
    with np.errstate(divide="ignore", invalid="ignore"):
        more = np.where(holds | fails, 0.0, (resolution / mean) ** 2)
    needed = np.ceil(5 + 1.5 * samples[0].trials * more)
    return [
        {
            "model": claim.model,
            "statement": claim.statement,
            "statistic": claim.statistic,
            "mean": float(mean[i]),
            "se": float(se[i]),
            "status": verdict.AGREES if holds[i] else verdict.DISAGREES if fails[i] else verdict.UNDECIDED,
            "resolution": float(resolution[i]),
            "trials_needed": float(needed[i]),
        }
        for i, claim in enumerate(stated)
    ]
