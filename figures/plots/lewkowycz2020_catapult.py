"""A step that is too large throws the loss up and lands in a flatter minimum.

Two linear layers, f = u·v/sqrt(m), m = 20, one sample with label 0, kernel 2 at the start. Loss (left)
and tangent kernel (right) against steps of gradient descent: a small step (lazy), one between 2 and 4
over the kernel (catapult), and one beyond (diverges). Lines are the map of output and kernel, marks
descent on all 40 weights, which it meets to rounding. The parameters are ours.
"""

from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import above
from sims.claims.papers import lewkowycz2020 as claims
from theory.papers import lewkowycz2020

COUNT = 16
STEPS = {"lazy": 0.7, "catapult": 1.5, "diverges": 2.3}
BASE = {**claims.landing.defaults}


def data(width: int = int(BASE["width"]), trials: int = 24) -> dict[str, Any]:
    """Output and kernel of the map after every number of steps, and those of descent."""
    found: dict[str, Any] = {"count": np.arange(COUNT + 1)}
    for name, step in STEPS.items():
        at = {**BASE, "step": step, "width": width}
        counts = range(5 if name == "diverges" else COUNT + 1)
        path = np.array(
            [lewkowycz2020.catapult(at["output"], at["kernel"], step, at["width"], k) for k in counts]
        )

        def run(place: int, rng: np.random.Generator, at: dict[str, Any] = at) -> Any:
            return claims.descent(SimpleNamespace(**at), rng, place)

        samples = marks.simulated(run, counts, trials, f"lewkowycz2020 {name}")
        found[f"theory {name}"] = path
        for i, field in enumerate(("output", "kernel")):
            chosen = [type(sample)(sample.values[:, [i]]) for sample in samples]
            found[f"{name} {field}"] = marks.points(list(counts), chosen, path[:, i], 1e-8, outcome="every")
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Loss and kernel beside one another."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    for i, (name, marker) in enumerate(zip(STEPS, "osD", strict=True)):
        path = data[f"theory {name}"]
        kernel = data[f"{name} kernel"]
        loss, label = data[f"{name} output"].centre ** 2 / 2, f"step {STEPS[name]:g}, {name}"
        left.plot(kernel.x, path[:, 0] ** 2 / 2, color=f"C{i}", label=label)
        left.plot(kernel.x, loss, f"C{i}{marker}", markersize=3, label=label)
        right.plot(kernel.x, path[:, 1], color=f"C{i}")
        marks.scatter(right, kernel, f"C{i}", None, marker)
    left.set_yscale("log")
    left.set_ylim(1e-8, 1e3)
    right.set_ylim(0.0, 2.4)
    left.set_ylabel("loss")
    right.set_ylabel("tangent kernel")
    for axes in (left, right):
        axes.set_xlabel("steps")
    labels = dict.fromkeys(left.get_legend_handles_labels()[1])
    above(left, *labels, columns=3)
    return figure


FIGURE = PaperFigure(data=data, draw=draw, meanings={"width": "units of the hidden layer"})
