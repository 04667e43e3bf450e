"""With more features the largest margin grows, and so does the test error of the classifier that has it.

Gaussian inputs are labelled by the sign of one coordinate. Shown are the margin (a) and the test error (b)
of the classifier of largest margin against p/n: lines are the limit of large n, points simulations at n =
80, whose error is exact given the classifier. (b) also has minimum-norm least squares on the same labels,
without theory here: it peaks at p = n, which the largest margin passes without a trace. The parameters are
ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers.montanari2019 import max_margin
from theory.papers import montanari2019

PSI = (0.25, 0.5, 0.75, 1.0, 1.5, 2.5, 4.0)
# the name that the random numbers are drawn by: another text, other draws
EXPERIMENT = (
    "On the labels of a linear teacher, the largest margin that a linear classifier can have "
    "and the test error of the one that has it depend on p/n alone, through two equations."
)


def _least_squares(n: int, psi: float, rng: np.random.Generator) -> float:
    X = rng.standard_normal((n, round(psi * n)))
    w = np.linalg.pinv(X) @ np.sign(X[:, 0])
    return float(np.arccos(w[0] / np.linalg.norm(w)) / np.pi)


def data(n: int = 80, trials: int = 24) -> dict[str, Any]:
    """The limit on a line of p/n, and simulated classifiers."""
    psi = np.geomspace(0.2, 5.0, 80)
    limit = montanari2019.max_margin(psi)
    grid = np.array([0.25, 0.5, 0.75, 0.9, 0.95, 1.0, 1.05, 1.1, 1.5, 2.5, 4.0])
    squares = marks.simulated(
        partial(_least_squares, n), grid.tolist(), 5 * trials // 2, "montanari2019 least squares"
    )
    return {
        "psi": psi,
        "margin": limit.margin,
        "error": limit.error,
        "simulated margin": marks.swept(max_margin, "psi", PSI, trials, EXPERIMENT, of=0, n=n),
        "simulated error": marks.swept(max_margin, "psi", PSI, trials, EXPERIMENT, of=1, n=n),
        "least squares": marks.points(grid, squares),
    }


def draw(data: dict[str, Any]) -> Figure:
    """Margin, and error beside that of least squares."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    left.plot(data["psi"], data["margin"], "C0", label="limit")
    marks.scatter(left, data["simulated margin"])
    left.set_ylabel("largest margin")
    right.plot(data["psi"], data["error"], "C0")
    marks.scatter(right, data["simulated error"], label="largest margin")
    marks.scatter(right, data["least squares"], "C2", "least squares", "s")
    right.set_ylabel("test error")
    right.set_ylim(0.05, 0.5)
    marks.threshold(right, 1.0, "p = n")
    for axes, letter in ((left, "a"), (right, "b")):
        axes.set_title(f"({letter})", loc="left")
        axes.set_xscale("log")
        marks.plain_ticks(axes.xaxis)
        axes.set_xlabel("p/n")
    left.legend()
    right.legend(loc="lower right")
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
