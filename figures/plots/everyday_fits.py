"""Fits in one dimension below, at and beyond the threshold: the wild one is in the middle.

Least squares of least norm with p cosines on n = 15 noisy samples (noise of variance 0.04) of a smooth
function, dashed; a cosine of k half waves has the size 1/k. With p = 3 the fit is too plain. With p = 15 it
passes through all samples and has but one way to do so. With p = 400 it passes through them too, in that of
many ways whose mean squared slope is almost the least. Bottom, the error against p for the same inputs,
without the noise of the test label: dashed the mean over the noise of the labels, exact given the inputs,
marks means over 400 draws of it. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import threshold
from sims.fit.cutoff import svd

SAMPLES = 15
SHOWN = {"below n": 3, "at n": SAMPLES, "beyond n": 400}
SIZES = np.array([1, 2, 3, 4, 6, 8, 10, 12, 13, 14, 15, 16, 17, 19, 22, 27, 35, 50, 80, 130, 220, 400])
GRID = (np.arange(1000) + 0.5) / 1000
Array = NDArray[np.float64]


def _target(x: Array) -> Array:
    return np.sin(2 * np.pi * x) + 0.5 * np.cos(5 * x)


def _features(x: Array, p: int) -> Array:
    """1 and cosines on [0, 1], the k-th over k."""
    k = np.arange(p)
    return np.cos(np.pi * k * x[:, None]) / np.maximum(k, 1)


def _inputs(seed: int) -> Array:
    """Unevenly spread, the same in all trials."""
    u = np.random.default_rng(seed).uniform(size=SAMPLES)
    return np.sort(np.clip((np.arange(SAMPLES) + 2 * u - 0.5) / SAMPLES, 0.0, 1.0))


def _smoothers(seed: int, sizes: Any) -> Array:
    """What labels do to each fit on the grid, (sizes, grid, n)."""
    found = []
    for p in sizes:
        left, s, right = svd(_features(_inputs(seed), p))
        found.append(_features(GRID, p) @ (right.T / s) @ left.T)
    return np.array(found)


def _labels(noise: float, seed: int, rng: np.random.Generator) -> Array:
    return _target(_inputs(seed)) + np.sqrt(noise) * rng.standard_normal(SAMPLES)


def data(noise: float = 0.04, trials: int = 400, seed: int = 5) -> dict[str, Any]:
    """One draw of the labels with its fits, and errors along p."""
    maps, target = _smoothers(seed, SIZES), _target(GRID)

    def trial(_: int, rng: np.random.Generator) -> Any:
        return np.mean((maps @ _labels(noise, seed, rng) - target) ** 2, axis=1)

    missed = np.mean((maps @ _target(_inputs(seed)) - target) ** 2, axis=1)
    exact = missed + noise * np.sum(maps**2, axis=2).mean(axis=1)
    (sample,) = marks.simulated(trial, [0], trials, "everyday fits")
    labels = _labels(noise, seed, np.random.default_rng(seed))
    fits = {f"fit {name}": _smoothers(seed, [p])[0] @ labels for name, p in SHOWN.items()}
    return {
        "inputs": _inputs(seed), "labels": labels, "target": target, "exact": exact, **fits,
        "simulated": marks.points(SIZES, sample, exact),
    }  # fmt: skip


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The least error below the threshold, that at it, and that of the largest fit."""
    exact = data["exact"]
    below, at = exact[SIZES < SAMPLES].min(), exact[SIZES == SAMPLES][0]
    return {"best_below": float(below), "at_threshold": float(at), "beyond": float(exact[-1])}


def draw(data: dict[str, Any]) -> Figure:
    """Three fits above the error."""
    figure = files.page(2, 3, height=0.9)
    panels = figure.subplot_mosaic([[*SHOWN], ["error"] * 3])
    for name, p in SHOWN.items():
        axes = panels[name]
        axes.plot(GRID, data["target"], "--", color="0.45", linewidth=1.0, label="truth")
        axes.plot(GRID, data[f"fit {name}"], color="C0", label="fit")
        axes.plot(data["inputs"], data["labels"], "o", color="C1", label="samples")
        axes.set_title(f"p = {p}: {name}")
        axes.set_ylim(-2.6, 2.6)
        axes.set_xlabel("x")
    panels["below n"].set_ylabel("y")
    figure.legend(*marks.entries([panels["below n"]]), loc="outside upper center", ncols=3)
    _errors(panels["error"], data)
    return figure


def _errors(axes: Any, data: dict[str, Any]) -> None:
    axes.plot(SIZES, data["exact"], "--", color="C0", label="mean over noise, exact")
    marks.scatter(axes, data["simulated"])
    threshold(axes, SAMPLES, "p = n")
    axes.set_xscale("log")
    axes.set_yscale("log")
    marks.plain_ticks(axes.xaxis)
    marks.plain_ticks(axes.yaxis)
    axes.set_xlabel("parameters p")
    axes.set_ylabel("error")
    axes.legend(loc="upper right")


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={"seed": "seed of inputs and of the labels that are drawn"},
)
