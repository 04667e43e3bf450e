"""Test error against p: theory as a line, simulation as marks, the threshold as a thin line."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FormatStrFormatter

from figures import marks
from figures.files import house_style


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
    config, rows, curve = document["config"], document["rows"], document["curve"]
    with house_style():
        figure = Figure()
        axes = figure.add_subplot()
        p = np.array(curve["p"], dtype=float)
        theory, limit = (np.array(curve[key], dtype=float) for key in ("theory", "limit"))
        counted = [row for row in rows if "median" not in row and isfinite(float(row["mean"]))]
        heavy = [row for row in rows if "median" in row and isfinite(float(row["median"]))]
        shown = [row["mean"] for row in counted] or [row["median"] for row in heavy]

        if curve["exact"]:
            axes.plot(p, theory, color="C0", linestyle="--", label="theory, exact at n")
        else:
            width = ", infinite width" if config["model"] == "network" else ""
            axes.plot(p, theory, color="C0", label="theory" + width)
        if not np.allclose(theory, limit, rtol=1e-9):
            axes.plot(
                p,
                limit,
                color="0.55",
                linewidth=0.9,
                linestyle=(0, (1, 1.5)),
                label="limit n, d, width → ∞" if config["model"] == "network" else "limit n, p → ∞",
            )
        if counted:
            intervals = np.array([_half_width(row) for row in counted])
            x, y = ([row[key] for row in counted] for key in ("p", "mean"))
            axes.errorbar(x, y, intervals, color="C1", fmt="o", elinewidth=0.9, label="simulation, 95 %")
        if heavy:
            x, y = ([row[key] for row in heavy] for key in ("p", "median"))
            spread = np.array([list(row["quantiles"].values()) for row in heavy], dtype=float).T
            axes.errorbar(
                x, y, np.abs(spread - np.array(y)), color="C1", fmt="o", markerfacecolor="white",
                elinewidth=0.6, label="median, 5–95 %",
            )  # fmt: skip
        if config["n"] <= config["p_max"]:
            axes.axvline(config["n"], color="0.4", linewidth=0.7, zorder=0)
            axes.annotate(
                "p = n", (config["n"], 1.0), xycoords=("data", "axes fraction"),
                xytext=(3, -2), textcoords="offset points", va="top", color="0.3",
            )  # fmt: skip
        axes.set_xscale("log")
        positive = [y for y in shown if y > 0]
        if positive:
            axes.set_yscale("log")
            # a peak goes far beyond what is counted
            axes.set_ylim(min(positive) / 1.5, (6 if heavy else 1.5) * max(positive))
            marks.plain_ticks(axes.yaxis)
            axes.xaxis.set_major_formatter(FormatStrFormatter("%g"))
        axes.set_xlabel("number of parameters p")
        axes.set_ylabel("test error")
        axes.set_title(_title(config), loc="left")
        axes.legend(loc="best")
    return figure


def _half_width(row: Mapping[str, Any]) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(max(row["trials"] - 1, 1), 0.975) * row["se"])


def _title(config: Mapping[str, Any]) -> str:
    parts = [config["activation"] or "", config["model"].replace("-", " ")]
    sizes = [f"n = {config['n']}"] + ([f"d = {config['d']}"] if config["d"] else [])
    powers = [f"{name} {config[name]:g}" for name in ("ridge", "noise")]
    return " ".join(filter(None, parts)) + ": " + ", ".join(sizes + powers)
