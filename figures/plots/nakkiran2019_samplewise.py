"""More data can hurt: the minimum-norm fit in d dimensions errs most with about n = d samples.

The curves are the test error of least squares of minimum norm on d = 100 isotropic coordinates against the
number n of samples, with signal 1 and three levels of label noise. Solid lines are exact means, marks means
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

D, SIGNAL, NOISES, TRIALS = 100, 1.0, (0.01, 0.1, 0.5), 32


def data() -> dict[str, Any]:
    """Exact curves and simulated means; the designs are shared by the noises."""
    n, line = _isotropic.sizes(0.1 * D, 5 * D, 24), np.arange(D // 10, 5 * D + 1)
    parts = _isotropic.parts([(size, D) for size in n], TRIALS, "nakkiran2019 samplewise")
    found: dict[str, Any] = {"n": line}
    for noise in NOISES:
        best = nakkiran2019.best_samples(D, SIGNAL, noise)
        found[f"exact {noise:g}"] = nakkiran2019.risk(line, D, SIGNAL, noise)
        found[f"best {noise:g}"] = np.array([best, nakkiran2019.risk(best, D, SIGNAL, noise)])
        found[f"simulated {noise:g}"] = marks.points(
            n, parts.test(SIGNAL, noise), nakkiran2019.risk(n, D, SIGNAL, noise), heavy=_isotropic.near(D, n)
        )
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """At noise 0.1: the best number of samples below d, and how much worse 95 samples are."""
    n, test = data["best 0.1"]
    worse = nakkiran2019.risk(0.95 * D, D, SIGNAL, 0.1) / test
    return {"best_samples": float(n), "dimensions": D, "test_at_95_over_best": float(worse)}


def draw(data: dict[str, Any]) -> Figure:
    """One colour for each noise."""
    figure = files.page()
    axes = figure.add_subplot()
    names = [f"noise {noise:g}" for noise in NOISES]
    for i, (noise, name, marker) in enumerate(zip(NOISES, names, "osD", strict=True)):
        line = data["n"], data[f"exact {noise:g}"]
        curve(axes, name, f"C{i}", marker, line, simulated=data[f"simulated {noise:g}"])
        axes.plot(*data[f"best {noise:g}"][:, None], "kx", markersize=6, zorder=4, label=f"best, {name}")
    threshold(axes, D, "n = d")
    logarithmic(axes, 0.005, 20.0)
    axes.set_xlabel("samples, n (d = 100)")
    axes.set_ylabel("test error (signal = 1)")
    legend(axes, *names, loc="lower left")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
