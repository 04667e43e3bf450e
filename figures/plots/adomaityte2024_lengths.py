"""The same covariance, another error: rows of random length teach less than Gaussian ones.

Test error of ridge regression with ridge 0.02 against n/p, for Gaussian rows and for rows that are Gaussian
times the root of a random scale, 1/s or s with mean 1, for s = 3 and 10: all have one covariance. Lines are
limits, points means over 60 designs at p = 60, exact given each. Few rows carry most of the length, so that
about three times the samples are needed for the same error at s = 10. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

import theory
from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend
from sims.claims.papers.adomaityte2024 import risk as claim
from sims.experiments.two_levels import two_levels
from theory.papers import adomaityte2024

SPREADS = (3.0, 10.0)
SAMPLES = (45, 90, 180, 360, 720)


def data(
    p: int = 60,
    noise: float = float(claim.defaults["noise"]),
    ridge: float = float(claim.defaults["ridge"]),
    trials: int = 60,
) -> dict[str, Any]:
    """Errors on a line of n/p, and simulated ones, for each law of the lengths."""
    problem = two_levels(p / 3, 2 * p / 3, noise)
    n = p * np.geomspace(0.5, 15.0, 60)
    found: dict[str, Any] = {"noise": noise, "ratio": n / p, "spread 1": theory.ridge(problem, n, ridge).test}
    for spread in SPREADS:
        chance = [spread / (1 + spread), 1 / (1 + spread)]
        found[f"spread {spread:g}"] = adomaityte2024.risk(
            problem, n, ridge, [1 / spread, spread], chance
        ).test
        shown = marks.swept(
            claim,
            "n",
            SAMPLES,
            trials,
            "adomaityte2024 lengths",
            p=p,
            spread=spread,
            noise=noise,
            ridge=ridge,
        )
        found[f"simulated {spread:g}"] = shown._replace(x=shown.x / p)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """One colour and marker for each law."""
    noise = data["noise"]
    figure = files.page()
    axes = figure.add_subplot()
    labels = ["Gaussian rows", *(f"scales 1/{s:g} and {s:g}" for s in SPREADS)]
    axes.plot(data["ratio"], data["spread 1"], "k", label=labels[0])
    for i, (spread, marker) in enumerate(zip(SPREADS, "os", strict=True)):
        line = data["ratio"], data[f"spread {spread:g}"]
        curve(axes, labels[i + 1], f"C{i}", marker, line, simulated=data[f"simulated {spread:g}"])
    axes.axhline(noise, color="0.4", linewidth=0.7)
    axes.set_xscale("log")
    marks.plain_ticks(axes.xaxis)
    axes.set_ylim(0.0, None)
    axes.set_xlabel("samples per feature n/p")
    axes.set_ylabel("test error")
    legend(axes, *labels)
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
