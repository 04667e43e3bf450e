"""Random features: a tiny ridge leaves the peak at p = n, the best ridge removes it.

The curves are the test error of ridge regression on p random ReLU features after n = 100 samples on the
sphere of R^50, for a linear target of power 1 and noise of variance 0.2. Solid lines are the limit of large
d, dashed ones the equation with the spectrum at d = 50, marks means over 10 draws of samples and weights,
exact given both. The best ridge is that of the limit at each p. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._random_features import equation, measured
from sims.claims.papers.mei2022 import over_parameterized as claim
from theory.papers import mei2022


def _test(n: int, d: int, noise: float, place: tuple[int, float], rng: np.random.Generator) -> float:
    p, ridge = place
    return measured("relu", n, p, d, ridge, noise, rng).test


def data(
    n: int = 100, d: int = 50, noise: float = 0.2, small: float = 1e-3, trials: int = 10
) -> dict[str, Any]:
    """Limits on a line of p/n, and the equation and simulated means at whole p."""
    allowed = claim.granted({"n": n})  # for tanh; here the spectrum at this d takes care of relu
    p = np.unique(np.rint(n * np.geomspace(0.1, 10, 15)).astype(int))
    ratio = np.geomspace(0.1, 10, 200)
    best = mei2022.optimal(ratio * n / d, n / d, noise=noise)
    found: dict[str, Any] = {
        "small": small,
        "ratio": ratio,
        "limit small": mei2022.risk(ratio * n / d, n / d, small, noise=noise).test,
        "limit best": best.test,
        "equation small": equation("relu", n, ratio * n, d, small, noise).test,
        "equation best": equation("relu", n, ratio * n, d, best.ridge, noise).test,
    }
    ridges = {"small": np.full(len(p), small), "best": mei2022.optimal(p / d, n / d, noise=noise).ridge}
    for name, ridge in ridges.items():
        samples = marks.simulated(
            partial(_test, n, d, noise),
            list(zip(p.tolist(), ridge.tolist(), strict=True)),
            trials,
            f"mei2022 risk {name}",
        )
        expected = equation("relu", n, p, d, ridge, noise).test
        found[f"simulated {name}"] = marks.points(p / n, samples, expected, allowed)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Both test errors on logarithmic axes."""
    small = data["small"]
    figure = files.page()
    axes = figure.add_subplot()
    for color, name, label, marker in (("C0", "small", f"ridge {small:g}", "o"),
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
    small = data["small"]
    at = int(np.argmin(np.abs(np.log(data["ratio"]))))
    return {
        "ridge": small,
        "peak_limit": float(data["limit small"].max()),
        "best_ridge_test_at_peak": float(data["limit best"][at]),
    }


FIGURE = PaperFigure(
    data=data, draw=draw, numbers=numbers, meanings={"small": "the small ridge, d times that of overparam"}
)
