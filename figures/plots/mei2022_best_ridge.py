"""Infinitely wide random features: beyond a signal-to-noise ratio, the best ridge is none at all.

Left, the test error of regression with the kernel of ReLU features against the ridge, for three ratios of
signal to noise variance and n = 120 samples on the sphere of R^60. Solid lines are the limit of large d,
dashed ones the equation with the spectrum at d = 60, marks means over 12 draws of samples, exact given them;
stars are the best ridges of the limit. At the largest ratio the curve only rises: no ridge is best. Right,
the best ridge of the limit at three widths; at infinite width it is zero from the ratio 2.75 on, that of the
linear to the nonlinear power of ReLU. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import theory
from figures import files, marks
from figures.figure import PaperFigure
from sims import features
from sims.claims.papers.mei2022 import infinite_width as claim
from sims.experiments import sphere
from theory import Problem
from theory.activation import moments
from theory.papers import mei2022

RATIOS, WIDTHS = (0.5, 1.0, 10.0), (0.5, 2.0, np.inf)
MOMENTS = moments("relu")
EDGE = float(MOMENTS.mu1**2 / MOMENTS.mu_star2)


def _risk(n: int, d: int, noise: float, ridge: float, rng: np.random.Generator) -> float:
    machine = sphere.kernel_machine(features.sphere(n, d, rng), "relu", ridge / d)
    return sphere.measure(machine, sphere.Target(noise=noise)).test


def data(n: int = 120, d: int = 60, trials: int = 12) -> dict[str, Any]:
    """Errors along the ridge, and best ridges along the signal-to-noise ratio."""
    allowed = claim.granted({"n": n})  # for tanh; here the spectrum at this d takes care of relu
    ridges, few = np.geomspace(1e-3, 3, 200), np.geomspace(1e-3, 3, 9)
    snr = np.geomspace(0.3, 30, 300)
    found: dict[str, Any] = {"ridge": ridges, "snr": snr}
    for ratio in RATIOS:
        noise = 1 / ratio
        problem = Problem.from_activation_on_sphere("relu", d, [0.0, 1.0], noise)
        samples = marks.simulated(
            partial(_risk, n, d, noise), few.tolist(), trials, f"mei2022 kernel {ratio}"
        )
        expected = theory.ridge(problem, n, few / d).test
        found[f"limit {ratio:g}"] = mei2022.risk(np.inf, n / d, ridges, noise=noise).test
        found[f"equation {ratio:g}"] = theory.ridge(problem, n, ridges / d).test
        found[f"simulated {ratio:g}"] = marks.points(few, samples, expected, allowed)
        found[f"optimum {ratio:g}"] = mei2022.optimal(np.inf, n / d, noise=noise)
    for width in WIDTHS:
        found[f"best {width:g}"] = mei2022.optimal(width * n / d, n / d, noise=1 / snr).ridge
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Errors against the ridge, and the best ridge against the ratio."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    for i, (ratio, marker) in enumerate(zip(RATIOS, "osD", strict=True)):
        left.plot(data["ridge"], data[f"limit {ratio:g}"], color=f"C{i}", label=f"signal/noise {ratio:g}")
        left.plot(data["ridge"], data[f"equation {ratio:g}"], color=f"C{i}", linestyle="--", linewidth=0.9)
        marks.scatter(left, data[f"simulated {ratio:g}"], f"C{i}", None, marker)
        best = data[f"optimum {ratio:g}"]
        if best.ridge > 0:
            left.plot(best.ridge, best.test, "*", color="black", markersize=9, zorder=4)
    left.set_xscale("log")
    left.set_yscale("log")
    marks.plain_ticks(left.yaxis)
    left.set_xlabel("ridge λ")
    left.set_ylabel("test error")
    left.set_ylim(top=5 * left.get_ylim()[1])
    left.legend(loc="upper left")
    for i, (width, thick) in enumerate(zip(WIDTHS, (0.7, 1.3, 2.0), strict=True)):
        label = "p/n = ∞" if np.isinf(width) else f"p/n = {width:g}"
        right.plot(data["snr"], data[f"best {width:g}"], color=f"C{i + 3}", linewidth=thick, label=label)
    marks.threshold(right, EDGE, r"$\mu_1^2/\mu_\star^2$")
    right.set_xscale("log")
    marks.plain_ticks(right.xaxis)
    right.set_xlabel("signal to noise ratio")
    right.set_ylabel("best ridge λ")
    right.legend(loc="center right")
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Where no ridge begins to be best."""
    return {"zero_ridge_from_snr": EDGE}


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
