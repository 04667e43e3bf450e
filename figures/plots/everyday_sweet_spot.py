"""Digits: the test error against the width, predicted before any model is trained, and then measured.

Each of n = 400 of the 8 x 8 digits is predicted from the 399 others: exactly for p random features that are
drawn, and for every ridge from one decomposition. The best of the ridges gives the curve (thick; the band is
its 95 % interval); with ridge 0 it is the mean over the features (thin). Points
are fits with the predicted ridge: means with 95 % intervals over 20 groups of the 1,000 images held out, for
3 draws of the features. Open marks are fits with ridge 0: medians of the draws, which are not judged, because
beside p = n they have no mean. Means lie above the band at a few of the narrowest widths alone, with the band
in reach of their intervals. With the best ridge no width is too large. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.commands.sweet_spot import error_bars
from figures.figure import PaperFigure
from sims.shell.runner import Effort
from sims.sweet_spot import command as sweet_spot
from sims.verdict import statuses

FAMILIES = {"fourier": "random Fourier features", "relu": "random ReLU features"}


def data(n: int = 400, points: int = 20, trials: int = 3, seed: int = 0) -> dict[str, Any]:
    """Prediction and measurement of each family of features."""
    found: dict[str, Any] = {"n": n}
    for family in FAMILIES:
        line = ["digits", "--features", family, "--n", str(n), "--points", str(points)]
        line += ["--trials", str(trials), "--seed", str(seed)]
        document = sweet_spot.measure(sweet_spot.settings(sweet_spot.parser().parse_args(line)), Effort())
        rows = document["rows"]
        if document["verdict"]["status"] != statuses.AGREES:
            wrong = [f"p = {row['p']}" for row in rows if row["status"] == statuses.DISAGREES]
            raise marks.Disagreement(f"{family}: {document['verdict']['status']} ({', '.join(wrong)})")
        found[f"{family} error bars"] = error_bars(document, rows)
        for name in ("p", "predicted", "low", "high", "measured", "ridgeless", "ridgeless_measured"):
            found[f"{family} {name}"] = np.array([row[name] for row in rows], dtype=float)
        found[f"{family} margin"] = document["verdict"]["median_margin"]
        found[f"{family} gap"] = document["verdict"]["median_gap"]
    return found


def draw(data: dict[str, Any]) -> Figure:
    """A panel for each family."""
    n = data["n"]
    figure = files.page(1, len(FAMILIES), height=1.0)
    panels = figure.subplots(1, len(FAMILIES), sharey=True)
    for axes, (family, title) in zip(panels, FAMILIES.items(), strict=True):
        p = data[f"{family} p"]
        axes.fill_between(
            p, data[f"{family} low"], data[f"{family} high"], color="C0", alpha=0.15, linewidth=0
        )
        axes.plot(p, data[f"{family} predicted"], color="C0", label="predicted, best ridge")
        none = data[f"{family} ridgeless"]
        axes.plot(
            p, np.where(np.isfinite(none), none, np.nan), color="C1", linewidth=0.7,
            label="predicted, ridge 0",
        )  # fmt: skip
        axes.errorbar(
            p, data[f"{family} measured"], data[f"{family} error bars"], color="C0", fmt="o",
            elinewidth=0.9, label="measured, best ridge",
        )  # fmt: skip
        axes.plot(
            p, data[f"{family} ridgeless_measured"], color="C1", marker="s", linestyle="none",
            markerfacecolor="white", label="measured, ridge 0",
        )  # fmt: skip
        marks.threshold(axes, n, "p = n")
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter("{x:g}")
        axes.set_title(title, loc="left")
        axes.set_xlabel("features p")
    panels[0].set_yscale("log")
    panels[0].set_ylim(0.08, 6.0)
    marks.plain_ticks(panels[0].yaxis)
    panels[0].set_ylabel("test error")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Median gap between prediction and measurement, and what is granted."""
    return {
        f"{family}_{name}": float(data[f"{family} {what}"])
        for family in FAMILIES
        for name, what in (("median_gap", "gap"), ("median_margin", "margin"))
    }


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={"points": "sizes along the axis", "trials": "draws of training digits behind each mark"},
)
