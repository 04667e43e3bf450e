"""Random features: what samples and weights make only together, for target and noise, is the peak at p = n.

The test error of ridge regression on p random ReLU features is a sum of parts: each is made by a set of
random sources together (weights P, samples X, label noise e) and by no smaller set. Here n = 60 samples lie
on the sphere of R^30, the penalty beside the summed squared error is 0.008, the target is linear with power
1, and the noise has variance 0.2. Solid lines are the limit of large d, dashed ones the equation with the
spectrum at d = 30. Marks are means over 44 sets of two samples crossed with two weights; each is exact given
these. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend
from figures.plots._random_features import column, equation
from sims.claims.papers.adlam2020 import decomposition as claim
from theory.papers import adlam2020

NAMES = ("bias", "P", "X", "P, X", "X, e", "P, X, e")


def _settings(n: int, d: int, gamma: float, noise: float) -> dict[str, Any]:
    """The settings of the claim."""
    return {"n": n, "d": d, "gamma": gamma, "activation": "relu", "noise": noise}


def _measured(n: int, d: int, gamma: float, noise: float, p: int, rng: np.random.Generator) -> Any:
    return claim.measure({**_settings(n, d, gamma, noise), "p": p}, rng)


def _equation(n: int, d: int, gamma: float, noise: float, p: Any) -> tuple[Any, ...]:
    of = equation("relu", n, p, d, gamma * d / n, noise)
    return (
        of.bias, of.var_features, of.var_samples, of.var_samples_features, of.var_noise_samples,
        of.var_noise_samples_features,
    )  # fmt: skip


def data(
    n: int = 60, d: int = 30, gamma: float = 0.008, noise: float = 0.2, trials: int = 44
) -> dict[str, Any]:
    """Limits on a line of p/n, and the equation and simulated terms at whole p."""
    p = np.unique(np.rint(n * np.geomspace(0.2, 4, 9)).astype(int))
    ratio = np.geomspace(0.2, 4, 200)
    samples = marks.simulated(
        partial(_measured, n, d, gamma, noise), p.tolist(), trials, "adlam2020 variance"
    )
    limit = adlam2020.decomposition(d / n, d / (ratio * n), gamma, noise=noise)
    granted = claim.granted(_settings(n, d, gamma, noise))
    found: dict[str, Any] = {"ratio": ratio}
    for i, name in enumerate(NAMES):
        found[f"limit {name}"] = limit[i]
        found[f"equation {name}"] = _equation(n, d, gamma, noise, ratio * n)[i]
        found[f"simulated {name}"] = marks.points(
            p / n, column(samples, i), _equation(n, d, gamma, noise, p)[i], granted
        )
    return found


def draw(data: dict[str, Any]) -> Figure:
    """The target's parts beside those of label noise."""
    figure = files.page(1, 2)
    panels = figure.subplots(1, 2, sharey=True)
    for i, (name, marker) in enumerate(zip(NAMES, "osD^vP", strict=True)):
        axes = panels[int(i > 3)]
        limit = data["ratio"], data[f"limit {name}"]
        equation = data["ratio"], data[f"equation {name}"]
        curve(axes, name, f"C{i}", marker, limit, equation, data[f"simulated {name}"])
    parts = ("of the target", NAMES[:4]), ("of label noise", NAMES[4:])
    for axes, (title, names) in zip(panels, parts, strict=True):
        marks.threshold(axes, 1.0, "p = n")
        axes.set_xscale("log")
        axes.set_yscale("log")
        marks.plain_ticks(axes.xaxis)
        axes.set_title(title)
        axes.set_xlabel("features per sample p/n")
        legend(axes, *names, loc="upper right")
    panels[0].set_ylim(5e-3, 5.0)
    panels[0].set_ylabel("part of the test error")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, meanings={"gamma": "penalty beside the summed squared error"})
