"""From rich to lazy by imbalance: the more one layer outweighs the other, the less the tangent kernel moves.

A mode of strength s = 3 in two linear layers, f = a b, that starts at u = 0.01 with the imbalance
L = a^2 - b^2, which the flow keeps. Left, the strength u against time: balanced layers wait on a plateau,
those out of balance start at once. Right, the tangent kernel sqrt(L^2 + 4 u^2) over its value at the start:
that of balanced layers grows by a factor of 300, at L = 20 it grows by 4 %. Lines are theory, marks two 2 x 2
layers in random bases, whose flow is integrated. The parameters are ours.
"""

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import above, curve
from sims.claims.papers.saxe2014 import layers, strength
from theory.papers import kunin2024, saxe2014

BASE = strength.defaults
IMBALANCES = (0.0, 1.0, 4.0, 20.0)
TIMES = (0.25, 0.75, 1.25)
LINE = np.linspace(0.0, 1.6, 200)


def _trial(target: float, start: float, imbalance: float, time: float, rng: np.random.Generator) -> float:
    """Strength of the strong mode of two."""
    return float(
        layers(SimpleNamespace(**{**BASE, "strong": target, "start": start, "time": time}), rng, imbalance)[1]
    )


def _growth(target: float, start: float, imbalance: float, strength: Any) -> Any:
    """Kernel of a strength over that of the start; it rises with the strength."""
    return kunin2024.kernel(target, strength, 0.0, imbalance) / kunin2024.kernel(
        target, start, 0.0, imbalance
    )


def data(
    target: float = float(BASE["strong"]), start: float = float(BASE["start"]), trials: int = 20
) -> dict[str, Any]:
    """Strength and kernel along time for each imbalance."""
    found: dict[str, Any] = {}
    for imbalance in IMBALANCES:
        samples = marks.simulated(
            partial(_trial, target, start, imbalance), TIMES, trials, f"kunin2024 regimes {imbalance:g}"
        )
        told = saxe2014.strength(target, start, TIMES, imbalance=imbalance)
        points = marks.points(TIMES, samples, told, 1e-4, outcome="every")  # the integration
        found[f"strength {imbalance:g}"] = saxe2014.strength(target, start, LINE, imbalance=imbalance)
        found[f"kernel {imbalance:g}"] = _growth(target, start, imbalance, found[f"strength {imbalance:g}"])
        found[f"strength run {imbalance:g}"] = points
        found[f"kernel run {imbalance:g}"] = points.through(partial(_growth, target, start, imbalance))
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """By what the kernel has grown at the end."""
    return {f"growth_{L:g}": float(data[f"kernel {L:g}"][-1]) for L in IMBALANCES}


def draw(data: dict[str, Any]) -> Figure:
    """Strength and kernel beside one another."""
    figure = files.page(1, 2)
    panels = figure.subplots(1, 2)
    for axes, name in zip(panels, ("strength", "kernel"), strict=True):
        for i, (imbalance, marker) in enumerate(zip(IMBALANCES, "osD^", strict=True)):
            line = LINE, data[f"{name} {imbalance:g}"]
            points = data[f"{name} run {imbalance:g}"]
            curve(axes, f"L = {imbalance:g}", f"C{i}", marker, line, simulated=points)
        axes.set_xlabel("time")
    panels[0].set_ylabel("strength u")
    panels[1].set_yscale("log")
    panels[1].set_ylabel("kernel over its start")
    labels = (f"L = {imbalance:g}" for imbalance in IMBALANCES)
    above(panels[0], *labels, columns=4)
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={"target": "strength of the target's mode", "start": "strength at the start"},
)
