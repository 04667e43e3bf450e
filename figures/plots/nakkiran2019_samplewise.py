"""More data can hurt: the minimum-norm fit in d dimensions errs most with about n = d samples.

The curves are the test error of least squares of minimum norm on d = 100 isotropic coordinates against the
number n of samples, with signal 1 and three levels of label noise. Dashed lines are exact means, marks means
over 32 growing data sets, exact given each design, and open marks near n = d medians with the 5 % and 95 %
quantiles. Crosses show the number of samples after which more of them hurt. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots import _isotropic
from figures.plots._curve import curve, legend, logarithmic, threshold
from theory.papers import nakkiran2019

NOISES = (0.01, 0.1, 0.5)


def data(d: int = 100, signal: float = 1.0, trials: int = 32) -> dict[str, Any]:
    """Exact curves and simulated means; the designs are shared by the noises."""
    n, line = _isotropic.sizes(0.1 * d, 5 * d, 24), np.arange(d // 10, 5 * d + 1)
    parts = _isotropic.parts([(size, d) for size in n], trials, "nakkiran2019 samplewise")
    found: dict[str, Any] = {"d": d, "signal": signal, "n": line}
    for noise in NOISES:
        best = nakkiran2019.best_samples(d, signal, noise)
        found[f"exact {noise:g}"] = nakkiran2019.risk(line, d, signal, noise)
        found[f"best {noise:g}"] = np.array([best, nakkiran2019.risk(best, d, signal, noise)])
        found[f"simulated {noise:g}"] = marks.points(
            n, parts.test(signal, noise), nakkiran2019.risk(n, d, signal, noise), heavy=_isotropic.near(d, n)
        )
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """At noise 0.1: the best number of samples below d, and how much worse 95 samples are."""
    d, signal = data["d"], data["signal"]
    n, test = data["best 0.1"]
    worse = nakkiran2019.risk(0.95 * d, d, signal, 0.1) / test
    return {"best_samples": float(n), "dimensions": d, "test_at_95_over_best": float(worse)}


def draw(data: dict[str, Any]) -> Figure:
    """One colour for each noise."""
    d, signal = data["d"], data["signal"]
    figure = files.page()
    axes = figure.add_subplot()
    names = [f"noise {noise:g}" for noise in NOISES]
    for i, (noise, name, marker) in enumerate(zip(NOISES, names, "osD", strict=True)):
        exact = data["n"], data[f"exact {noise:g}"]
        curve(axes, name, f"C{i}", marker, None, exact, data[f"simulated {noise:g}"])
        axes.plot(*data[f"best {noise:g}"][:, None], "kx", markersize=6, zorder=4, label=f"best, {name}")
    threshold(axes, d, "n = d")
    logarithmic(axes, 0.005 * signal, 20.0 * signal)
    axes.set_xlabel(f"samples, n (d = {d})")
    axes.set_ylabel(f"test error (signal = {signal:g})")
    legend(axes, *names, loc="lower left")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers, published={"d": 1000}, redraws="Fig. 1†")
