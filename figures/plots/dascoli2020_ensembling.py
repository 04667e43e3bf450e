"""Averaging random-feature models shrinks the peak, and infinitely many err like one of infinite width.

The curves are the test error of the mean of K ridge regressions on independent draws of p ReLU features,
with the same n = 60 samples on the sphere of R^30, ridge 0.001, a linear target of power 1 and noise of
variance 0.2. Solid lines are the limit of large d, dashed ones the equation with the spectrum at d = 30.
Marks are means over 16 sets of two samples crossed with two weights, which give the error for every K,
exact given the draws. The dotted line is one model of infinite width in the limit. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import above
from figures.plots._random_features import column, equation
from figures.plots.dascoli2020_decomposition import allowed
from sims import features
from sims.experiments import sphere
from theory.papers import dascoli2020

MEMBERS = (1.0, 2.0, 10.0, np.inf)


def _errors(n: int, d: int, ridge: float, noise: float, p: int, rng: np.random.Generator) -> Any:
    """Test error for each K, from the variances of one model."""
    X, W = ([features.sphere(count, d, rng) for _ in range(2)] for count in (n, p))
    of = sphere.variances(X, W, "relu", ridge / d, sphere.Target(noise=noise))
    by_weights = of.features + of.samples_features + of.noise_samples_features
    return noise + of.bias + of.samples + of.noise_samples + by_weights / np.array(MEMBERS)


def _equation(n: int, d: int, ridge: float, noise: float, p: Any, members: float) -> Any:
    of = equation("relu", n, p, d, ridge, noise)
    by_weights = of.var_features + of.var_samples_features + of.var_noise_samples_features
    return of.test - by_weights * (1 - 1 / members)


def data(
    n: int = 60, d: int = 30, ridge: float = 1e-3, noise: float = 0.2, trials: int = 48
) -> dict[str, Any]:
    """Limits on a line of p/n, and the equation and simulated means at whole p."""
    p = np.unique(np.rint(n * np.geomspace(0.125, 4, 11)).astype(int))
    ratio = np.geomspace(0.125, 4, 200)
    samples = marks.simulated(
        partial(_errors, n, d, ridge, noise), p.tolist(), trials, "dascoli2020 ensembling"
    )
    limit = partial(dascoli2020.decomposition, psi2=n / d, ridge=ridge, noise=noise)
    found: dict[str, Any] = {"ratio": ratio, "infinite width": float(limit(np.inf).test)}
    for i, members in enumerate(MEMBERS):
        found[f"limit {members:g}"] = limit(ratio * n / d, members=members).test
        found[f"equation {members:g}"] = _equation(n, d, ridge, noise, ratio * n, members)
        found[f"simulated {members:g}"] = marks.points(
            p / n, column(samples, i), _equation(n, d, ridge, noise, p, members), allowed(n, d, ridge, noise)
        )
    return found


def draw(data: dict[str, Any]) -> Figure:
    """One line for each K."""
    figure = files.page()
    axes = figure.add_subplot()
    labels: list[str] = []
    for i, (members, marker) in enumerate(zip(MEMBERS, "osD^", strict=True)):
        labels.append("K = ∞" if np.isinf(members) else f"K = {members:g}")
        axes.plot(data["ratio"], data[f"limit {members:g}"], color=f"C{i}", label=labels[-1])
        axes.plot(data["ratio"], data[f"equation {members:g}"], color=f"C{i}", linestyle="--", linewidth=0.9)
        marks.scatter(axes, data[f"simulated {members:g}"], f"C{i}", labels[-1], marker)
    axes.axhline(data["infinite width"], color="0.4", linestyle=":", linewidth=0.9, label="infinite width")
    marks.threshold(axes, 1.0, "p = n")
    axes.set_xscale("log")
    axes.set_yscale("log")
    marks.plain_ticks(axes.xaxis)
    marks.plain_ticks(axes.yaxis)
    axes.set_xlabel("features per sample p/n")
    axes.set_ylabel("test error")
    axes.set_ylim(top=3.2)  # the peak leaves room for the name of the threshold
    above(axes, *labels, "infinite width", columns=3)
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The peak of one model and of ten."""
    return {f"peak_{k:g}": float(data[f"limit {k:g}"].max()) for k in MEMBERS[:3]}


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
