"""Counting parameters is right for a classifier on fixed features, and half right for learnt ones.

(a) The rule holds for least squares on p = 16 random combinations of fixed ReLU units, n = 80: shown is the
excess error by label noise against the number of units. Theory counts p (line, for Gaussian inputs); marks
are simulations with 95 % intervals, exact given features and weights; the thin line is the error if the
units were what counts. (b) All layers of a ReLU network are trained to the end on n = 40 noisy samples. Up
to about two parameters per sample the error rises, as their count foretells; beyond it falls, though it
does not come down to that of the narrowest network here (geometric means of exact errors with 95 %
intervals; there is no theory). The paper argues so without a theorem. The parameters are ours.
"""

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers import zhou2021
from sims.experiments import random_relu as relu
from sims.experiments import trained_relu
from sims.trials.sample import Sample
from theory.exact import least_squares

FIXED = SimpleNamespace(**zhou2021.classifier.defaults)
LEARNT = SimpleNamespace(**zhou2021.transformation.defaults)
UNITS = (20, 32, 64, 128, 256)
WIDTHS = (2, 4, 6, 8, 12, 24, 48, 96)
Array = NDArray[np.float64]


def _read_out(noise: float, place: int, rng: np.random.Generator) -> Array:
    """Excess error by label noise on p combinations of each number of units."""
    s = FIXED
    design = relu.draw(s.n, s.d, UNITS[-1], rng)
    found = []
    for units in UNITS:
        mix = rng.standard_normal((units, s.p))
        fitted = mix @ np.linalg.pinv(design.features(units) @ mix)
        found.append(noise * design.power(fitted, units).sum())
    return np.array(found)


def _trained(place: int, rng: np.random.Generator) -> Array:
    """Logarithm of the test error of networks of each width trained on one data set."""
    s = LEARNT
    return np.log(trained_relu.errors(s.n, s.d, s.noise, WIDTHS, s.steps, rng))


def data(noise: float = float(FIXED.noise), trials: int = 64) -> dict[str, Any]:
    """Errors of both kinds against units and parameters."""
    s = FIXED
    line = np.concatenate([np.arange(16, 74), np.arange(87, 300)])
    sample = marks.simulated(partial(_read_out, noise), [0], trials, "zhou2021 classifier")[0]
    expected = float(least_squares(s.n, s.p, 0.0, noise).variance)
    logs = marks.simulated(_trained, [0], trials, "zhou2021 transformation")[0]
    granted = zhou2021.classifier.granted(zhou2021.classifier.defaults)
    shown = marks.points(np.array(WIDTHS) * (LEARNT.d + 1) / LEARNT.n, logs)
    fall = logs.values[:, WIDTHS.index(LEARNT.middle)] - logs.values[:, WIDTHS.index(LEARNT.wide)]
    return {
        "units": line,
        "theory": np.full(len(line), expected),
        "if units count": least_squares(s.n, line, 0.0, noise).variance,
        "classifier": marks.points(UNITS, sample, expected, granted),
        "trained": shown.through(np.exp),
        "fall": marks.points([0.0], Sample(fall[:, None]), 0.0, relation=">="),
    }


def draw(data: dict[str, Any]) -> Figure:
    """Fixed features beside learnt features."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    left.plot(data["units"], data["theory"], "C0", label="theory: p counts")
    counted = data["if units count"]
    for part, label in ((data["units"] < FIXED.n, "if the units counted"), (data["units"] > FIXED.n, None)):
        left.plot(data["units"][part], counted[part], "C2", linewidth=0.6, label=label)
    marks.scatter(left, data["classifier"])
    left.set_yscale("log")
    left.set_ylim(0.06, 200.0)
    left.set_xlabel("fixed units")
    left.set_ylabel("excess error by noise")
    marks.scatter(right, data["trained"])
    right.axhline(LEARNT.noise, color="0.4", linestyle=":", linewidth=0.9, zorder=0)
    right.annotate(
        "noise", (1.0, LEARNT.noise), xycoords=("axes fraction", "data"), xytext=(0, 2),
        textcoords="offset points", ha="right", fontsize="small", color="0.3",
    )  # fmt: skip
    marks.threshold(right, 1.0, "n parameters")
    right.set_ylim(0.0, 2.0)
    right.set_xlabel("trained parameters per sample")
    right.set_ylabel("test error")
    left.legend(loc="upper right")
    for axes, letter in ((left, "a"), (right, "b")):
        axes.set_title(f"({letter})", loc="left")
        axes.set_xscale("log")
        marks.plain_ticks(axes.xaxis)
    return figure


FIGURE = PaperFigure(
    data=data, draw=draw, meanings={"noise": "variance of the label noise of the left panel"}
)
