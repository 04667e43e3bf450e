"""Compute-optimal training: each width is best for some flops, and the frontier falls like a power of them.

Random features of 3200 coordinates with variances i^-2 and a target with coefficients i^-0.7, trained by one
pass of stochastic gradient descent without label noise; widths d from 25 to 1600, the step a quarter of the
critical one. Thin lines are exact losses, given the features, against flops, d times steps; marks are means
over 600 runs at d = 25 and 100. The thick line is the frontier over all widths, at these sizes flatter than
the exponent of phase II, -(2a + 2b - 1)/(2(a + b)), which is dashed. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import above
from sims.experiments import streams
from sims.rules import Sgd
from sims.training import sgd as train
from theory import sgd
from theory.papers import paquette2024

V, SHARE = 3200, 0.25
WIDTHS, RUN = (25, 50, 100, 200, 400, 800, 1600), (25, 100)
STEPS = np.unique(np.geomspace(4, 3e5, 120).astype(int))
STOPS = (8, 32, 128)


def _run(alpha: float, beta: float, W: Any, step: float, _: int, rng: np.random.Generator) -> Any:
    i = np.arange(1.0, V + 1)
    aim = streams.Target(i ** (-2 * alpha), i**-beta, 0.0)
    X, y = aim.rows(STOPS[-1], rng)
    return aim.error(train(X @ W, y, Sgd(step), STOPS[-1], record=STOPS) @ W.T)


def data(alpha: float = 1.0, beta: float = 0.7, trials: int = 600) -> dict[str, Any]:
    """Loss curves by width, runs at two of them, and the frontier."""
    W = np.random.default_rng(0).standard_normal((V, WIDTHS[-1]))
    found: dict[str, Any] = {"alpha": alpha, "beta": beta}
    flops = np.geomspace(25 * STEPS[3], 5e7, 200)
    best = np.full(flops.size, np.inf)
    for d in WIDTHS:
        problem = paquette2024.problem(alpha, beta, W[:, :d])
        step = SHARE * float(sgd.critical_step(problem))
        found[f"loss {d}"] = sgd.one_pass(problem, step, STEPS).test
        best = np.minimum(best, sgd.one_pass(problem, step, flops // d).test)
        if d in RUN:
            (sample,) = marks.simulated(
                partial(_run, alpha, beta, W[:, :d], step), [0], trials, f"paquette2024 frontier {d}"
            )
            told = sgd.one_pass(problem, step, STOPS).test
            found[f"simulated {d}"] = marks.points(np.array(STOPS) * d, sample, told)
    return found | {"flops": flops, "frontier": best}


def _slope(data: dict[str, Any]) -> Any:
    """Slope and offset of the frontier, between 10^4 and 10^7 flops."""
    inside = (data["flops"] >= 1e4) & (data["flops"] <= 1e7)
    return np.polyfit(np.log(data["flops"][inside]), np.log(data["frontier"][inside]), 1)


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The slope of the frontier and the exponent, both positive."""
    alpha, beta = data["alpha"], data["beta"]
    return {"slope": -float(_slope(data)[0]), "exponent": paquette2024.exponents(alpha, beta).error}


def draw(data: dict[str, Any]) -> Figure:
    """Loss against flops."""
    alpha, beta = data["alpha"], data["beta"]
    figure = files.page()
    axes = figure.add_subplot()
    shades = np.linspace(0.75, 0.25, len(WIDTHS))
    for d, shade in zip(WIDTHS, shades.tolist(), strict=True):
        color = (0.1, 0.3 + 0.5 * shade, shade)
        axes.plot(STEPS * d, data[f"loss {d}"], color=color, linewidth=0.8)
        axes.annotate(
            f"{d}", (STEPS[-1] * d, data[f"loss {d}"][-1]), xytext=(2, 0), textcoords="offset points",
            fontsize="small", va="center",
        )  # fmt: skip
    for d, marker in zip(RUN, "os", strict=True):
        marks.scatter(axes, data[f"simulated {d}"], "C1", f"runs, d = {d}", marker)
    axes.plot(data["flops"], data["frontier"], color="black", linewidth=1.6, label="frontier")
    middle = np.array([1e4, 1e7])
    exponent, at = paquette2024.exponents(alpha, beta).error, 3e5
    level = np.exp(np.polyval(_slope(data), np.log(at)))
    axes.plot(
        middle, 0.6 * level * (middle / at) ** -exponent, "--", color="0.3", label=f"slope -{exponent:.2f}"
    )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(1e2, 2e9)
    axes.set_xlabel("flops, d times steps")
    axes.set_ylabel("loss")
    above(axes, "frontier", f"slope -{exponent:.2f}", *(f"runs, d = {d}" for d in RUN))
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={"alpha": "exponent of the inputs", "beta": "exponent of the target"},
    redraws="Fig. 2†",
)
