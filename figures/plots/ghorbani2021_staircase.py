"""In high dimension errors fall in steps: n = d^l samples teach a kernel machine degree l of the target.

The curves are the excess error of a target with power 0.6 in degree 1 and 0.4 in degree 2: left, regression
with the kernel of ReLU features after n = d^s samples, without noise or ridge; right, d^w random ReLU
features after infinitely many samples. The steps are the limit of large d; lines are the equation at d =
16, 100 and 1000, marks means over 12 draws at d = 16, exact given each. The parameters are ours.
"""

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

DIMENSIONS, TRIALS, POWER = (16, 100, 1000), 12, (0.0, 0.6, 0.4)
D, TARGET, TINY = DIMENSIONS[0], sphere.Target(POWER[1], POWER[2]), 1e-9
ALLOWED = 1 / D
"""Relative error granted to the equation at finite d, whose error falls like 1/n with n >= 2 here.

No claim of ghorbani2021 covers this error: they say only that its gap to the limit of large d shrinks."""


def _kernel(n: int, rng: np.random.Generator) -> float:
    return sphere.measure(sphere.kernel_machine(features.sphere(n, D, rng), "relu", 0.0), TARGET).test


def _features(p: int, rng: np.random.Generator) -> float:
    return sphere.approximation(features.sphere(p, D, rng), "relu", TINY, TARGET)


def data() -> dict[str, Any]:
    """Both curves at each d, their limits, and simulated ones at the smallest d."""
    exponents = np.linspace(0.0, 3.0, 121)
    sizes = np.unique(np.rint(D ** np.linspace(0.25, 2.4, 10)).astype(int))
    edge = exponents % 1 == 0
    found: dict[str, Any] = {
        "exponent": exponents,
        "limit kernel": np.where(edge, np.nan, ghorbani2021.limiting_excess(POWER, exponents)),
        "limit features": ghorbani2021.limiting_excess(POWER, np.inf, exponents, "random_features"),
    }
    for d in DIMENSIONS:
        problem = Problem.from_activation_on_sphere("relu", d, POWER)
        found[f"kernel {d}"] = theory.ridge(problem, d**exponents).test
        found[f"features {d}"] = theory.random_features(problem, np.inf, d**exponents, TINY).test
    problem = Problem.from_activation_on_sphere("relu", D, POWER)
    for name, trial, expected in (
        ("kernel", _kernel, theory.ridge(problem, sizes).test),
        ("features", _features, theory.random_features(problem, np.inf, sizes, TINY).test),
    ):
        samples = marks.simulated(trial, sizes.tolist(), TRIALS, f"ghorbani2021 {name}")
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
        for i, (d, style) in enumerate(zip(DIMENSIONS, ("-", "--", "-."), strict=True)):
            axes.plot(data["exponent"], data[f"{name} {d}"], style, color=f"C{i}", label=f"d = {d}")
        marks.scatter(axes, data[f"simulated {name}"], "C0", None)
        axes.set_xticks(range(4))
        axes.set_xlabel(what)
    panels[0].set_ylabel("excess error")
    panels[1].legend()
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
