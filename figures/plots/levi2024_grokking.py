"""Grokking in linear regression: accuracy on fresh samples comes late, though both losses fall all the time.

Least squares by gradient flow on n = 200 noiseless samples in d = 160 dimensions. Left, shares of right
answers, within 0.03 of the label, on the training samples and on fresh ones: 95 % of these come four times
as late (dotted). Right, the two losses, from which one threshold reads these shares off: dotted across, the
loss at which 95 % are right. Lines are the limit, marks means over 200 data sets. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from scipy.special import erfinv

import theory
from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import above, curve
from sims.trials.sample import Sample
from theory import Problem
from theory.papers import levi2024

LEVEL = 0.95
TIMES = np.geomspace(1.0, 256.0, 13)
LINE = np.geomspace(0.5, 600.0, 200)
SETS = ("training samples", "fresh samples")


def _trial(n: int, d: int, tolerance: float, _: int, rng: np.random.Generator) -> Any:
    """Losses and shares of right answers, on both sets at all times."""
    X, fresh = (rng.standard_normal((n, d)) for _ in SETS)
    beta = rng.standard_normal(d)
    beta /= np.linalg.norm(beta)
    values, vectors = np.linalg.eigh(X.T @ X / n)
    left = vectors @ (np.exp(-np.outer(values, TIMES)) * (vectors.T @ beta)[:, None])
    squares = np.array([(rows @ left) ** 2 for rows in (X, fresh)])  # (sets, samples, times)
    return np.array([squares.mean(axis=1), (squares < tolerance).mean(axis=1)]).ravel()


def _limits(n: int, d: int, tolerance: float, times: Any) -> dict[str, Any]:
    risk = theory.dynamics.gradient_flow(Problem.isotropic(d, 1.0), n, times)
    found = {}
    for name, loss in zip(SETS, (risk.train, risk.test), strict=True):
        found[f"loss {name}"], found[f"share {name}"] = loss, levi2024.accuracy(loss, tolerance)
    return found


def data(n: int = 200, d: int = 160, tolerance: float = 1e-3, trials: int = 200) -> dict[str, Any]:
    """Losses and shares, of the limit and simulated."""
    found: dict[str, Any] = {f"limit {name}": line for name, line in _limits(n, d, tolerance, LINE).items()}
    (sample,) = marks.simulated(partial(_trial, n, d, tolerance), [0], trials, "levi2024 grokking")
    values = sample.values.reshape(trials, 2, len(SETS), len(TIMES))
    told = _limits(n, d, tolerance, TIMES)
    for i, quantity in enumerate(("loss", "share")):
        for j, name in enumerate(SETS):
            label = f"{quantity} {name}"
            # what is left later is decided by the least eigenvalue, which fluctuates and is off
            kept = told[f"loss {name}"] > 3e-4
            part, expected = Sample(values[:, i, j, kept]), told[label][kept]
            found[label] = marks.points(TIMES[kept], part, expected, 10 / n)
    found["least"] = tolerance / (2 * erfinv(LEVEL) ** 2)
    found["reached"] = np.array(levi2024.grokking(Problem.isotropic(d, 1.0), n, tolerance, LEVEL))
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """When 95 % are right of the training samples, and of fresh ones."""
    train, test = data["reached"]
    return {"training_samples": float(train), "fresh_samples": float(test)}


def draw(data: dict[str, Any]) -> Figure:
    """Shares of right answers, and losses."""
    figure = files.page(1, 2)
    panels = figure.subplots(1, 2)
    for axes, quantity in zip(panels, ("share", "loss"), strict=True):
        for i, (name, marker) in enumerate(zip(SETS, "os", strict=True)):
            line = LINE, data[f"limit {quantity} {name}"]
            curve(axes, name, f"C{i}", marker, line, simulated=data[f"{quantity} {name}"])
            axes.axvline(data["reached"][i], color=f"C{i}", linewidth=0.7, linestyle=":")
        axes.set_xscale("log")
        axes.set_xlabel("time")
    panels[0].set_ylabel("share of right answers")
    panels[1].axhline(data["least"], color="0.4", linewidth=0.8, linestyle=":")
    panels[1].set_yscale("log")
    panels[1].set_ylim(1e-6, 2.0)
    panels[1].set_ylabel("loss")
    above(panels[0], *SETS)
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={"tolerance": "squared error up to which an answer is right"},
)
