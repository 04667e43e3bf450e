"""Classifiers have a peak too, where the samples become separable, at fewer features than half the samples.

There are two Gaussian classes, and linear classifiers by logistic regression that is run to the end. Left,
the p/n from which n samples are separable, against the distance r of the class means from 0, at n = 60.
Right, the test error against p/n at n = 120, where every feature is a little informative, r² = 1 + 2 p/n:
maximum likelihood below the threshold, the largest margin above it. Lines are limits, marks means over 128
data sets; open marks next to the threshold are medians with the 5 % and 95 % quantiles. The parameters are
ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, threshold
from sims.claims.papers import deng2022 as claims
from sims.experiments import gaussian_mixture
from sims.experiments.classifiers import descent_limit
from sims.verdict import edge
from theory import classification
from theory.papers import deng2022


def _errors(n: int, weak: float, p: Any, rng: np.random.Generator) -> Any:
    """Errors on the first p features of one data set."""
    mean = np.append(1.0, np.full(p[-1] - 1, np.sqrt(weak / n)))
    Z = gaussian_mixture.signed_samples(n, mean, rng)
    return np.array([gaussian_mixture.error(descent_limit(Z[:, :size]), mean[:size]) for size in p])


def _limit(weak: float, gamma: Any) -> Any:
    return deng2022.gmm_error(gamma, np.sqrt(1 + weak * np.asarray(gamma)))


def _peak(weak: float) -> float:
    """The p/n at which the growing model meets its own threshold."""
    from scipy.optimize import brentq

    return float(
        brentq(lambda g: classification.separability_threshold(np.sqrt(1 + weak * g)) - g, 0.05, 0.5)
    )


def data(n: int = 120, small: int = 60, weak: float = 2.0, trials: int = 128) -> dict[str, Any]:
    """Thresholds along r, and the error along p/n."""
    r, grid = np.linspace(0.0, 2.0, 60), np.array([0.0, 0.4, 0.8, 1.2, 1.6, 2.0])
    found: dict[str, Any] = {
        "weak": weak,
        "r": r,
        "threshold": classification.separability_threshold(r),
        "peak": _peak(weak),
    }
    found["simulated threshold"] = marks.points(
        grid,
        marks.simulated(
            lambda r, rng: gaussian_mixture.separability(small, r, rng),
            grid.tolist(),
            trials,
            "deng2022 threshold",
        ),
        classification.separability_threshold(grid),
        claims.threshold.granted({"n": small}),
    )
    p = np.unique(
        np.rint(np.array([0.04, 0.08, 0.12, 0.16, 0.2, 0.25, 0.35, 0.5, 0.7, 1.0, 1.5, 2.0]) * n)
    ).astype(int)
    (sample,) = marks.simulated(lambda _, rng: _errors(n, weak, p, rng), [0], trials, "deng2022 error")
    heavy = np.abs(p - found["peak"] * n) <= edge(n)
    gamma = np.geomspace(0.04, 2.0, 120)
    found["gamma"], found["error"] = gamma, _limit(weak, gamma)
    found["simulated error"] = marks.points(
        p / n, sample, _limit(weak, p / n), claims.error.granted({"n": n}), heavy
    )
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Thresholds at r = 0 and of the growing model, and the height of its peak."""
    weak = data["weak"]
    return {
        "threshold_random_labels": float(data["threshold"][0]),
        "threshold_growing_model": data["peak"],
        "error_at_peak": float(_limit(weak, data["peak"])),
        "error_at_2n": float(data["error"][-1]),
    }


def draw(data: dict[str, Any]) -> Figure:
    """The threshold, and the error across it."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    curve(left, "threshold", "C0", "o", (data["r"], data["threshold"]), simulated=data["simulated threshold"])
    left.set_ylim(0.0, 0.55)
    left.annotate("separable", (0.6, 0.8), xycoords="axes fraction", color="0.3")
    left.annotate("not separable", (0.08, 0.15), xycoords="axes fraction", color="0.3")
    left.set_xlabel("distance of a class mean from 0, r")
    left.set_ylabel("features per sample, p/n")
    curve(right, "error", "C1", "s", (data["gamma"], data["error"]), simulated=data["simulated error"])
    threshold(right, data["peak"], "threshold")
    right.set_xscale("log")
    marks.plain_ticks(right.xaxis)
    right.set_xlabel("features per sample, p/n")
    right.set_ylabel("share of wrong labels")
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={"small": "samples of the left panel", "weak": "summed power of n weak features"},
)
