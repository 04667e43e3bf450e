"""Random features: a tiny ridge leaves the peak at p = n, the best ridge removes it.

The curves are the test error of ridge regression on p random ReLU features after n = 100 samples on the
sphere of R^50, for a linear target of power 1 and noise of variance 0.2. Solid lines are the limit of large
d, dashed ones the equation with the spectrum at d = 50, marks means over 10 draws of samples and weights,
exact given both. The best ridge is that of the limit at each p. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._random_features import equation, measured
from sims.claims.papers.mei2022 import over_parameterized as claim
from theory.papers import mei2022

N, D, NOISE, SMALL, TRIALS = 100, 50, 0.2, 1e-3, 10
ALLOWED = claim.granted({"n": N})  # for tanh; here the spectrum at d = 50 takes care of relu


def _test(place: tuple[int, float], rng: np.random.Generator) -> float:
    p, ridge = place
    return measured("relu", N, p, D, ridge, NOISE, rng).test


def data() -> dict[str, Any]:
    """Limits on a line of p/n, and the equation and simulated means at whole p."""
    p = np.unique(np.rint(N * np.geomspace(0.1, 10, 15)).astype(int))
    ratio = np.geomspace(0.1, 10, 200)
    best = mei2022.optimal(ratio * N / D, N / D, noise=NOISE)
    found: dict[str, Any] = {
        "ratio": ratio,
        "limit small": mei2022.risk(ratio * N / D, N / D, SMALL, noise=NOISE).test,
        "limit best": best.test,
        "equation small": equation("relu", N, ratio * N, D, SMALL, NOISE).test,
        "equation best": equation("relu", N, ratio * N, D, best.ridge, NOISE).test,
    }
    ridges = {"small": np.full(len(p), SMALL), "best": mei2022.optimal(p / D, N / D, noise=NOISE).ridge}
    for name, ridge in ridges.items():
        samples = marks.simulated(
            _test, list(zip(p.tolist(), ridge.tolist(), strict=True)), TRIALS, f"mei2022 risk {name}"
        )
        expected = equation("relu", N, p, D, ridge, NOISE).test
        found[f"simulated {name}"] = marks.points(p / N, samples, expected, ALLOWED)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Both test errors on logarithmic axes."""
    figure = files.page()
    axes = figure.add_subplot()
    for color, name, label, marker in (("C0", "small", f"ridge {SMALL:g}", "o"),
                                       ("C1", "best", "best ridge", "s")):  # fmt: skip
        axes.plot(data["ratio"], data[f"limit {name}"], color=color, label=label)
        axes.plot(data["ratio"], data[f"equation {name}"], color=color, linestyle="--", linewidth=0.9)
        marks.scatter(axes, data[f"simulated {name}"], color, None, marker)
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
    """How high the peak is, and what the best ridge makes of it."""
    at = int(np.argmin(np.abs(np.log(data["ratio"]))))
    return {
        "ridge": SMALL,
        "peak_limit": float(data["limit small"].max()),
        "best_ridge_test_at_peak": float(data["limit best"][at]),
    }


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
