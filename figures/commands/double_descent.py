"""Test error against p: theory as a line, simulation as marks, the threshold as a thin line."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import marks
from figures.files import house_style
from sims.verdict.intervals import half_width


def draw(document: Mapping[str, Any]) -> Figure:
    """The curve of one run of `python -m sims.double_descent`, from its JSON document.

    Parameters
    ----------
    document : mapping
        "config", "rows", "curve" and "verdict" as the command writes them.

    Returns
    -------
    Figure
    """
    config, rows = document["config"], document["rows"]
    with house_style():
        figure = Figure()
        axes = figure.add_subplot()
        _theory(axes, config["model"] == "network", document["curve"])
        shown = measured(rows)
        marks.scatter(axes, shown)
        if config["n"] <= config["p_max"]:
            marks.threshold(axes, config["n"], "p = n", size="medium")
        axes.set_xscale("log")
        _logarithmic_error(axes, shown)
        axes.set_xlabel("number of parameters p")
        axes.set_ylabel("test error")
        axes.set_title(_title(config), loc="left")
        axes.legend(loc="best")
    return figure


def measured(rows: Sequence[Mapping[str, Any]]) -> marks.Points:
    """The simulated points of a document's rows: means, or medians where heavy-tailed; infinite ones not."""
    counted, heavy = (
        [row for row in rows if ("median" in row) == is_heavy and isfinite(float(row[name]))]
        for name, is_heavy in (("mean", False), ("median", True))
    )
    mean = np.array([row["mean"] for row in counted], dtype=float)
    half = np.array([half_width(row["se"], row["trials"]) for row in counted], dtype=float)
    quantiles = np.array([list(row["quantiles"].values()) for row in heavy], dtype=float).reshape(-1, 2)
    return marks.unjudged(
        x=[row["p"] for row in (*counted, *heavy)],
        centre=np.append(mean, [row["median"] for row in heavy]),
        low=np.append(mean - half, quantiles[:, 0]),
        high=np.append(mean + half, quantiles[:, 1]),
        heavy=np.arange(len(counted) + len(heavy)) >= len(counted),
    )


def _theory(axes: Any, network: bool, curve: Mapping[str, Any]) -> None:
    p, theory, limit = (np.array(curve[key], dtype=float) for key in ("p", "theory", "limit"))
    if curve["exact"]:
        axes.plot(p, theory, color="C0", linestyle="--", label="theory, exact at n")
    else:
        axes.plot(p, theory, color="C0", label="theory, infinite width" if network else "theory")
    if not np.allclose(theory, limit, rtol=1e-9):
        label = "limit n, d, width → ∞" if network else "limit n, p → ∞"
        axes.plot(p, limit, color="0.55", linewidth=0.9, linestyle=(0, (1, 1.5)), label=label)


def _logarithmic_error(axes: Any, shown: marks.Points) -> None:
    """A logarithmic axis that is wide enough for the means: a peak goes far beyond them."""
    means = shown.centre[~shown.heavy] if not shown.heavy.all() else shown.centre
    positive = means[means > 0]
    if len(positive):
        axes.set_yscale("log")
        axes.set_ylim(positive.min() / 1.5, (6 if shown.heavy.any() else 1.5) * positive.max())
        marks.plain_ticks(axes.yaxis)
        axes.xaxis.set_major_formatter("{x:g}")


def _title(config: Mapping[str, Any]) -> str:
    parts = [config["activation"] or "", config["model"].replace("-", " ")]
    sizes = [f"n = {config['n']}"] + ([f"d = {config['d']}"] if config["d"] else [])
    powers = [f"{name} {config[name]:g}" for name in ("ridge", "noise")]
    return " ".join(filter(None, parts)) + ": " + ", ".join(sizes + powers)
