"""Rows and columns of the Fourier transform, without noise: a peak and a second descent all the same.

Minimum-norm fits use n random rows and p random columns of the d x d Fourier transform; shown is the error
over all d points, for two shares n/d. Solid lines are the limit of large d, which is also the exact mean
for Haar unitary matrices of any d. Marks are means with 95 % intervals over 48 draws of rows and columns at
d = 128, each averaged over targets in closed form; open marks within 5 (n/20) of p = n are medians. A fit
of nothing errs by 1. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots import _isotropic
from figures.plots._curve import threshold
from sims.claims.papers.belkin2020 import fourier as claim
from sims.experiments import descent_models
from theory.papers import belkin2020

STYLES = {32: ("C0", "o"), 80: ("C1", "s")}  # by n


def data(d: int = 128, trials: int = 48) -> dict[str, Any]:
    """Limit and simulation for each n."""
    share = np.linspace(1 / d, 1.0, 400)
    found: dict[str, Any] = {"d": d, "share": share}
    trial = descent_models.MODELS["fourier"].trial
    for n in STYLES:
        setting = descent_models.Setting(model="fourier", n=n, d=d, noise=0.0)
        p = np.unique(np.r_[2:d:8, n - 8, n - 6, n - 3, n, n + 3, n + 6, n + 8, d])
        [sample] = marks.simulated(
            lambda at, rng: trial(at[0], at[1], rng), [(setting, p)], trials, f"belkin2020 fourier {n}"
        )
        limit = belkin2020.fourier(n / d, p / d)
        heavy = _isotropic.near(n, p)
        granted = claim.granted({"n": n})  # the claim reaches up to three times the threshold
        found[f"simulated {n}"] = marks.points(p / d, sample, limit, granted, heavy)
        found[f"limit {n}"] = belkin2020.fourier(n / d, share)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Error against p/d, one colour for each share of rows."""
    d = data["d"]
    figure = files.page()
    axes = figure.add_subplot()
    for n, (color, marker) in STYLES.items():
        axes.plot(data["share"], data[f"limit {n}"], color=color, label=f"n/d = {n / d:g}")
        marks.scatter(axes, data[f"simulated {n}"], color, None, marker)
        threshold(axes, n / d, "p = n")
    axes.axhline(1.0, color="0.6", linestyle=":", linewidth=0.8, label="no fit")
    axes.set_yscale("log")
    axes.set_ylim(0.25, 20.0)
    marks.plain_ticks(axes.yaxis)
    axes.set_xlabel("features p/d")
    axes.set_ylabel("error on all d points")
    figure.legend(loc="outside lower center", ncols=3)
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Errors with all features."""
    return {f"all_features_{n}_rows": float(data[f"limit {n}"][-1]) for n in STYLES}


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers, meanings={"d": "size of the Fourier transform"})
