"""From a small start wide factors find a matrix of low rank: the error falls like the square of the start.

Gradient flow of U U' on a symmetric matrix of size 12 and rank 2, with strengths 1 and 0.6. Shown is the
error |U U' - M| over |M|. Left, against time, for factors of 12 columns and three scales of the random
start: two steps, one for each strength, down to what the start has left in the other ten directions. Right,
the least error up to the time 30 against the scale; the number of columns hardly counts, and the dotted line
falls like the square. Lines are the exact solution in the mean over 20 matrices and starts, marks all weights
integrated by a Runge-Kutta rule, which agrees in each of them. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend
from sims.trials.sample import Sample
from theory.papers import stoger2021

SIZE = 12
WIDTHS = (4, 12, 48)
TIMES = np.linspace(0.0, 30.0, 61)
STEPS = 5
"""Steps of the integration from one of the times to the next."""
SCALES = np.geomspace(1e-3, 1.0, 7)
SHOWN = {"0.1": 4, "0.01": 2, "0.001": 0}
"""Scales on the left, by their place among all."""
Array = NDArray[np.float64]


def _integrated(M: Array, U: Array) -> Array:
    """U U' at all times, by the classical Runge-Kutta rule on the weights U."""

    def velocity(U: Array) -> Array:
        return M @ U - U @ (U.T @ U)

    found, h = [U @ U.T], (TIMES[1] - TIMES[0]) / STEPS
    for _ in TIMES[1:]:
        for _ in range(STEPS):
            a = velocity(U)
            b = velocity(U + h / 2 * a)
            c = velocity(U + h / 2 * b)
            U = U + h / 6 * (a + 2 * b + 2 * c + velocity(U + h * c))
        found.append(U @ U.T)
    return np.array(found)


def _trial(strength: float, width: int, rng: np.random.Generator) -> Array:
    """Errors at all times from every scale, of the solution and of the integration."""
    V = np.linalg.qr(rng.standard_normal((SIZE, 2)))[0]
    M, start = V * np.array([1.0, strength]) @ V.T, rng.standard_normal((SIZE, width)) / np.sqrt(width)
    solved = [[stoger2021.flow(M, scale * start, float(t)) for t in TIMES] for scale in SCALES]
    run = [_integrated(M, scale * start) for scale in SCALES]
    wrong = np.array([solved, run]) - M
    return np.asarray(np.linalg.norm(wrong, axis=(-2, -1)) / np.linalg.norm(M)).ravel()


def data(strength: float = 0.6, trials: int = 20) -> dict[str, Any]:
    """Errors along time and along the scale, of the solution and of the integration."""
    found: dict[str, Any] = {}
    samples = marks.simulated(partial(_trial, strength), WIDTHS, trials, "stoger2021 start")
    for width, sample in zip(WIDTHS, samples, strict=True):
        solved, run = np.moveaxis(sample.values.reshape(trials, 2, len(SCALES), len(TIMES)), 1, 0)
        least = run.min(axis=2)
        found[f"best {width}"] = solved.min(axis=2).mean(axis=0)
        found[f"simulated {width}"] = marks.points(SCALES, Sample(least))
        ratio = Sample(least / solved.min(axis=2))
        found[f"agreement {width}"] = marks.points(SCALES, ratio, 1.0, 1e-3, outcome="every")
        if width == SIZE:
            for name, k in SHOWN.items():
                found[f"path {name}"] = solved[:, k].mean(axis=0)
                found[f"run {name}"] = marks.points(TIMES[::5], Sample(run[:, k, ::5]))
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """By what a tenth of the start divides the error of the widest factors, from 0.01 to 0.001."""
    wide = data[f"best {WIDTHS[-1]}"]
    return {"a_tenth_of_the_start": float(wide[2] / wide[0])}


def draw(data: dict[str, Any]) -> Figure:
    """Error against time, and the least one against the scale."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    for i, (name, marker) in enumerate(zip(SHOWN, "osD", strict=True)):
        line = TIMES, data[f"path {name}"]
        curve(left, f"start {name}", f"C{i}", marker, line, simulated=data[f"run {name}"])
    for i, (width, marker) in enumerate(zip(WIDTHS, "^vP", strict=True), 3):
        label, line = f"{width} columns", (SCALES, data[f"best {width}"])
        curve(right, label, f"C{i}", marker, line, simulated=data[f"simulated {width}"])
    small = SCALES[SCALES < 0.2]
    right.plot(small, data[f"best {SIZE}"][0] / 3 * (small / small[0]) ** 2, ":", color="0.3")
    right.set_xscale("log")
    for axes in (left, right):
        axes.set_yscale("log")
    left.set_xlabel("time")
    left.set_ylabel("relative error")
    right.set_xlabel("scale of the start")
    right.set_ylabel("least relative error")
    legend(left, *(f"start {name}" for name in SHOWN), loc="lower left")
    legend(right, *(f"{width} columns" for width in WIDTHS), loc="lower right")
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={"strength": "smaller eigenvalue of the target, whose larger one is 1"},
)
