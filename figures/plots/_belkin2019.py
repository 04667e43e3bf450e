"""Growing models on real images: measured, held against what [belkin2019] says of them, and drawn."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from figures import marks
from sims import verdict
from sims.belkin2019 import statements
from sims.experiments.images import growing_models
from sims.experiments.images.feature_models import Losses
from sims.experiments.images.growing_models import GrowingModel, Growth
from sims.trials.sample import Sample

LOSSES = {"zero_one": "zero-one loss", "test": "squared loss"}
TRAIN = {"zero_one": "zero_one_train", "test": "train"}


def curves(model: GrowingModel, count: int, seed: int) -> dict[str, Any]:
    """The curves of one model over `count` draws of data and model, by names that begin with the model's.

    Raises
    ------
    Disagreement
        If a statement of [belkin2019] on this model does not hold.
    """
    name, grid = model.name, growing_models.sizes(model)
    [sample] = marks.simulated(
        lambda place, rng: growing_models.trial((place,), rng),
        [model],
        count,
        f"figures belkin2019 {name}",
        seed,
    )
    [growth] = growing_models.unpack((model,), sample.values)
    _judge(model, growth)
    heavy = growing_models.heavy_tailed(model, grid)
    found: dict[str, Any] = {f"{name} turn": growing_models.branch_point(model)}
    for score in model.fields:
        values = growth.scores[:, :, Losses._fields.index(score)]
        found[f"{name} {score}"] = marks.points(grid, Sample(values), heavy=heavy)
        if model.interpolator:
            found[f"{name} {score} limit"] = float(growth.limit[:, Losses._fields.index(score)].mean())
    if model.every:
        first = grid[0] - 1
        found[f"{name} sizes"] = np.arange(first, growth.every.shape[2]) + 1
        for i, score in enumerate(("test", "norm")):
            found[f"{name} {score} every"] = np.median(growth.every[:, i, first:], axis=0)
    return found


def _judge(model: GrowingModel, growth: Growth) -> None:
    for claim in statements.judged(statements.statements(model, growth)):
        if claim["status"] != verdict.AGREES:
            raise marks.Disagreement(
                f"{model.name} {claim['status']} with '{claim['statement']}': mean of "
                f"{claim['statistic']} {claim['mean']:.3g} +- {claim['se']:.2g}"
            )


def gains(data: dict[str, Any], models: Sequence[str]) -> dict[str, float]:
    """Smallest test losses before the turn, and those at the right end, as numbers for prose."""
    found = {}
    for model in models:
        for name in LOSSES:
            points = data[f"{model} {name}"]
            key = f"{model}_{name}".replace("-", "_")
            found[f"{key}_left"] = float(points.centre[points.x < data[f"{model} turn"]].min())
            found[f"{key}_right"] = float(points.centre[-1])
    return found


def panel(axes: Any, data: dict[str, Any], model: str, name: str, turn: str) -> None:
    """One score of a model against its size."""
    points = data[f"{model} {name}"]
    if f"{model} {name} every" in data:
        axes.plot(
            data[f"{model} sizes"], data[f"{model} {name} every"], color="C1", linestyle=":", linewidth=0.9,
            label="every size, median",
        )  # fmt: skip
    marks.scatter(axes, points, "C1", "mean, 95 %" if name == "norm" else "test, 95 %")
    if name in TRAIN:
        train = data[f"{model} {TRAIN[name]}"]
        axes.plot(
            train.x, train.centre, color="C2", linestyle=":", marker=".", linewidth=1.0, label="training"
        )
    if f"{model} {name} limit" in data:
        limit = data[f"{model} {name} limit"]
        axes.axhline(limit, color="C0", linewidth=1.0, label="kernel, N = ∞")
    marks.threshold(axes, data[f"{model} turn"], turn)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlim(points.x[0] / 1.2, points.x[-1] * 1.2)
    if name == "zero_one":
        axes.set_ylim(0.0, None)
    else:
        axes.set_yscale("log")
    if name == "test":
        # the peak may go far beyond, and a training loss to nothing
        usual = points.centre[~near(points.x, data[f"{model} turn"])]
        axes.set_ylim(usual.min() / 3, 3 * usual.max())
        marks.plain_ticks(axes.yaxis)


def near(size: NDArray[np.float64], turn: float) -> NDArray[np.bool_]:
    """Sizes within a tenth of the turn."""
    return np.asarray(np.abs(np.log(size / turn)) < 0.1)


def legend(figure: Any) -> None:
    """Below all panels, each label once."""
    figure.legend(*marks.entries(figure.axes), loc="outside lower center", ncols=3)


def losses(figure: Any, data: dict[str, Any], rows: dict[str, tuple[str, str]]) -> None:
    """A row of panels for each model: zero-one and squared loss. `rows`: model to its sizes, its turn."""
    grid = figure.subplots(len(rows), len(LOSSES), squeeze=False)
    for line, (model, (sizes, turn)) in zip(grid, rows.items(), strict=True):
        for axes, (name, label) in zip(line, LOSSES.items(), strict=True):
            panel(axes, data, model, name, turn)
            axes.set_xlabel(sizes)
            axes.set_ylabel(label)
    legend(figure)
