"""Random features at a small ridge: noise and the draw of the features make the peak, bias and sampling do not.

The test error, stacked: bias, then what the draws of samples, of features (initialization) and of label noise
add, for p tanh features and n = 80 samples on the sphere of R^40, ridge 0.01, a linear target of power 1 and
noise of variance 0.2. Areas: limit of large d. Markers: the four sums over 16 sets of two samples crossed with two
weights, exact given these; granted 5/n. What is above is irreducible noise, left out. Parameters ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures._random_features import column
from sims.claims.dascoli2020 import decomposition as claim
from sims.sample import Sample
from theory.papers import dascoli2020

N, D, RIDGE, NOISE, TRIALS = 80, 40, 0.01, 0.2, 16
PARTS = (3, 2, 1, 0)  # of the claim, from below
NAMES = ("bias", "sampling", "initialization", "label noise")
ALLOWED = 5 / N  # twice that of the claim at its ridge 0.1: at 0.01 the peak feels the size more


def _stacked(p: int, rng: np.random.Generator) -> Any:
    at = {"n": N, "p": p, "d": D, "ridge": RIDGE, "activation": "tanh", "noise": NOISE, "members": 1}
    return np.cumsum(claim.measure(at, rng)[list(PARTS)])


def _limit(p: Any) -> Any:
    found = dascoli2020.decomposition(np.asarray(p) / D, N / D, RIDGE, "tanh", noise=NOISE)
    return np.cumsum([found[i] for i in PARTS], axis=0)


def data() -> dict[str, Any]:
    """Stacked limits on a line of p/n, and simulated sums at whole p."""
    p = np.unique(np.rint(N * np.geomspace(0.125, 8, 13)).astype(int))
    ratio = np.geomspace(0.125, 8, 200)
    samples: list[Sample] = marks.simulated(_stacked, p.tolist(), TRIALS, "dascoli2020 decomposition")
    found: dict[str, Any] = {"ratio": ratio, "limit": _limit(ratio * N)}
    for i, name in enumerate(NAMES):
        found[f"up to {name}"] = marks.points(p / N, column(samples, i), _limit(p)[i], ALLOWED)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Areas with the markers at their upper edges."""
    figure = files.page()
    axes = figure.add_subplot()
    below = np.zeros_like(data["ratio"])
    for i, (name, marker, hatch) in enumerate(zip(NAMES, "osD^", ("", "//", "..", "xx"), strict=True)):
        above = data["limit"][i]
        axes.fill_between(
            data["ratio"], below, above, facecolor=f"C{i}", alpha=0.35, hatch=hatch, edgecolor="0.35",
            linewidth=0.0, label=name,
        )  # fmt: skip
        axes.plot(data["ratio"], above, color=f"C{i}")
        marks.scatter(axes, data[f"up to {name}"], f"C{i}", None, marker)
        below = above
    marks.threshold(axes, 1.0, "p = n")
    axes.set_xscale("log")
    marks.plain_ticks(axes.xaxis)
    axes.set_xlim(data["ratio"][0], data["ratio"][-1])
    axes.set_ylim(0.0)
    axes.set_xlabel("features per sample p/n")
    axes.set_ylabel("test error above noise")
    axes.legend(reverse=True)
    return figure
