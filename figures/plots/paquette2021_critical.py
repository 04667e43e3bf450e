"""Small batches limit the step in proportion to their size; beyond the critical batch larger ones are wasted.

The step up to which one-pass stochastic gradient descent is stable, against the batch B: for 10 and 100
isotropic features 2B/(B + p + 1), and for 100 features of variances 1/i, of which few count. Lines are exact;
marks are measured on 1000 times 16 batches for 10 features. Dotted, 2 over the largest eigenvalue, the limit
for full batches; rings, the critical batch, at which half of it is reached: p + 1 if isotropic.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import legend
from sims.claims.papers.paquette2021 import critical_step as claim
from theory import Problem, sgd

BATCHES = (1, 2, 5, 11, 25, 60, 150)


def _problems(p: int) -> list[tuple[str, Problem]]:
    return [
        (f"{p} isotropic", Problem.isotropic(p)),
        ("100 isotropic", Problem.isotropic(100)),
        ("100 of variance 1/i", Problem.power_law(100, 1.0, 2.0)),
    ]


def data(p: int = 10, trials: int = 1000) -> dict[str, Any]:
    """Critical steps and batches of the three, and measured steps of the first."""
    batch = np.unique(np.geomspace(1, 3000, 200).astype(int))
    problems = _problems(p)
    found: dict[str, Any] = {"names": [name for name, _ in problems], "batch": batch}
    for name, problem in problems:
        found[name] = sgd.critical_step(problem, batch)
        found[f"critical batch {name}"] = sgd.critical_batch(problem)
    found["measured"] = marks.swept(claim, "batch", BATCHES, trials, "paquette2021 critical", p=p)
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Critical batches."""
    isotropic, _, falling = (data[f"critical batch {name}"] for name in data["names"])
    return {"isotropic_10": float(isotropic), "falling_100": float(falling)}


def draw(data: dict[str, Any]) -> Figure:
    """Steps against batches."""
    names = data["names"]
    figure = files.page()
    axes = figure.add_subplot()
    for i, (name, thick) in enumerate(zip(names, (1.4, 2.2, 0.7), strict=True)):
        axes.plot(data["batch"], data[name], color=f"C{i}", linewidth=thick, label=name)
        ring: dict[str, Any] = {"marker": "o", "markersize": 9, "markerfacecolor": "none"}
        axes.plot(data[f"critical batch {name}"], 1.0, color=f"C{i}", **ring)
    marks.scatter(axes, data["measured"], "C0", names[0])
    axes.axhline(2.0, color="0.4", linestyle=":", label="2/largest eigenvalue")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("batch, B")
    axes.set_ylabel("critical step")
    legend(axes, *names, "2/largest eigenvalue", loc="lower right")
    return figure


FIGURE = PaperFigure(
    data=data, draw=draw, numbers=numbers, meanings={"p": "features of the problem that is simulated"}
)
