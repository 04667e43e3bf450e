"""One gradient step aligns the first layer with the target, once the step is large enough.

A network of 75 tanh units in 100 dimensions takes one gradient step on n = 300 noisy labels
tanh(beta·x). Shown are the largest singular value of its first layer (left) and the squared cosine of
its vector with beta (right) against the step. Lines are the limit, marks means over 64 networks; the
vertical line is the step at which the spike leaves the random bulk. Open marks, up to twice that step, are
not judged: next to it the limit comes slowly, as a random matrix has its edge up to about d^(-2/3), and
below it a random vector has the squared cosine 1/d. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._random_features import column
from sims.claims.papers.ba2022 import alignment as claim

STEPS = (5.0, 6.0, 8.0, 10.0, 12.0)
SMALL = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0)
LINE = np.linspace(0.0, 12.5, 400)
NAMES = ("singular value", "alignment")


def _trial(n: int, step: float, rng: np.random.Generator) -> Any:
    return claim.measure({**claim.defaults, "n": n, "step": step}, rng)


def data(n: int = int(claim.defaults["n"]), trials: int = 64) -> dict[str, Any]:
    """Theory at every step, and what networks have at some."""
    lines = np.array([claim.expectation({**claim.defaults, "n": n, "step": step}) for step in LINE])
    found: dict[str, Any] = {"step": LINE, "threshold": float(LINE[np.argmax(lines[:, 1] > 0)])}
    small = marks.simulated(partial(_trial, n), SMALL, trials, "ba2022 small steps")
    for i, name in enumerate(NAMES):
        found[f"limit {name}"] = lines[:, i]
        found[f"small {name}"] = marks.points(SMALL, column(small, i))
        found[name] = marks.swept(claim, "step", STEPS, trials, f"ba2022 {name}", of=i, n=n)
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The threshold, and the alignment of the largest step shown."""
    return {"threshold": data["threshold"], "alignment": float(data["limit alignment"][-1])}


def draw(data: dict[str, Any]) -> Figure:
    """Singular value and alignment beside one another."""
    figure = files.page()
    for i, (axes, name) in enumerate(zip(figure.subplots(1, 2), NAMES, strict=True)):
        axes.plot(data["step"], data[f"limit {name}"], color=f"C{i}", label="limit")
        marks.scatter(axes, data[name], f"C{i}", marker="os"[i])
        marks.scatter(axes, data[f"small {name}"], f"C{i}", None, "os"[i], hollow=True)
        marks.threshold(axes, data["threshold"])
        axes.set_xlabel("step")
        axes.set_ylabel(name if i == 0 else "squared cosine")
        axes.set_ylim(bottom=0.0)
    figure.legend(*marks.entries(figure.axes[:1]), loc="outside upper center", ncols=2)
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers, redraws="Fig. 1†")
