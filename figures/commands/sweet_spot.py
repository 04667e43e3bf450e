"""A data set's test error against features and against rows: predicted before training, and measured."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures.files import house_style
from sims.sweet_spot.split import GROUPS
from sims.verdict.intervals import half_width


def draw(document: Mapping[str, Any]) -> Figure:
    """The curve and the learning curve of one run of `python -m sims.sweet_spot`, from its JSON document.

    Parameters
    ----------
    document : mapping
        "config", "rows", "curve", "learning" and "answers" as the command writes them.

    Returns
    -------
    Figure
    """
    config = document["config"]
    with house_style():
        figure = Figure(figsize=(8.6, 3.6), layout="constrained")
        widths, rows = figure.subplots(1, 2)
        _widths(widths, document)
        _rows(rows, document)
        name = config["data"].replace("\\", "/").rsplit("/", 1)[-1]
        widths.set_title(f"{name}, {config['features']} features, n = {config['n']}", loc="left")
        rows.set_title(document["learning"]["model"], loc="left")
    return figure


def _widths(axes: Axes, document: Mapping[str, Any]) -> None:
    """Errors against p, predicted and measured."""
    rows, n = document["rows"], document["config"]["n"]
    keys = ("p", "predicted", "low", "high", "ridgeless", "measured")
    p, predicted, low, high, ridgeless, measured = (np.array([row[key] for row in rows]) for key in keys)
    axes.fill_between(p, low, high, color="C0", alpha=0.15, linewidth=0)
    axes.plot(p, predicted, color="C0", label="predicted, best ridge")
    finite = np.isfinite(ridgeless)
    axes.plot(p[finite], ridgeless[finite], color="C1", linewidth=0.9, label="predicted, ridge 0")
    half = error_bars(document, rows)
    axes.errorbar(p, measured, half, color="black", fmt="o", elinewidth=0.9, label="measured, best ridge")
    if p[0] <= n <= p[-1]:
        axes.axvline(n, color="0.5", linewidth=0.6)
    axes.set(xscale="log", yscale="log", xlabel="features p", ylabel="test error")
    axes.set_ylim(measured.min() / 2, 4 * measured.max())
    axes.legend(loc="best")


def _rows(axes: Axes, document: Mapping[str, Any]) -> None:
    """Errors against the number of training rows: of parts of them, and of the law that tells more."""
    known, more = document["learning"], document["answers"]["more"]
    n, error, low, high = (np.array([entry[key] for entry in more]) for key in ("n", "error", "low", "high"))
    axes.fill_between(n, low, high, color="C0", alpha=0.15, linewidth=0)
    axes.plot(n, error, color="C0", label="law of more rows")
    half = 1.96 * np.array(known["se"])
    axes.errorbar(
        known["n"], known["error"], half, color="black", fmt="o", elinewidth=0.9, label="parts of the rows"
    )
    axes.set(xscale="log", yscale="log", xlabel="training rows", ylabel="test error")
    axes.legend(loc="best")


def error_bars(document: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> NDArray[np.float64]:
    """Half the widths of the 95 % intervals of the rows' measured errors, which are means over groups."""
    groups = min(GROUPS, document["verdict"]["held_out"])
    return half_width([row["measured_se"] for row in rows], groups)
