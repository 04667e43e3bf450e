"""Belkin et al. on real data: zero-one loss, squared loss and norm against the size, one column a model."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures.files import house_style
from sims._belkin2019_report import SIZES, TITLES, TURNS

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
    with house_style():
        figure = Figure(figsize=(max(4.8, 3.2 * len(models)), 5.4))
        grid = figure.subplots(len(PANELS), len(models), sharex="col", squeeze=False)
        for model, column in zip(models, grid.T, strict=True):
            rows = [row for row in document["rows"] if row["model"] == model["model"]]
            for axes, panel in zip(column, PANELS, strict=True):
                _panel(axes, model, rows, panel)
            _name(column, model)
        for axes, label in zip(grid[:, 0], PANELS.values(), strict=True):
            axes.set_ylabel(label)
        # the losses share one legend, where the norm needs none of its own
        grid[0, 0].legend(loc="best")
    return figure


def _panel(axes: Any, model: Mapping[str, Any], rows: list[Any], panel: str) -> None:
    size, value, low, high = (
        np.array([row[key] for row in rows], dtype=float)
        for key in ("size", panel, f"{panel}_low", f"{panel}_high")
    )
    every = model["every"]
    if panel in every and every["size"]:
        axes.plot(every["size"], every[panel], color="C1", linewidth=0.6, alpha=0.6)
    heavy = np.array([row["centre"] == "median" for row in rows])
    for chosen, face, width in ((~heavy, "C1", 0.9), (heavy, "white", 0.6)):
        if chosen.any():
            ends = np.array([value - low, high - value])[:, chosen]
            label = "test, 95 %" if face == "C1" else "median, 5–95 %"
            axes.errorbar(
                size[chosen], value[chosen], ends, color="C1", fmt="o", markerfacecolor=face, elinewidth=width,
                label=label,
            )  # fmt: skip
    if panel in TRAIN:
        train = np.array([row[TRAIN[panel]] for row in rows], dtype=float)
        axes.plot(size, train, color="C2", linestyle="-.", linewidth=1.0, label="train")
    if model["limit"] is not None:
        axes.axhline(model["limit"][panel], color="C0", linestyle="--", linewidth=1.0, label="kernel limit")
    axes.axvline(model["turn"], color="0.4", linewidth=0.7, zorder=0)
    axes.set_xscale("log")
    if panel == "zero_one":
        axes.set_ylim(0.0, None)
    elif panel == "test":
        _squared_scale(axes, value[~heavy])
    else:
        axes.set_yscale("log")


def _squared_scale(axes: Any, counted: Any) -> None:
    """From the lowest counted loss to a few times the largest: a peak goes far beyond, a train loss to 0."""
    from matplotlib.ticker import FormatStrFormatter, LogLocator, NullFormatter

    axes.set_yscale("log")
    axes.set_ylim(counted.min() / 1.5, 3 * counted.max())
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(FormatStrFormatter("%g"))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _name(column: Any, model: Mapping[str, Any]) -> None:
    name = model["model"]
    column[0].set_title(f"{TITLES[name]}\n{model['data']}, n = {model['n']}", loc="left")
    column[0].annotate(
        TURNS[name], (model["turn"], 1.0), xycoords=("data", "axes fraction"), xytext=(3, -2),
        textcoords="offset points", va="top", color="0.3",
    )  # fmt: skip
    column[-1].set_xlabel(SIZES[name])
    column[-1].xaxis.set_major_formatter("{x:g}")
