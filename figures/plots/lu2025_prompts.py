"""In-context learning has a double descent in prompts, and few tasks are learnt by heart.

Linear attention on tokens of dimension d, noise 0.1. Left and middle, test error on fresh tasks against the
prompts in training over d^2, for contexts of alpha d pairs and kappa d tasks: thin the limit without a
ridge, thick with a ridge of 0.3. Right, errors on known and on fresh tasks after endlessly many prompts,
against the tasks in training over d, at alpha = 2. Lines are limits of large d; marks are means over draws,
left and middle those of d = 8 and 16 extrapolated in 1/d, right at d = 60. Dotted: the error of predicting 0.
The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend
from sims.claims.papers import lu2025 as claims
from theory.papers import lu2025

PANELS = (((0.5, 2.0), (2.0, 2.0)), ((2.0, 0.5), (2.0, 4.0)))
"""alpha and kappa of the curves on the left, and in the middle."""
TAUS = (0.25, 0.5, 1.0, 1.5)
KAPPAS = (0.2, 0.5, 1.0, 2.0, 4.0)
KINDS = ("known tasks", "fresh tasks")
ABOVE: dict[str, Any] = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0)}


def _name(alpha: float, kappa: float) -> str:
    return rf"$\alpha$ = {alpha:g}, $\kappa$ = {kappa:g}"


def data(noise: float = 0.1, ridge: float = 0.3, trials: int = 192) -> dict[str, Any]:
    """Limits along tau and kappa, and simulated errors."""
    tau, kappa_line = np.geomspace(0.1, 4.0, 240), np.geomspace(0.1, 10.0, 200)
    found: dict[str, Any] = {"noise": noise, "tau": tau, "kappa": kappa_line}
    for alpha, kappa in {pair for panel in PANELS for pair in panel}:
        setting = {"alpha": alpha, "kappa": kappa, "noise": noise}
        name = _name(alpha, kappa)
        found[f"ridgeless {name}"] = lu2025.risk(tau, **setting).fresh_tasks
        found[f"limit {name}"] = lu2025.risk(tau, **setting, ridge=ridge).fresh_tasks
        found[f"simulated {name}"] = marks.swept(
            claims.prompts, "tau", TAUS, trials, f"lu2025 {alpha} {kappa}", of=1, d=8, ridge=ridge, **setting
        )
    endless = lu2025.risk(np.inf, 2.0, kappa_line, noise)
    for i, kind in enumerate(KINDS):
        found[f"limit {kind}"] = endless[i]
        found[f"simulated {kind}"] = marks.swept(
            claims.endless, "kappa", KAPPAS, trials // 3, "lu2025 kappa", of=i, d=60, alpha=2.0, noise=noise
        )
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Errors on both kinds of tasks after endless prompts with half as many tasks as dimensions."""
    noise = data["noise"]
    found = lu2025.risk(np.inf, 2.0, 0.5, noise)
    return {"known": float(found.known_tasks), "fresh": float(found.fresh_tasks)}


def draw(data: dict[str, Any]) -> Figure:
    """Prompts in two panels, tasks in the third."""
    noise = data["noise"]
    figure = files.page(1, 3, height=1.25)
    panels = figure.subplots(1, 3)
    for axes, pairs in zip(panels, PANELS, strict=False):
        for i, (pair, marker) in enumerate(zip(pairs, "os", strict=True)):
            name = _name(*pair)
            axes.plot(data["tau"], data[f"ridgeless {name}"], color=f"C{i}", linewidth=0.6)
            limit = data["tau"], data[f"limit {name}"]
            curve(axes, name, f"C{i}", marker, limit, simulated=data[f"simulated {name}"])
        axes.set_ylim(0.0, 3.0)
        axes.set_xlabel(r"prompts over $d^2$, $\tau$")
        legend(axes, *(_name(*pair) for pair in pairs), **ABOVE)
    panels[0].set_ylabel("error on fresh tasks")
    for i, (kind, marker) in enumerate(zip(KINDS, "os", strict=True)):
        limit = data["kappa"], data[f"limit {kind}"]
        curve(panels[2], kind, f"C{i}", marker, limit, simulated=data[f"simulated {kind}"])
    panels[2].set_ylim(0.0, 1.3)
    panels[2].set_xlabel(r"tasks over d, $\kappa$")
    legend(panels[2], *KINDS, **ABOVE)
    for axes in panels:
        axes.axhline(1 + noise, color="0.5", linewidth=0.8, linestyle=":")
        axes.set_xscale("log")
        marks.plain_ticks(axes.xaxis)
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers, redraws="Fig. 2†")
