"""Averaging random-feature models removes the peak: infinitely many err like one of infinite width.

Test error of the mean of K ridge regressions on independent draws of p tanh features, with the same n = 80
samples on the sphere of R^40, ridge 0.01, a linear target of power 1 and noise of variance 0.2: the limit of large
d (solid) and means over 16 sets of two samples crossed with two weights, which give the error for every K, exact
given the draws; granted 5/n. Parameters ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures._random_features import column
from figures.dascoli2020_decomposition import ALLOWED, N, D, NOISE, RIDGE, TRIALS
from sims import features
from sims.claims import _sphere
from theory.papers import dascoli2020

MEMBERS = (1.0, 2.0, 10.0, np.inf)


def _errors(p: int, rng: np.random.Generator) -> Any:
    """Test error for each K, from the variances of one model."""
    X, W = ([features.sphere(count, D, rng) for _ in range(2)] for count in (N, p))
    of = _sphere.variances(X, W, "tanh", RIDGE / D, _sphere.Target(noise=NOISE))
    by_weights = of.features + of.samples_features + of.noise_samples_features
    return NOISE + of.bias + of.samples + of.noise_samples + by_weights / np.array(MEMBERS)


def _limit(p: Any, members: float) -> Any:
    return dascoli2020.decomposition(
        np.asarray(p) / D, N / D, RIDGE, "tanh", noise=NOISE, members=members
    ).test


def data() -> dict[str, Any]:
    """Limits on a line of p/n, and simulated means at whole p."""
    p = np.unique(np.rint(N * np.geomspace(0.125, 8, 13)).astype(int))
    ratio = np.geomspace(0.125, 8, 200)
    samples = marks.simulated(_errors, p.tolist(), TRIALS, "dascoli2020 ensembling")
    found: dict[str, Any] = {"ratio": ratio, "infinite width": float(_limit(np.inf, 1))}
    for i, members in enumerate(MEMBERS):
        found[f"limit {members:g}"] = _limit(ratio * N, members)
        found[f"simulated {members:g}"] = marks.points(p / N, column(samples, i), _limit(p, members), ALLOWED)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """One line for each K."""
    figure = files.page()
    axes = figure.add_subplot()
    for i, (members, marker) in enumerate(zip(MEMBERS, "osD^", strict=True)):
        label = "K = ∞" if np.isinf(members) else f"K = {members:g}"
        axes.plot(data["ratio"], data[f"limit {members:g}"], color=f"C{i}", label=label)
        marks.scatter(axes, data[f"simulated {members:g}"], f"C{i}", None, marker)
    axes.axhline(data["infinite width"], color="0.4", linestyle=":", linewidth=0.9, label="infinite width")
    marks.threshold(axes, 1.0, "p = n")
    axes.set_xscale("log")
    axes.set_yscale("log")
    marks.plain_ticks(axes.xaxis)
    marks.plain_ticks(axes.yaxis)
    axes.set_xlabel("features per sample p/n")
    axes.set_ylabel("test error")
    axes.legend()
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The peak of one model and of ten."""
    return {f"peak_{k:g}": float(data[f"limit {k:g}"].max()) for k in MEMBERS[:3]}
