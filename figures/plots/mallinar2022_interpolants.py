"""Three ways through noisy samples: one averages the noise away, one keeps it, one makes it worse and worse.

Top, interpolants of the same 14 samples of a smooth function, dashed: the mean of all labels with weights
1/distance (benign), straight lines (tempered), and the polynomial (catastrophic). Bottom, what unit noise of
the labels adds to the error, against the number of equidistant samples: dashed the mean over the noise,
exact given the inputs, solid its value 2/3 of straight lines, marks means over 400 draws of the labels. The
benign one falls only like one over the logarithm of n. The three kinds are the paper's, the parameters ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import legend

SAMPLES = 14
KINDS = ("benign", "tempered", "catastrophic")
SIZES = np.array([4, 6, 8, 10, 12, 14, 20, 30, 50, 90, 160])
GRID = (np.arange(2048) + 0.5) / 2048
"""Places between the samples, and never at one of them."""
Array = NDArray[np.float64]


def _weights(kind: str, n: int) -> Array:
    """What each label counts at the places of the grid, (grid, n)."""
    from scipy.special import binom

    x = np.linspace(0.0, 1.0, n)
    away = GRID[:, None] - x
    if kind == "benign":
        weights = 1 / np.abs(away)
    elif kind == "tempered":
        weights = np.maximum(0.0, 1 - np.abs(away) * (n - 1))
    else:  # the polynomial in its barycentric form
        weights = (-1.0) ** np.arange(n) * binom(n - 1, np.arange(n)) / away
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _sizes(kind: str) -> Any:
    """Few for the polynomial, which soon has errors without measure."""
    return SIZES[SIZES <= SAMPLES] if kind == "catastrophic" else SIZES


def _target(x: Array) -> Array:
    return np.sin(2 * np.pi * x)


def data(noise: float = 0.25, trials: int = 400, seed: int = 0) -> dict[str, Any]:
    """One draw of the labels with its interpolants, and what noise adds along n."""
    x = np.linspace(0.0, 1.0, SAMPLES)
    labels = _target(x) + np.sqrt(noise) * np.random.default_rng(seed).standard_normal(SAMPLES)
    found: dict[str, Any] = {"inputs": x, "labels": labels}
    for kind in KINDS:
        sizes = _sizes(kind)
        maps = {n: _weights(kind, n) for n in sizes}

        def added(n: int, rng: np.random.Generator, maps: dict[int, Array] = maps) -> Any:
            return np.mean((maps[n] @ rng.standard_normal(n)) ** 2)

        samples = marks.simulated(added, sizes.tolist(), trials, f"mallinar2022 {kind}")
        exact = np.array([np.sum(maps[n] ** 2, axis=1).mean() for n in sizes])
        found[f"fit {kind}"] = maps[SAMPLES] @ labels
        found[f"exact {kind}"] = exact
        found[f"simulated {kind}"] = marks.points(sizes, samples, exact)
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """What noise adds with the most samples that are shown."""
    return {kind: float(data[f"exact {kind}"][-1]) for kind in KINDS}


def draw(data: dict[str, Any]) -> Figure:
    """The three interpolants above what noise adds."""
    figure = files.page(2, 3, height=0.9)
    panels = figure.subplot_mosaic([[*KINDS], ["added"] * 3])
    below = panels["added"]
    for i, (kind, marker) in enumerate(zip(KINDS, "osD", strict=True)):
        axes = panels[kind]
        axes.plot(GRID, _target(GRID), "--", color="0.45", linewidth=1.0, label="truth")
        axes.plot(GRID, data[f"fit {kind}"], color=f"C{i}")
        axes.plot(data["inputs"], data["labels"], "o", color="0.1", label="samples")
        axes.set_title(kind)
        axes.set_ylim(-2.6, 2.6)
        axes.set_xlabel("x")
        sizes, exact = _sizes(kind), data[f"exact {kind}"]
        below.plot(sizes, exact, "--", color=f"C{i}", linewidth=0.9, label=kind)
        marks.scatter(below, data[f"simulated {kind}"], f"C{i}", kind, marker)
    panels[KINDS[0]].set_ylabel("y")
    below.axhline(2 / 3, color="C1", label="tempered")
    below.set_xscale("log")
    below.set_yscale("log")
    below.set_ylim(0.1, 500.0)
    marks.plain_ticks(below.xaxis)
    below.set_xlabel("samples n")
    below.set_ylabel("error per unit noise")
    legend(below, *KINDS, loc="upper right")
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={
        "noise": "variance of the label noise of the upper row",
        "seed": "seed of the labels that are drawn",
    },
)
