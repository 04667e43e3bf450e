"""A linear denoiser remembers its samples: its loss is small on them and large on fresh ones until n >> d.

Loss for each of d = 60 coordinates of the best linear denoiser of n samples, on fresh samples (thick) and
on its own (thin), for three variances of the noise that it removes. Dotted lines are the denoiser that
knows the covariance, to which both tend. Lines are the limit, points means over 60 data sets. A third of
the coordinates have variance 2, the others 0.3. The less noise there is to remove, the further apart are
the two losses. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers.merger2025 import losses
from theory import Problem
from theory.papers import merger2025

CORRUPTIONS = (0.02, 0.2, 1.0)
SAMPLES = (15, 30, 60, 120, 240, 480)


def data(d: int = 60, trials: int = 60) -> dict[str, Any]:
    """Losses on a line of n/d and simulated ones, for each variance of the noise."""
    n, large, small = d * np.geomspace(0.2, 10.0, 120), losses.defaults["large"], losses.defaults["small"]
    problem = Problem(np.array([large, small], dtype=float), np.zeros(2), np.array([d / 3, 2 * d / 3]))
    found: dict[str, Any] = {"ratio": n / d}
    for corruption in CORRUPTIONS:
        line = merger2025.denoiser(problem, n, corruption)
        found[f"best {corruption}"] = line.best[0] / d
        for of, name in enumerate(("test", "train")):
            found[f"{name} {corruption}"] = getattr(line, name) / d
            shown = marks.swept(
                losses, "n", SAMPLES, trials, "merger2025 denoisers", of=of, d=d, corruption=corruption
            )
            found[f"simulated {name} {corruption}"] = shown._replace(x=shown.x / d)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """One colour for each variance; test solid, train dashed."""
    figure = files.page()
    axes = figure.add_subplot()
    for i, (corruption, marker) in enumerate(zip(CORRUPTIONS, "osD", strict=True)):
        color = f"C{i}"
        axes.plot(data["ratio"], data[f"test {corruption}"], color, label=f"noise {corruption:g}")
        axes.plot(data["ratio"], data[f"train {corruption}"], color, linewidth=0.6)
        axes.axhline(data[f"best {corruption}"], color=color, linestyle=":", linewidth=0.8)
        marks.scatter(axes, data[f"simulated test {corruption}"], color, None, marker)
        marks.scatter(axes, data[f"simulated train {corruption}"], color, None, f"{marker}")
    axes.set_xscale("log")
    axes.set_yscale("log")
    marks.plain_ticks(axes.xaxis)
    axes.set_xlabel("samples per dimension n/d")
    axes.set_ylabel("loss per coordinate")
    axes.set_ylim(2e-4, 1.0)
    kinds = [Line2D([], [], color="k"), Line2D([], [], color="k", linewidth=0.6)]
    handles, labels = axes.get_legend_handles_labels()
    names = [*labels, "fresh samples", "its own samples"]
    axes.legend([*handles, *kinds], names, ncols=2, loc="lower right")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, redraws="Fig. 1†")
