"""Ridgeless regression on isotropic coordinates: a strong signal makes a minimum and a rise after the peak.

The test error is shown against p/n for three signals and unit noise at n = 60. Dashed lines are the exact
mean, solid ones the limit of large n. Marks are means over 64 designs, each design's risk in closed form;
open marks near p = n, where means mislead, are medians with the 5 % and 95 % quantiles. Beyond the
threshold the error falls for every signal, for ever if the signal is at most the noise; a stronger one
makes a minimum (crosses) and then a rise. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots import _isotropic
from figures.plots._curve import curve, legend, logarithmic, threshold
from theory.exact import least_squares
from theory.papers import hastie2022

SIGNALS = (1.0, 2.5, 5.0)


def data(n: int = 60, noise: float = 1.0, trials: int = 64) -> dict[str, Any]:
    """Limits on a line of p/n, and exact and simulated means at whole p."""
    p = _isotropic.sizes(0.1 * n, 10 * n, 24)
    parts = _isotropic.parts([(n, size) for size in p], trials, "hastie2022 snr")
    gamma = np.geomspace(0.1, 10, 400)
    found: dict[str, Any] = {
        "n": n,
        "noise": noise,
        "gamma": gamma,
        "exact_p": np.arange(n // 10, 10 * n + 1),
    }
    for signal in SIGNALS:
        exact = least_squares(n, p, signal=signal, noise=noise).test
        found[f"limit {signal:g}"] = hastie2022.isotropic(gamma, signal=signal, noise=noise).test
        found[f"exact {signal:g}"] = least_squares(n, found["exact_p"], signal=signal, noise=noise).test
        found[f"minimum {signal:g}"] = hastie2022.ridgeless_minimum(signal, noise)
        found[f"simulated {signal:g}"] = marks.points(
            p / n, parts.test(signal, noise), exact, heavy=_isotropic.near(n, p)
        )
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Where the error is least beyond the threshold, for the strongest signal."""
    gamma, test = data[f"minimum {SIGNALS[-1]:g}"]
    return {"best_ratio": float(gamma), "best_test": float(test), "signal": SIGNALS[-1]}


def draw(data: dict[str, Any]) -> Figure:
    """Test error on logarithmic axes, one colour for each signal."""
    n, noise = data["n"], data["noise"]
    figure = files.page()
    axes = figure.add_subplot()
    for i, (signal, marker) in enumerate(zip(SIGNALS, "osD", strict=True)):
        limit = data["gamma"], data[f"limit {signal:g}"]
        exact = data["exact_p"] / n, data[f"exact {signal:g}"]
        curve(axes, f"signal {signal:g}", f"C{i}", marker, limit, exact, data[f"simulated {signal:g}"])
        if np.isfinite(data[f"minimum {signal:g}"]).all():
            axes.plot(*data[f"minimum {signal:g}"][:, None], "kx", markersize=6, zorder=4, label="minimum")
    threshold(axes, 1.0, "p = n")
    logarithmic(axes, noise, 40.0 * noise)
    axes.set_xlabel("features per sample, p/n")
    axes.set_ylabel(f"test error (noise = {noise:g})")
    legend(axes, *(f"signal {signal:g}" for signal in SIGNALS), loc="upper left")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers, published={"n": 200}, redraws="Fig. 2†")
