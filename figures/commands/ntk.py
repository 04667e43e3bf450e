"""Wide networks against their limit: three distances that fall with the width, and their slopes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures.files import house_style
from sims.verdict.intervals import half_width

MARKS = {"fluctuation": ("C0", "o"), "drift": ("C1", "s"), "gap": ("C2", "^")}
LABELS = {
    "fluctuation": "kernel at the start − limit",
    "drift": "kernel after training − start",
    "gap": "network − its linearisation",
}


def draw(document: Mapping[str, Any]) -> Figure:
    """The sweep of one run of `python -m sims.ntk`, from its JSON document.

    Parameters
    ----------
    document : mapping
        "config", "rows" and "slopes" as the command writes them.

    Returns
    -------
    Figure
    """
    config, rows = document["config"], document["rows"]
    widths = np.array([row["width"] for row in rows], dtype=float)
    with house_style():
        figure = Figure()
        axes = figure.add_subplot()
        for slope in document["slopes"]:
            quantity = slope["quantity"]
            color, marker = MARKS[quantity]
            values = np.array([row[quantity] for row in rows])
            half = half_width([row[f"{quantity}_se"] for row in rows], config["trials"])
            label = f"{LABELS[quantity]}, slope {slope['value']:.2f}"
            axes.errorbar(widths, values, half, color=color, fmt=marker, elinewidth=0.9, label=label)
            centre = (
                np.exp(np.log(values).mean()) * (widths / np.exp(np.log(widths).mean())) ** slope["value"]
            )
            axes.plot(widths, centre, color=color, linewidth=0.8, linestyle=":")
        exact = [row["exact_fluctuation"] for row in rows]
        if None not in exact:
            axes.plot(widths, exact, color=MARKS["fluctuation"][0], linestyle="--", label="exact")
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        axes.xaxis.set_major_formatter("{x:g}")
        axes.set_xticks(widths)
        axes.minorticks_off()
        axes.set_xlabel("width")
        axes.set_ylabel("relative size")
        depth = config["depth"]
        layers = "one hidden layer" if depth == 1 else f"{depth} hidden layers"
        axes.set_title(f"{config['activation']}, {layers}: n = {config['n']}, d = {config['d']}", loc="left")
        axes.legend(loc="best")
    return figure
