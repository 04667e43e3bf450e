"""One gradient step aligns the first layer with the target, once the step is large enough.

A network of 75 tanh units in 100 dimensions takes one gradient step on n = 300 noisy labels
tanh(beta·x). Shown are the largest singular value of its first layer (left) and the squared cosine of
its vector with beta (right) against the step. Lines are theory, marks means over 64 networks; the
vertical line is the step at which the spike leaves the random bulk. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers.ba2022 import alignment as claim

STEPS = (5.0, 6.0, 8.0, 10.0, 12.0)
LINE = np.linspace(0.0, 12.5, 400)
NAMES = ("singular value", "alignment")


def data(n: int = int(claim.defaults["n"]), trials: int = 64) -> dict[str, Any]:
    """Theory at every step, and what networks have at some."""
    lines = np.array([claim.expectation({**claim.defaults, "n": n, "step": step}) for step in LINE])
    found: dict[str, Any] = {"step": LINE, "threshold": float(LINE[np.argmax(lines[:, 1] > 0)])}
    for i, name in enumerate(NAMES):
        found[f"theory {name}"] = lines[:, i]
        found[name] = marks.swept(claim, "step", STEPS, trials, f"ba2022 {name}", of=i, n=n)
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The threshold, and the alignment of the largest step shown."""
    return {"threshold": data["threshold"], "alignment": float(data["theory alignment"][-1])}


def draw(data: dict[str, Any]) -> Figure:
    """Singular value and alignment beside one another."""
    figure = files.page()
    for i, (axes, name) in enumerate(zip(figure.subplots(1, 2), NAMES, strict=True)):
        axes.plot(data["step"], data[f"theory {name}"], color=f"C{i}", label="theory")
        marks.scatter(axes, data[name], f"C{i}", marker="os"[i])
        marks.threshold(axes, data["threshold"])
        axes.set_xlabel("step")
        axes.set_ylabel(name if i == 0 else "squared cosine")
        axes.set_ylim(bottom=0.0)
    figure.axes[0].legend(loc="lower right")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
