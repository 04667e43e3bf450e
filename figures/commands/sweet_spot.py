"""A data set's test error against the number of features: predicted before training, and measured."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures.files import house_style
from sims.sweet_spot.split import GROUPS
from sims.verdict.intervals import half_width


def draw(document: Mapping[str, Any]) -> Figure:
    """The curve of one run of `python -m sims.sweet_spot`, from its JSON document.

    Parameters
    ----------
    document : mapping
        "config", "rows" and "curve" as the command writes them.

    Returns
    -------
    Figure
    """
    config, curve = document["config"], document["curve"]
    rows = [row for row in document["rows"] if row["n"] == config["n"]]
    p = np.array([row["p"] for row in rows])
    measured, low, high = (np.array([row[name] for row in rows]) for name in ("measured", "low", "high"))
    half = error_bars(document, rows)
    with house_style():
        figure = Figure()
        axes = figure.add_subplot()
        axes.fill_between(p, low, high, color="C0", alpha=0.15, linewidth=0)
        axes.plot(curve["p"], curve["tuned"], color="C0", label="predicted, best ridge")
        axes.plot(curve["p"], curve["ridgeless"], color="C1", linewidth=0.9, label="predicted, ridge 0")
        axes.errorbar(p, measured, half, color="black", fmt="o", elinewidth=0.9, label="measured, best ridge")
        if p[0] <= config["n"] <= p[-1]:
            axes.axvline(config["n"], color="0.5", linewidth=0.6)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_ylim(measured.min() / 2, 4 * measured.max())
        axes.set_xlabel("features p")
        axes.set_ylabel("test error")
        name = config["data"].replace("\\", "/").rsplit("/", 1)[-1]
        axes.set_title(f"{name}, {config['features']} features, n = {config['n']}", loc="left")
        axes.legend(loc="best")
    return figure


def error_bars(document: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> NDArray[np.float64]:
    """Half the widths of the 95 % intervals of the rows' measured errors, which are means over groups."""
    groups = min(GROUPS, document["verdict"]["held_out"])
    return half_width([row["measured_se"] for row in rows], groups)
