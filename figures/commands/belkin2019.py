"""Belkin et al. on real data: zero-one loss, squared loss and norm against the size, one column a model."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import marks
from figures.files import house_style
from sims.belkin2019.report import BRANCH_POINTS, SIZES, TITLES

PANELS = {"zero_one": "zero-one loss", "test": "squared loss", "norm": "norm"}
TRAIN = {"zero_one": "zero_one_train", "test": "train"}


def draw(document: Mapping[str, Any]) -> Figure:
    """The curves of one run of `python -m sims.belkin2019`, from its JSON document.

    Parameters
    ----------
    document : mapping
        "models" and "rows" as the command writes them.

    Returns
    -------
    Figure
    """
    models = document["models"]
    panels = [
        panel for panel in PANELS if any(panel in row for row in document["rows"])
    ]  # trees have no norm
    with house_style():
        figure = Figure(figsize=(max(4.8, 3.2 * len(models)), 0.6 + 1.6 * len(panels)))
        grid = figure.subplots(len(panels), len(models), sharex="col", squeeze=False)
        for model, column in zip(models, grid.T, strict=True):
            rows = [row for row in document["rows"] if row["model"] == model["model"]]
            shown = [panel for panel in panels if panel in rows[0]]
            for axes, panel in zip(column, shown, strict=False):
                _panel(axes, model, rows, panel)
            for axes in column[len(shown) :]:
                axes.remove()
            _name(column[: len(shown)], model, rows)
        for axes, panel in zip(grid[:, 0], panels, strict=True):
            axes.set_ylabel(PANELS[panel])
        figure.legend(*marks.entries(grid[0]), loc="outside lower center", ncols=4)
    return figure


def _panel(axes: Any, model: Mapping[str, Any], rows: list[Any], panel: str) -> None:
    size, value, low, high = (
        np.array([row[key] for row in rows], dtype=float)
        for key in ("size", panel, f"{panel}_low", f"{panel}_high")
    )
    every = model["every"]
    if panel in every and every["size"]:
        shown = np.array(every["size"]) >= size[0]
        line = np.array(every["size"])[shown], np.array(every[panel])[shown]
        axes.plot(*line, color="C1", linestyle=":", linewidth=0.9)
    near = np.abs(np.log(size / model["turn"])) < 0.1
    heavy = np.array([row["centre"] == "median" for row in rows])
    marks.scatter(axes, marks.unjudged(size, value, low, high, heavy), label="test, 95 %")
    if panel in TRAIN:
        train = np.array([row[TRAIN[panel]] for row in rows], dtype=float)
        axes.plot(size, train, color="C2", linestyle=":", marker=".", linewidth=1.0, label="train")
    if model["limit"] is not None:
        axes.axhline(model["limit"][panel], color="C0", linewidth=1.0, label="kernel limit")
    marks.threshold(axes, model["turn"])
    axes.set_xscale("log")
    if panel == "zero_one":
        axes.set_ylim(0.0, None)
    elif panel == "test":
        _squared_scale(axes, value[~near])
    else:
        axes.set_yscale("log")


def _squared_scale(axes: Any, counted: Any) -> None:
    """Limit the axis to the counted losses: a peak goes far beyond them, and a training loss down to 0."""
    axes.set_yscale("log")
    axes.set_ylim(counted.min() / 1.5, 3 * counted.max())
    marks.plain_ticks(axes.yaxis)


def _name(column: Any, model: Mapping[str, Any], rows: list[Any]) -> None:
    name = model["model"]
    column[0].set_title(f"{TITLES[name]}\n{model['data']}, n = {model['n']}", loc="left", pad=14)
    column[0].annotate(
        BRANCH_POINTS[name], (model["turn"], 1.0), xycoords=("data", "axes fraction"), xytext=(0, 2),
        textcoords="offset points", ha="center", color="0.3",
    )  # fmt: skip
    column[-1].set_xlabel(SIZES[name])
    column[-1].tick_params(labelbottom=True)
    column[-1].set_xlim(rows[0]["size"] / 1.3, rows[-1]["size"] * 1.3)
    column[-1].xaxis.set_major_formatter("{x:g}")
