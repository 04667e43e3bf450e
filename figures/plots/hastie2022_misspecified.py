"""If more features see more of the target, the second descent can reach below the first.

Ridgeless least squares fits the first p of many independent coordinates (n = 50, total signal 5, noise 1),
and power 5 (1 + p/n)^-decay of the target is left out. Solid lines are limits, dashed ones exact means,
marks means over 24 designs with coordinates up to 10 n, and crosses the valleys before and beyond p = n. At
decay 2 the deeper valley lies beyond p = n, at decay 5 before it; at decay 0.5 each feature brings so
little that the error has no valley below p = n. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots import _isotropic
from figures.plots._curve import curve, legend, logarithmic, threshold
from sims.experiments.partial import partial_error
from sims.trials.sample import Sample
from theory.exact import least_squares
from theory.papers import hastie2022

DECAYS = (0.5, 2.0, 5.0)
WIDEST = 8  # p/n; coordinates beyond 10 n are noise to every fit


def _errors(n: int, signal: float, noise: float, p: Any, rng: np.random.Generator) -> Any:
    X = rng.standard_normal((n, 10 * n))
    left = [signal * (1 + np.arange(10 * n + 1) / n) ** -decay for decay in DECAYS]
    return np.array(
        [[partial_error(X, size, -np.diff(each), noise + each[-1]) for size in p] for each in left]
    ).ravel()


def data(n: int = 50, signal: float = 5.0, noise: float = 1.0, trials: int = 24) -> dict[str, Any]:
    """Curves of three decays, and the simulated points on them."""
    p = _isotropic.sizes(0.1 * n, WIDEST * n, 22).tolist()
    (sample,) = marks.simulated(
        lambda _, rng: _errors(n, signal, noise, p, rng), [0], trials, "hastie2022 misspecified"
    )
    gamma, exact_p = np.geomspace(0.1, WIDEST, 400), np.arange(n // 10, WIDEST * n + 1)
    found: dict[str, Any] = {"noise": noise, "gamma": gamma, "exact_gamma": exact_p / n}
    for decay, values in zip(DECAYS, np.split(sample.values, len(DECAYS), axis=1), strict=True):
        found[f"limit {decay:g}"] = hastie2022.misspecified(gamma, signal, noise, decay).test
        found[f"exact {decay:g}"] = _exact(n, signal, noise, exact_p, decay)
        found[f"simulated {decay:g}"] = marks.points(
            np.array(p) / n,
            Sample(values),
            _exact(n, signal, noise, np.array(p), decay),
            heavy=_isotropic.near(n, p),
        )
    return found


def _exact(n: int, signal: float, noise: float, p: Any, decay: float) -> Any:
    omitted = signal * (1 + p / n) ** -decay
    return least_squares(n, p, signal - omitted, noise, omitted).test


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Depth of the two valleys in the limit, at decays 2 and 5."""
    before = data["gamma"] < 1
    return {
        f"valley_{side}_decay_{decay:g}": float(data[f"limit {decay:g}"][at].min())
        for decay in (2.0, 5.0)
        for side, at in (("before", before), ("beyond", ~before))
    }


def _valley(gamma: Any, test: Any, below: bool) -> Any:
    """Index of the least error on this side of gamma = 1, none if that is at an end of the curve."""
    side = np.flatnonzero((gamma < 1) == below)
    least = side[[test[side].argmin()]]
    return least[(least > 0) & (least < len(gamma) - 1)]


def draw(data: dict[str, Any]) -> Figure:
    """One colour for each decay."""
    noise = data["noise"]
    figure = files.page()
    axes = figure.add_subplot()
    for i, (decay, marker) in enumerate(zip(DECAYS, "osD", strict=True)):
        limit = data["gamma"], data[f"limit {decay:g}"]
        exact = data["exact_gamma"], data[f"exact {decay:g}"]
        curve(axes, f"decay {decay:g}", f"C{i}", marker, limit, exact, data[f"simulated {decay:g}"])
        for below in (True, False):
            at = _valley(data["gamma"], data[f"limit {decay:g}"], below)
            if len(at):
                axes.plot(data["gamma"][at], data[f"limit {decay:g}"][at], "kx", markersize=6, zorder=4)
    threshold(axes, 1.0, "p = n")
    logarithmic(axes, noise, 60.0 * noise)
    axes.set_xlabel("features per sample, p/n")
    axes.set_ylabel(f"test error (noise = {noise:g})")
    legend(axes, *(f"decay {decay:g}" for decay in DECAYS), loc="upper right")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers, published={"n": 200, "signal": 5.0, "noise": 1.0})
