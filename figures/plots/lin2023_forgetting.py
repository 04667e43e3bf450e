"""A second task is learnt at the cost of the first: beyond p = n only a share is forgotten.

Least squares learns two tasks one after the other, each from n = 20 samples, and each time ends at the
solution nearest to the one before. The first target has power 1, the second one adds a part of power 1 at a
right angle, the noise is 0.1. Shown is the excess test error on both tasks after both, against the features
per sample: dashed exact means, marks means over 200 pairs of designs, exact given each, and open marks near p
= n medians with the 5 % and 95 % quantiles. Grey is the error on the first task before the second one was
seen; what lies between is forgotten: below the threshold all that differs, beyond it less and less, until
there is nothing learnt that could be forgotten. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots import _isotropic
from figures.plots._curve import above, curve, logarithmic, threshold
from figures.plots._random_features import column
from sims.claims.papers.lin2023 import forgetting as claim
from theory.papers import lin2023

TASKS = ("first task", "second task")
BEFORE = "first task, before the second"


def _trial(n: int, signal: float, shift: float, noise: float, p: int, rng: np.random.Generator) -> Any:
    """Squared distances to both tasks after both."""
    return claim.measure({"n": n, "p": p, "signal": signal, "shift": shift, "noise": noise}, rng)


def _exact(n: int, p: int, signal: float, shift: float, noise: float, steps: int) -> Any:
    """Excess errors on both tasks after the first `steps` of them."""
    gram, norms = [[0.0, shift], [shift, 0.0]], [signal, signal + shift]
    return lin2023.distances(p, n, gram, norms, noise, steps)


def data(
    n: int = 20, signal: float = 1.0, shift: float = 1.0, noise: float = 0.1, trials: int = 200
) -> dict[str, Any]:
    """Exact errors at every p, and simulated ones at some."""
    p = np.arange(max(n // 4, 2), 10 * n + 1)
    after = np.array([_exact(n, size, signal, shift, noise, 2) for size in p.tolist()])
    before = np.array([_exact(n, size, signal, shift, noise, 1)[0] for size in p.tolist()])
    found: dict[str, Any] = {
        "n": n,
        "ratio": p / n,
        f"exact {BEFORE}": np.where(before < np.inf, before, np.nan),
    }
    sizes = _isotropic.sizes(n / 4, 10 * n, 15)
    samples = marks.simulated(
        partial(_trial, n, signal, shift, noise), sizes.tolist(), trials, "lin2023 forgetting"
    )
    told = np.array([_exact(n, size, signal, shift, noise, 2) for size in sizes.tolist()])
    for i, task in enumerate(TASKS):
        found[f"exact {task}"] = np.where(after[:, i] < np.inf, after[:, i], np.nan)
        found[f"simulated {task}"] = marks.points(
            sizes / n, column(samples, i), told[:, i], heavy=_isotropic.near(n, sizes)
        )
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """What is forgotten of the first task at half, twice and ten times as many features as samples."""
    lost = data["exact first task"] - data[f"exact {BEFORE}"]
    places = {"half": 0.5, "twice": 2.0, "ten_times": 10.0}
    return {f"forgotten_{name}": float(np.interp(x, data["ratio"], lost)) for name, x in places.items()}


def draw(data: dict[str, Any]) -> Figure:
    """One colour and marker for each task."""
    figure = files.page()
    axes = figure.add_subplot()
    before = data["ratio"], data[f"exact {BEFORE}"]
    axes.plot(*before, color="0.5", linestyle="--", label=BEFORE)
    for i, (task, marker) in enumerate(zip(TASKS, "os", strict=True)):
        exact = data["ratio"], data[f"exact {task}"]
        curve(axes, task, f"C{i}", marker, None, exact, data[f"simulated {task}"])
    threshold(axes, 1.0, "p = n")
    logarithmic(axes, 0.02, 10.0)
    axes.set_xlabel(f"features per sample, p/n (n = {data['n']})")
    axes.set_ylabel("excess test error")
    above(axes, *TASKS, BEFORE)
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={
        "n": "samples of each task",
        "signal": "power of the first target",
        "shift": "power of what the second target adds to the first",
    },
)
