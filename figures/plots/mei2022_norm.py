"""Random features: the norm of the coefficients peaks at p = n with the error, and a ridge holds it down.

The curves are the squared norm of the ridge fit over d, for p random ReLU features over sqrt(p) and n = 100
samples on the sphere of R^50, a linear target of power 1 and noise of variance 0.2. Solid lines are the
limit of large d, dashed ones the equation with the spectrum at d = 50, marks means over 24 draws, exact
given samples and weights. As p grows the norm tends to that of the kernel machine (dotted). The parameters
are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._random_features import equation, measured
from sims.claims.papers.mei2022 import norm as claim
from theory.papers import mei2022

RIDGES = (1e-3, 1e-2, 1e-1)


def _norm(n: int, d: int, noise: float, ridge: float, p: int, rng: np.random.Generator) -> float:
    return measured("relu", n, p, d, ridge, noise, rng).norm / d


def data(n: int = 100, d: int = 50, noise: float = 0.2, trials: int = 24) -> dict[str, Any]:
    """Limits on a line of p/n, and the equation and simulated means at whole p."""
    allowed = claim.granted({"n": n})  # for tanh; here the spectrum at this d takes care of relu
    p = np.unique(np.rint(n * np.geomspace(0.1, 8, 13)).astype(int))
    ratio = np.geomspace(0.1, 10, 200)
    found: dict[str, Any] = {"ratio": ratio}
    for ridge in RIDGES:
        samples = marks.simulated(
            partial(_norm, n, d, noise, ridge), p.tolist(), trials, f"mei2022 norm {ridge}"
        )
        expected = equation("relu", n, p, d, ridge, noise).norm / d
        found[f"limit {ridge:g}"] = mei2022.risk(ratio * n / d, n / d, ridge, noise=noise).norm
        found[f"equation {ridge:g}"] = equation("relu", n, ratio * n, d, ridge, noise).norm / d
        found[f"kernel {ridge:g}"] = float(mei2022.risk(np.inf, n / d, ridge, noise=noise).norm)
        found[f"simulated {ridge:g}"] = marks.points(p / n, samples, expected, allowed)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """The norms on logarithmic axes, one colour for each ridge."""
    figure = files.page()
    axes = figure.add_subplot()
    for i, (ridge, marker) in enumerate(zip(RIDGES, "osD", strict=True)):
        axes.plot(data["ratio"], data[f"limit {ridge:g}"], color=f"C{i}", label=f"ridge {ridge:g}")
        axes.plot(data["ratio"], data[f"equation {ridge:g}"], color=f"C{i}", linestyle="--", linewidth=0.9)
        axes.plot([1.0, 10.0], [data[f"kernel {ridge:g}"]] * 2, color=f"C{i}", linestyle=":", linewidth=0.9)
        marks.scatter(axes, data[f"simulated {ridge:g}"], f"C{i}", None, marker)
    marks.threshold(axes, 1.0, "p = n")
    axes.set_xscale("log")
    axes.set_yscale("log")
    marks.plain_ticks(axes.xaxis)
    axes.set_xlabel("features per sample p/n")
    axes.set_ylabel("squared norm |a|²/d")
    axes.legend()
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
