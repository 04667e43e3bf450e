"""Random features at a small ridge: label noise and the draw of the features make the peak at p = n.

The stack is the test error of ridge regression on p ReLU features, without its irreducible noise: the bias,
then what the draws of samples, of features (initialization) and of label noise add. Here n = 60 samples lie
on the sphere of R^30, the ridge is 0.001, the target is linear with power 1, and the noise has variance
0.2. Areas are the limit of large d, dashed lines the equation with the spectrum at d = 30. Marks are the
four sums over 16 sets of two samples crossed with two weights, exact given these. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._random_features import column, equation
from sims.claims.papers.dascoli2020 import decomposition as claim
from theory.papers import dascoli2020

NAMES = ("bias", "sampling", "initialization", "label noise")


def _settings(n: int, d: int, ridge: float, noise: float) -> dict[str, Any]:
    """The settings of the claim."""
    return {"n": n, "d": d, "ridge": ridge, "activation": "relu", "noise": noise, "members": 1}


def allowed(n: int, d: int, ridge: float, noise: float) -> Any:
    """Twice what the claim grants at its own ridge, 0.1; measured: up to 5/n of single terms."""
    return 2 * np.asarray(claim.granted(_settings(n, d, ridge, noise)))


def _stacked(n: int, d: int, ridge: float, noise: float, p: int, rng: np.random.Generator) -> Any:
    return np.cumsum(claim.measure({**_settings(n, d, ridge, noise), "p": p}, rng)[::-1])


def data(
    n: int = 60, d: int = 30, ridge: float = 1e-3, noise: float = 0.2, trials: int = 48
) -> dict[str, Any]:
    """Stacked limits on a line of p/n, and simulated sums at whole p."""
    p = np.unique(np.rint(n * np.geomspace(0.125, 4, 11)).astype(int))
    ratio = np.geomspace(0.125, 4, 200)
    limit = dascoli2020.decomposition(ratio * n / d, n / d, ridge, noise=noise)
    samples = marks.simulated(
        partial(_stacked, n, d, ridge, noise), p.tolist(), trials, "dascoli2020 decomposition"
    )
    found: dict[str, Any] = {
        "ratio": ratio,
        "limit": np.cumsum(limit[3::-1], axis=0),
        "equation": _equation(n, d, ridge, noise, ratio * n),
    }
    for i, (name, expected) in enumerate(zip(NAMES, _equation(n, d, ridge, noise, p), strict=True)):
        found[f"up to {name}"] = marks.points(
            p / n, column(samples, i), expected, allowed(n, d, ridge, noise)
        )
    return found


def _equation(n: int, d: int, ridge: float, noise: float, p: Any) -> Any:
    of = equation("relu", n, p, d, ridge, noise)
    by_features = of.var_features + of.var_samples_features
    return np.cumsum([of.bias, of.var_samples, by_features, of.test - noise - of.bias - of.var_samples
                      - by_features], axis=0)  # fmt: skip


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
        axes.plot(data["ratio"], data["equation"][i], color=f"C{i}", linestyle="--", linewidth=0.9)
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


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """What is stacked at p = n, in the limit."""
    at = int(np.argmin(np.abs(np.log(data["ratio"]))))
    parts = np.diff(data["limit"][:, at], prepend=0.0)
    return {f"{name.replace(' ', '_')}_at_peak": float(part) for name, part in zip(NAMES, parts, strict=True)}


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
