"""Weak Gaussian features: chosen at random all are best, the important ones first a few are.

Minimum-norm least squares uses p of d = 100 coordinates, with n = 40 samples, noise 0.04 and coefficients
in proportion to 1/j of total power 1. Dashed lines are the exact mean of the test error for both ways to
choose the coordinates. Marks are means with 95 % intervals over 60 designs of the error given the design,
for choice at random the mean over 40 orders; open marks within 5 of p = n are medians. The parameters are
ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots import _isotropic
from figures.plots._curve import above, threshold
from theory.papers import belkin2020

D = 100
BETA = 1 / np.arange(1.0, D + 1) / np.sqrt(np.sum(np.arange(1.0, D + 1) ** -2))
GRID = np.array([2, 4, 6, 8, 12, 16, 20, 25, 30, 34, 37, 40, 43, 46, 50, 55, 60, 70, 80, 90, 100])
CHOICES = {"at random": ("C1", "o"), "largest first": ("C2", "s")}


def _errors(
    n: int, noise: float, orders: int, choice: str, place: None, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Errors of fits on the first p coordinates of one design, averaged over label noise and orders."""
    X = rng.standard_normal((n, D))
    targets = np.tile(BETA[:, None], orders if choice == "at random" else 1)
    if choice == "at random":
        targets = rng.permuted(targets, axis=0)
    y, errors = X @ targets, []
    for p in GRID:
        fit = np.linalg.pinv(X[:, :p])
        missed = targets - np.pad(fit @ y, ((0, D - p), (0, 0)))
        errors.append(noise * (1 + np.sum(fit**2)) + np.mean(np.sum(missed**2, axis=0)))
    return np.array(errors)


def data(n: int = 40, noise: float = 0.04, trials: int = 60, orders: int = 40) -> dict[str, Any]:
    """Exact and simulated means of both choices."""
    p = np.arange(D + 1)
    heavy = _isotropic.near(n, GRID)
    exact = {
        "at random": belkin2020.gaussian_random(n, p, D, signal=1.0, noise=noise),
        "largest first": belkin2020.prescient(n, p, BETA, noise),
    }
    found: dict[str, Any] = {"n": n, "p": p}
    for choice, curve in exact.items():
        [sample] = marks.simulated(
            partial(_errors, n, noise, orders, choice), [None], trials, f"belkin2020 {choice}"
        )
        found[f"exact {choice}"] = np.where(np.isfinite(curve), curve, np.nan)
        found[f"simulated {choice}"] = marks.points(GRID, sample, curve[GRID], heavy=heavy)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Test error against p, one colour for each choice."""
    n = data["n"]
    figure = files.page()
    axes = figure.add_subplot()
    for choice, (color, marker) in CHOICES.items():
        axes.plot(data["p"], data[f"exact {choice}"], color=color, linestyle="--", label=choice)
        marks.scatter(axes, data[f"simulated {choice}"], color, choice, marker)
    threshold(axes, n, "p = n")
    axes.set_yscale("log")
    axes.set_ylim(0.08, 20.0)
    marks.plain_ticks(axes.yaxis)
    axes.set_xlabel("selected features p of 100")
    axes.set_ylabel("test error")
    above(axes, *CHOICES)
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The sweet spot of the important features, and the error on all."""
    n = data["n"]
    few = data["exact largest first"][:n]
    return {
        "sweet_spot": float(np.nanargmin(few)),
        "test_at_sweet_spot": float(np.nanmin(few)),
        "test_on_all": float(data["exact at random"][-1]),
    }


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={"orders": "orders of the coordinates, over which each design is averaged"},
    published={"n": 40, "noise": 0.04},
)
