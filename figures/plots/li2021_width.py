"""The posterior of a linear network forgets what its labels say of its scale only at widths far beyond n.

A Bayesian network with one linear hidden layer of N units interpolates n = 12 labels. Given these, the
variance of each of its outputs is that of the Gaussian process of infinite width times the mean of |a|^2/N,
which is shown against the width, for labels that are smaller (r = 0.3), larger (r = 3) and as large as the
kernel expects. Solid lines are the limit of many samples and units, dashed ones exact at n = 12; marks are
means over 64 designs of 40 draws each, by Gibbs sampling of all weights. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend
from sims.claims.papers.hanin2023 import scale as claim
from theory.papers import hanin2023, li2021

SIZES = (0.3, 1.0, 3.0)
SHARES = np.array([2.0, 3.0, 5.0, 10.0, 25.0])
"""Widths over samples; at n units the sampled weights hardly move."""


def data(n: int = 12, d: int = 18, trials: int = 64) -> dict[str, Any]:
    """The scale at every width in the limit and exactly, and sampled at some."""
    line = np.geomspace(1.0, 40.0, 100)
    widths = np.rint(n * SHARES).astype(int)
    found: dict[str, Any] = {"n": n, "line": line}
    for r in SIZES:
        found[f"limit {r}"] = li2021.renormalisation(1 / line, r)
        found[f"exact {r}"] = hanin2023.scale(n, n * line, r)
        shown = marks.swept(claim, "width", widths.tolist(), trials, f"li2021 width {r}", n=n, d=d, r=r)
        found[f"simulated {r}"] = shown._replace(x=shown.x / n)
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Units per sample from which on the scale is within a tenth of that of infinite width."""
    far = {r: np.abs(data[f"exact {r}"] - 1) > 0.1 for r in SIZES if r != 1.0}
    return {f"width_at_size_{r:g}": float(data["line"][off].max()) for r, off in far.items()}


def draw(data: dict[str, Any]) -> Figure:
    """One colour and marker for each size of the labels."""
    figure = files.page()
    axes = figure.add_subplot()
    names = [f"r = {r:g}" for r in SIZES]
    for i, (r, name, marker) in enumerate(zip(SIZES, names, "osD", strict=True)):
        limit, exact = (data["line"], data[f"limit {r}"]), (data["line"], data[f"exact {r}"])
        curve(axes, name, f"C{i}", marker, limit, exact, data[f"simulated {r}"])
    axes.set_xscale("log")
    marks.plain_ticks(axes.xaxis)
    axes.set_ylim(0.0, None)
    axes.set_xlabel(f"units per sample, N/n (n = {data['n']})")
    axes.set_ylabel("variance, over width ∞")
    legend(axes, *names, loc="upper right")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
