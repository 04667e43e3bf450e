"""Samples against dimension and against features: the test error peaks twice, at n = d and at n = p.

Left, the test error of ridge regression along n, for p = 200 tanh features of inputs on the sphere of R^20,
a linear target of power 1, noise of variance 5 and two ridges. Solid lines are the limit of large d, dashed
ones the equation with the spectrum at d = 20, marks means over 12 draws, exact given samples and weights;
near n = p the tiny ridge has medians, which are not judged. Right, the limit at the tiny ridge over all
widths and samples: the nonlinear peak lies at n = p (dashed) and, for p > d, the weaker linear one at n = d
(dotted). The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import above
from figures.plots._random_features import equation, measured
from sims.claims.papers.dascoli2020triple import linearity as claim
from theory.papers import mei2022

RIDGES = (1e-5, 1e-1)
LABELS = (r"$\lambda = 10^{-5}$", r"$\lambda = 0.1$")


def _test(d: int, p: int, noise: float, ridge: float, n: int, rng: np.random.Generator) -> float:
    return measured("tanh", n, p, d, ridge, noise, rng).test


def data(d: int = 20, p: int = 200, noise: float = 5.0, trials: int = 12) -> dict[str, Any]:
    """Errors along n, and the limit on a grid of widths and samples."""
    allowed = np.asarray(claim.granted({"d": d}))[0]  # of tanh at n = d, its first number
    n = np.array([4, 8, 14, 20, 28, 40, 60, 90, 130, 165, 200, 240, 320, 450, 600])
    line = np.geomspace(0.2, 30, 200)
    found: dict[str, Any] = {"d": d, "p": p, "noise": noise, "line": line}
    for ridge in RIDGES:
        samples = marks.simulated(
            partial(_test, d, p, noise, ridge), n.tolist(), trials, f"dascoli2020triple {ridge}"
        )
        # the tiny ridge is none to the few features or samples that are almost dependent
        heavy = (ridge < 1e-3) & (np.abs(n - p) <= 50)
        expected = equation("tanh", n, p, d, ridge, noise).test
        found[f"limit {ridge:g}"] = mei2022.risk(p / d, line, ridge, "tanh", noise=noise).test
        found[f"equation {ridge:g}"] = equation("tanh", line * d, p, d, ridge, noise).test
        found[f"simulated {ridge:g}"] = marks.points(n / d, samples, expected, allowed, heavy)
    edges = np.geomspace(0.1, 100, 73)
    middles = np.sqrt(edges[1:] * edges[:-1])
    found["edges"] = edges
    found["plane"] = mei2022.risk(middles[None, :], middles[:, None], RIDGES[0], "tanh", noise=noise).test
    return found


def draw(data: dict[str, Any]) -> Figure:
    """The curve along n, and the plane it cuts."""
    d, p, noise = data["d"], data["p"], data["noise"]
    figure = files.page(1, 2, height=0.95)
    left, right = figure.subplots(1, 2)
    for i, (ridge, marker, label) in enumerate(zip(RIDGES, "os", LABELS, strict=True)):
        left.plot(data["line"], data[f"limit {ridge:g}"], color=f"C{i}", label=label)
        left.plot(data["line"], data[f"equation {ridge:g}"], color=f"C{i}", linestyle="--", linewidth=0.9)
        marks.scatter(left, data[f"simulated {ridge:g}"], f"C{i}", label, marker)
    marks.threshold(left, 1.0, "n = d")
    marks.threshold(left, p / d, "n = p")
    left.set_xscale("log")
    left.set_yscale("log")
    left.set_ylim(0.9 * noise, 30 * noise)
    marks.plain_ticks(left.xaxis)
    marks.plain_ticks(left.yaxis)
    left.set_xlabel("samples per dimension n/d")
    left.set_ylabel("test error")
    above(left, *LABELS)
    edges = data["edges"]
    image = right.pcolormesh(
        edges, edges, data["plane"], norm=LogNorm(noise, 20 * noise), cmap="cividis", rasterized=True
    )
    right.plot(edges, edges, "--", color="white", linewidth=0.9)
    right.axhline(1.0, color="white", linestyle=":", linewidth=0.9)
    right.set_xscale("log")
    right.set_yscale("log")
    right.set_xlim(edges[0], edges[-1])
    right.set_ylim(edges[0], edges[-1])
    right.set_xlabel("features per dimension p/d")
    right.set_ylabel("samples per dimension n/d")
    bar = figure.colorbar(image, ax=right, label="test error", extend="max")
    marks.plain_ticks(bar.ax.yaxis)
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
