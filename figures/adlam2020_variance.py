"""Random features: the variance that samples and weights make only together is what makes the peak.

Parts of the test error along p/n, each made by a set of random sources together (weights P, samples X,
label noise e) and by no smaller set, for p tanh features and n = 80 samples on the sphere of R^40, gamma = 0.5
beside the summed squared error, a linear target of power 1 and noise of variance 0.5: limit of large d (lines) and
means over 24 sets of two samples crossed with two weights, exact given these. Parameters ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures._random_features import column
from sims.claims.adlam2020 import decomposition as claim
from theory.papers import adlam2020

N, D, GAMMA, NOISE, TRIALS = 80, 40, 0.5, 0.5, 24
NAMES = ("bias", "P", "X", "P, X", "X, e", "P, X, e")
LINES = ("-", "--", ":", "-", "--", "-")
ALLOWED = 5 / N  # that of the claim


def _measured(p: int, rng: np.random.Generator) -> Any:
    return claim.measure({**claim.defaults, "n": N, "d": D, "p": p, "gamma": GAMMA, "noise": NOISE}, rng)


def _limit(p: Any) -> Any:
    return adlam2020.decomposition(D / N, D / np.asarray(p), GAMMA, "tanh", noise=NOISE)


def data() -> dict[str, Any]:
    """Limits on a line of p/n, and simulated terms at whole p."""
    p = np.unique(np.rint(N * np.geomspace(0.25, 8, 11)).astype(int))
    ratio = np.geomspace(0.25, 8, 200)
    samples = marks.simulated(_measured, p.tolist(), TRIALS, "adlam2020 variance")
    found: dict[str, Any] = {"ratio": ratio}
    for i, name in enumerate(NAMES):
        found[f"limit {name}"] = _limit(ratio * N)[i]
        found[f"simulated {name}"] = marks.points(p / N, column(samples, i), _limit(p)[i], ALLOWED)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """The target's parts beside those of label noise."""
    figure = files.page(1, 2)
    panels = figure.subplots(1, 2, sharey=True)
    for i, (name, marker, line) in enumerate(zip(NAMES, "osD^vP", LINES, strict=True)):
        axes = panels[int(i > 3)]
        axes.plot(data["ratio"], data[f"limit {name}"], line, color=f"C{i}", label=name)
        marks.scatter(axes, data[f"simulated {name}"], f"C{i}", None, marker)
    for axes, title in zip(panels, ("of the target", "of label noise"), strict=True):
        marks.threshold(axes, 1.0, "p = n")
        axes.set_xscale("log")
        axes.set_yscale("log")
        marks.plain_ticks(axes.xaxis)
        axes.set_title(title)
        axes.set_xlabel("features per sample p/n")
        axes.legend()
    panels[0].set_ylabel("part of the test error")
    return figure
