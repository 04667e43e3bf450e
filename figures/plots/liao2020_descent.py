"""Random Fourier features of given data have double descent: the peak is at n/2 frequencies.

The test error of ridge regression on sines and cosines is shown against the number of frequencies over that
of samples, for n = 160 samples and as many test points in 80 dimensions and three ridges. Each frequency is
two features, so that features equal samples at 1/2: the smaller the ridge, the higher the peak there. Lines
are the equivalent for these data, marks means over 48 draws of the frequencies. The parameters are ours.
"""

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend, logarithmic, threshold
from sims.claims.papers import liao2020 as claims
from theory.papers import liao2020

RIDGES = (0.0005, 0.01, 0.2)
RATIOS = np.array([0.125, 0.25, 0.375, 0.5, 0.625, 1.0, 2.0])


def _base(n: int, d: int) -> dict[str, Any]:
    return {**claims.test_error.defaults, "n": n, "d": d}


def _frequencies(n: int) -> Any:
    return np.rint(RATIOS * n).astype(int)


def _settings(n: int, d: int, ridge: float) -> Any:
    return SimpleNamespace(**{**_base(n, d), "ridge": ridge})


def _trial(n: int, d: int, ridge: float, _: int, rng: np.random.Generator) -> Any:
    return claims.errors(_settings(n, d, ridge), _frequencies(n), rng)


def _theory(n: int, d: int, ridge: float, frequencies: Any) -> Any:
    return liao2020.test_error(*claims.split(_settings(n, d, ridge)), frequencies, ridge).test


def data(n: int = 160, d: int = 80, trials: int = 48) -> dict[str, Any]:
    """The equivalent on a line of frequencies, and simulated errors, for each ridge."""
    frequencies = _frequencies(n)
    line = np.geomspace(frequencies[0], frequencies[-1], 81)
    found: dict[str, Any] = {"line": line / n}
    for ridge in RIDGES:
        (sample,) = marks.simulated(partial(_trial, n, d, ridge), [0], trials, f"liao2020 descent {ridge}")
        found[f"theory {ridge}"] = _theory(n, d, ridge, line)
        allowance = np.asarray(claims.test_error.granted(_base(n, d)))
        found[f"simulated {ridge}"] = marks.points(
            frequencies / n, sample, _theory(n, d, ridge, frequencies), allowance
        )
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Place and height of the peak of the smallest ridge, and the error of twice as many frequencies as n."""
    error = data[f"theory {RIDGES[0]}"]
    top = int(np.argmax(error))
    return {"peak_place": float(data["line"][top]), "peak": float(error[top]), "wide": float(error[-1])}


def draw(data: dict[str, Any]) -> Figure:
    """One colour and marker for each ridge."""
    figure = files.page()
    axes = figure.add_subplot()
    labels = [f"ridge = {ridge:g}" for ridge in RIDGES]
    for i, (ridge, label, marker) in enumerate(zip(RIDGES, labels, "osD", strict=True)):
        line = data["line"], data[f"theory {ridge}"]
        curve(axes, label, f"C{i}", marker, line, simulated=data[f"simulated {ridge}"])
    logarithmic(axes, 0.9, 20.0)
    threshold(axes, 0.5, "2N = n")
    axes.set_xlabel("frequencies over samples, N/n")
    axes.set_ylabel("test error")
    legend(axes, *labels)
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
