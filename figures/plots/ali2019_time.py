"""Early stopping acts like a ridge: gradient flow at time t errs about as much as ridge 1/t.

Left, the test error of gradient flow on isotropic coordinates against time (solid), and of ridge regression
with ridge 1/t (dashed): the lines are limits for p/n = 0.5 and 2, signal 5 and noise 1, the marks means
over 32 designs at n = 60. Right, the ratio of the two errors without the noise of fresh labels: that of the
limits (solid) and its mean over designs (marks) stay below the bound of the paper (dotted). The parameters
are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots import _isotropic
from figures.plots._curve import curve, legend
from sims.experiments.spectral import flow, ridge
from sims.trials.sample import Sample
from theory.papers import ali2019, hastie2022

N, SIGNAL, NOISE, TRIALS, GAMMAS = 60, 5.0, 1.0, 32, (0.5, 2.0)
# sims.claims.papers.ali2019 grants 1/n up to time 8; at the end it is least squares, off by 1/n at p = n/2
ALLOWANCE = 1.5 / N


def data() -> dict[str, Any]:
    """Errors of flow and of ridge along time, and their ratios."""
    time, grid = np.geomspace(0.05, 200, 200), np.geomspace(0.05, 200, 13)
    found: dict[str, Any] = {"time": time, "bound": float(ali2019.bounds()[0])}
    for gamma in GAMMAS:
        shapes = [(N, round(gamma * N))] * (2 * len(grid))
        keep = [flow(t) for t in grid] + [ridge(1 / t) for t in grid]
        errors = _isotropic.parts(shapes, TRIALS, f"ali2019 time {gamma}", keep).test(SIGNAL, NOISE).values
        flowing, ridged = np.split(errors, 2, axis=1)
        lines = _limits(gamma, time)
        expected = _limits(gamma, grid)
        found[f"flow {gamma:g}"], found[f"ridge {gamma:g}"] = lines
        found[f"simulated flow {gamma:g}"] = marks.points(grid, Sample(flowing), expected[0], ALLOWANCE)
        found[f"simulated ridge {gamma:g}"] = marks.points(grid, Sample(ridged), expected[1], ALLOWANCE)
        found[f"ratio {gamma:g}"] = (lines[0] - NOISE) / (lines[1] - NOISE)
        ratios = (flowing - NOISE) / (ridged - NOISE)
        found[f"simulated ratio {gamma:g}"] = marks.points(
            grid, Sample(ratios), found["bound"], relation="<="
        )
    return found


def _limits(gamma: float, time: Any) -> Any:
    return (
        ali2019.risk(gamma, time, SIGNAL, NOISE).test,
        hastie2022.isotropic(gamma, SIGNAL, NOISE, 1 / time).test,
    )


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The bound, and the largest ratio of the limits."""
    return {
        "bound": data["bound"],
        "largest_ratio": float(max(data[f"ratio {gamma:g}"].max() for gamma in GAMMAS)),
    }


def draw(data: dict[str, Any]) -> Figure:
    """Errors along time, and their ratio."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    names = []
    for i, gamma in enumerate(GAMMAS):
        for kind, marker, color, style in (
            ("flow", "os"[i], f"C{i}", "-"),
            ("ridge", "v^"[i], f"C{i + 3}", "--"),
        ):
            name = f"{kind}, p/n = {gamma:g}"
            left.plot(data["time"], data[f"{kind} {gamma:g}"], color=color, linestyle=style, label=name)
            marks.scatter(left, data[f"simulated {kind} {gamma:g}"], color, name, marker)
            names.append(name)
        limit = data["time"], data[f"ratio {gamma:g}"]
        curve(
            right, f"p/n = {gamma:g}", f"C{i}", "os"[i], limit, simulated=data[f"simulated ratio {gamma:g}"]
        )
    left.set_xscale("log")
    left.set_xlabel("time, t = 1/ridge")
    left.set_ylabel("test error (noise = 1)")
    left.set_ylim(1.5, 7.5)
    legend(left, *names, loc="upper right")
    right.axhline(data["bound"], color="0.4", linestyle=":", label="bound")
    right.set_xscale("log")
    right.set_xlabel("time, t = 1/ridge")
    right.set_ylabel("excess error, flow over ridge")
    legend(right, *(f"p/n = {gamma:g}" for gamma in GAMMAS), "bound")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
