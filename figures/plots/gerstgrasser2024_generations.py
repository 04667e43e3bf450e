"""Models trained on models: the error grows without end on replaced data, and stays bounded on accumulated.

The excess test error of ordinary least squares in 10 dimensions is shown against the generation. The first
has 40 true labels of noise 0.5; each later one gets 40 fresh inputs with labels of the generation before, and
is fitted to these alone (replaced) or to all labels so far (accumulated). Dashed lines are exact means, marks
means over 400 chains, exact given their inputs; the dotted line is the bound of the paper for accumulated
data. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend
from sims.claims.papers import gerstgrasser2024 as claims
from theory.papers import gerstgrasser2024

CHAINS = {"replaced": claims.replaced, "accumulated": claims.accumulated}


def _trial(d: int, n: int, noise: float, count: int, name: str, _: int, rng: np.random.Generator) -> Any:
    return CHAINS[name](d, n, noise, count, rng)


def data(d: int = 10, n: int = 40, noise: float = 0.5, count: int = 10, trials: int = 400) -> dict[str, Any]:
    """Exact means of both chains and of the bound, and simulated means."""
    g = np.arange(1, count + 1)
    exact = gerstgrasser2024.chain(d, n, noise, g)
    found: dict[str, Any] = {"count": count, "g": g, "bound": exact.accumulate_bound}
    for name, theory in zip(CHAINS, (exact.replace, exact.accumulate), strict=True):
        (sample,) = marks.simulated(
            partial(_trial, d, n, noise, count, name), [0], trials, f"gerstgrasser2024 {name}"
        )
        found[f"exact {name}"] = theory
        found[f"simulated {name}"] = marks.points(g, sample, theory)
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Error of the last generation over that of the first, for both chains, and what the bound allows."""
    count = data["count"]
    times = {name: float(data[f"exact {name}"][-1] / data[f"exact {name}"][0]) for name in CHAINS}
    return times | {"bound": float(data["bound"][-1] / data["bound"][0]), "generations": count}


def draw(data: dict[str, Any]) -> Figure:
    """One colour and marker for each chain."""
    figure = files.page()
    axes = figure.add_subplot()
    for i, (name, marker) in enumerate(zip(CHAINS, "os", strict=True)):
        exact = data["g"], data[f"exact {name}"]
        curve(axes, name, f"C{i}", marker, None, exact, data[f"simulated {name}"])
    axes.plot(data["g"], data["bound"], color="0.3", linestyle=":", linewidth=0.9, label="bound, accumulated")
    axes.set_ylim(0, None)
    axes.set_xticks(data["g"][1::2])
    axes.set_xlabel("generation")
    axes.set_ylabel("excess test error")
    legend(axes, *CHAINS, "bound, accumulated", loc="upper left")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers, meanings={"count": "generations"})
