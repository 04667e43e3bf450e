"""Early stopping acts like a ridge: gradient flow at time t errs about as much as ridge 1/t.

Left, the test error of gradient flow on isotropic coordinates against time, and of ridge regression with
ridge 1/t: the lines are limits for p/n = 0.5 and 2, signal 5 and noise 1, the marks means over 32 designs at
n = 60. Right, the ratio of the two errors without the noise of fresh labels: that of the limits (lines) and
its mean over designs (marks) stay below the bound of the paper (dotted). The parameters are ours.
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

GAMMAS = (0.5, 2.0)


def data(n: int = 60, signal: float = 5.0, noise: float = 1.0, trials: int = 32) -> dict[str, Any]:
    """Errors of flow and of ridge along time, and their ratios."""
    # ali2019's claims grant 1/n up to time 8; at the end it is least squares, off by 1/n at p = n/2
    allowance = 1.5 / n
    time, grid = np.geomspace(0.05, 200, 200), np.geomspace(0.05, 200, 13)
    found: dict[str, Any] = {"noise": noise, "time": time, "bound": float(ali2019.bounds()[0])}
    for gamma in GAMMAS:
        shapes = [(n, round(gamma * n))] * (2 * len(grid))
        keep = [flow(t) for t in grid] + [ridge(1 / t) for t in grid]
        errors = _isotropic.parts(shapes, trials, f"ali2019 time {gamma}", keep).test(signal, noise).values
        flowing, ridged = np.split(errors, 2, axis=1)
        lines = _limits(signal, noise, gamma, time)
        expected = _limits(signal, noise, gamma, grid)
        found[f"flow {gamma:g}"], found[f"ridge {gamma:g}"] = lines
        found[f"simulated flow {gamma:g}"] = marks.points(grid, Sample(flowing), expected[0], allowance)
        found[f"simulated ridge {gamma:g}"] = marks.points(grid, Sample(ridged), expected[1], allowance)
        found[f"ratio {gamma:g}"] = (lines[0] - noise) / (lines[1] - noise)
        ratios = (flowing - noise) / (ridged - noise)
        found[f"simulated ratio {gamma:g}"] = marks.points(
            grid, Sample(ratios), found["bound"], relation="<="
        )
    return found


def _limits(signal: float, noise: float, gamma: float, time: Any) -> Any:
    return (
        ali2019.risk(gamma, time, signal, noise).test,
        hastie2022.isotropic(gamma, signal, noise, 1 / time).test,
    )


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The bound, and the largest ratio of the limits."""
    return {
        "bound": data["bound"],
        "largest_ratio": float(max(data[f"ratio {gamma:g}"].max() for gamma in GAMMAS)),
    }


def draw(data: dict[str, Any]) -> Figure:
    """Errors along time, and their ratio."""
    noise = data["noise"]
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    names = []
    for i, gamma in enumerate(GAMMAS):
        for kind, marker, color in (("flow", "os"[i], f"C{i}"), ("ridge", "v^"[i], f"C{i + 3}")):
            name = f"{kind}, p/n = {gamma:g}"
            limit = data["time"], data[f"{kind} {gamma:g}"]
            curve(left, name, color, marker, limit, simulated=data[f"simulated {kind} {gamma:g}"])
            names.append(name)
        limit = data["time"], data[f"ratio {gamma:g}"]
        curve(
            right, f"p/n = {gamma:g}", f"C{i}", "os"[i], limit, simulated=data[f"simulated ratio {gamma:g}"]
        )
    left.set_xscale("log")
    left.set_xlabel("time, t = 1/ridge")
    left.set_ylabel(f"test error (noise = {noise:g})")
    left.set_ylim(1.5 * noise, 7.5 * noise)
    legend(left, *names, loc="upper right")
    right.axhline(data["bound"], color="0.4", linestyle=":", label="bound")
    right.set_xscale("log")
    right.set_xlabel("time, t = 1/ridge")
    right.set_ylabel("excess error, flow over ridge")
    legend(right, *(f"p/n = {gamma:g}" for gamma in GAMMAS), "bound")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
