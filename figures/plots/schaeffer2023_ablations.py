"""Three factors make the peak: take away any one of them and it is gone.

The grey curve is the exact mean error of minimum-norm least squares on p = 60 isotropic coordinates against
samples, with signal 1 and noise 0.1. Beside it stand, from left to right, a fit that leaves out singular
directions below 1/5 of the largest singular value, a target that leaves no residual in the training labels
(dashed: exact), and test inputs that vary in the 10 leading singular directions alone. Marks are means over
24 growing designs, open marks medians with the 5 % and 95 % quantiles. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots import _isotropic
from figures.plots._curve import logarithmic
from sims.experiments import ablations
from sims.experiments.isotropic import risk
from sims.trials.sample import Sample
from theory.papers import nakkiran2019

SIGNAL, TARGETS = 1.0, 20
LEADING = 10
ABLATIONS = ("no small singular values", "no residual", "leading test inputs")


def _errors(p: int, noise: float, cut: float, n: Any, rng: np.random.Generator) -> Any:
    """Errors (4, sizes) of the full fit and of the ablations."""
    X, beta = rng.standard_normal((n.max(), p)), rng.standard_normal((p, TARGETS))
    found = []
    for rows in n:
        fitted = np.linalg.lstsq(X[:rows], X[:rows] @ beta, rcond=None)[0]
        # chance in the lengths of the targets is divided out
        missed = noise + SIGNAL * np.sum((fitted - beta) ** 2) / np.sum(beta**2)
        few = X[:rows]
        truncated = ablations.truncated(few, SIGNAL, noise, cut)
        leading = ablations.on_leading_inputs(few, noise, LEADING)
        found.append([risk(few, SIGNAL, noise), truncated, missed, leading])
    return np.array(found).T.ravel()


def data(p: int = 60, noise: float = 0.1, cut: float = 0.2, trials: int = 24) -> dict[str, Any]:
    """The full fit and three ablations along n."""
    n, line = _isotropic.sizes(p / 6, 4 * p, 18), np.arange(p // 6, 4 * p + 1)
    (sample,) = marks.simulated(
        lambda _, rng: _errors(p, noise, cut, n, rng), [0], trials, "schaeffer2023 ablations"
    )
    full, *ablated = (Sample(part) for part in np.split(sample.values, 4, axis=1))
    found: dict[str, Any] = {
        "p": p,
        "noise": noise,
        "n": line,
        "exact": nakkiran2019.risk(line, p, SIGNAL, noise),
        "exact no residual": noise + SIGNAL * np.maximum(1 - line / p, 0),
        "simulated full": marks.points(
            n, full, nakkiran2019.risk(n, p, SIGNAL, noise), heavy=_isotropic.near(p, n)
        ),
    }
    for name, part in zip(ABLATIONS, ablated, strict=True):
        # it is signal (1 - n/p) by symmetry on average over targets
        expected = noise + SIGNAL * np.maximum(1 - n / p, 0) if name == "no residual" else None
        found[f"simulated {name}"] = marks.points(n, part, expected)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """One panel for each ablation."""
    p, noise = data["p"], data["noise"]
    figure = files.page(1, 3, height=1.0)
    panels = figure.subplots(1, 3, sharey=True)
    for i, (axes, name, marker) in enumerate(zip(panels, ABLATIONS, "osD", strict=True)):
        axes.plot(data["n"], data["exact"], color="0.6", linestyle="--", linewidth=1.0, label="full")
        marks.scatter(axes, data["simulated full"], "0.6", "full", "x")
        if f"exact {name}" in data:
            axes.plot(data["n"], data[f"exact {name}"], "--", color=f"C{i}", label=name)
        marks.scatter(axes, data[f"simulated {name}"], f"C{i}", name, marker)
        axes.axvline(p, color="0.4", linewidth=0.7, zorder=0)
        logarithmic(axes, noise / 1.25, 100 * noise)
        axes.set_title(name)
        axes.set_xlabel(f"samples, n (p = {p})")
    panels[0].set_ylabel("test error (signal = 1)")
    return figure


FIGURE = PaperFigure(
    data=data, draw=draw, meanings={"cut": "singular values below this share of the largest are dropped"}
)
