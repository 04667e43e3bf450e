"""In high dimension errors fall in steps: n = d^l samples teach a kernel machine degree l of the target.

The curves are the excess error of a target with power 0.6 in degree 1 and 0.4 in degree 2: left, regression
with the kernel of ReLU features after n = d^s samples, without noise or ridge; right, d^w random ReLU
features after infinitely many samples. The steps are the limit of large d; lines are the equation at d =
16, 100 and 1000, marks means over 12 draws at d = 16, exact given each. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import theory
from figures import files, marks
from figures.figure import PaperFigure
from sims import features
from sims.experiments import sphere
from theory import Problem
from theory.papers import ghorbani2021

DIMENSIONS = (16, 100, 1000)
D, TINY = DIMENSIONS[0], 1e-9
ALLOWED = 1 / D
"""Relative error granted to the equation at finite d, whose error falls like 1/n with n >= 2 here.

No claim of ghorbani2021 covers this error: they say only that its gap to the limit of large d shrinks."""


def _target(linear: float) -> sphere.Target:
    return sphere.Target(linear, 1 - linear)


def _kernel(linear: float, n: int, rng: np.random.Generator) -> float:
    return sphere.measure(
        sphere.kernel_machine(features.sphere(n, D, rng), "relu", 0.0), _target(linear)
    ).test


def _features(linear: float, p: int, rng: np.random.Generator) -> float:
    return sphere.approximation(features.sphere(p, D, rng), "relu", TINY, _target(linear))


def data(linear: float = 0.6, trials: int = 12) -> dict[str, Any]:
    """Both curves at each d, their limits, and simulated ones at the smallest d."""
    power = (0.0, linear, 1 - linear)
    exponents = np.linspace(0.0, 3.0, 121)
    sizes = np.unique(np.rint(D ** np.linspace(0.25, 2.4, 10)).astype(int))
    edge = exponents % 1 == 0
    found: dict[str, Any] = {
        "exponent": exponents,
        "limit kernel": np.where(edge, np.nan, ghorbani2021.limiting_excess(power, exponents)),
        "limit features": ghorbani2021.limiting_excess(power, np.inf, exponents, "random_features"),
    }
    for d in DIMENSIONS:
        problem = Problem.from_activation_on_sphere("relu", d, power)
        found[f"kernel {d}"] = theory.ridge(problem, d**exponents).test
        found[f"features {d}"] = theory.random_features(problem, np.inf, d**exponents, TINY).test
    problem = Problem.from_activation_on_sphere("relu", D, power)
    for name, trial, expected in (
        ("kernel", partial(_kernel, linear), theory.ridge(problem, sizes).test),
        ("features", partial(_features, linear), theory.random_features(problem, np.inf, sizes, TINY).test),
    ):
        samples = marks.simulated(trial, sizes.tolist(), trials, f"ghorbani2021 {name}")
        found[f"simulated {name}"] = marks.points(np.log(sizes) / np.log(D), samples, expected, ALLOWED)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Samples at the left, features at the right."""
    figure = files.page(1, 2)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, name, what in zip(
        panels, ("kernel", "features"), ("samples: log n / log d", "features: log p / log d"), strict=True
    ):
        axes.plot(data["exponent"], data[f"limit {name}"], color="black", linewidth=0.9, label="d = ∞")
        for i, (d, thick) in enumerate(zip(DIMENSIONS, (0.8, 1.4, 2.0), strict=True)):
            axes.plot(data["exponent"], data[f"{name} {d}"], color=f"C{i}", linewidth=thick, label=f"d = {d}")
        marks.scatter(axes, data[f"simulated {name}"], "C0", None)
        axes.set_xticks(range(4))
        axes.set_xlabel(what)
    panels[0].set_ylabel("excess error")
    panels[1].legend()
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    meanings={"linear": "power of the linear part of the target; the quadratic one has the rest of 1"},
)
