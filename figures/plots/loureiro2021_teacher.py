"""Features of two variances, labels of a teacher: the square loss peaks at n = P, unless it has a penalty.

The curves are the probability of a wrong label along samples per feature, for P = 80 Gaussian features,
half of variance 1.5 and half of variance 0.5, along which the teacher has 0.8 and 0.2 of its power. Lines
are limits, marks means over 48 draws, exact given each fit. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._random_features import column
from sims.claims.papers import loureiro2021 as claims
from theory.papers import loureiro2021

P, TRIALS = 80, 48
CURVES = {"square loss, λ = 0.0001": 1e-4, "square loss, λ = 0.5": 0.5, "logistic, λ = 0.1": 0.1}
FEATURES = {"omega": claims.OMEGA, "t": 2 * claims.SHARE * claims.OMEGA, "rho": 1.0}


def _limit(name: str, alpha: Any) -> Any:
    solve = loureiro2021.logistic if name.startswith("logistic") else loureiro2021.ridge_classification
    return solve(**FEATURES, alpha=alpha, penalty=CURVES[name]).error


def _errors(alpha: float, rng: np.random.Generator) -> Any:
    return np.array([
        (claims.logistic if name.startswith("logistic") else claims.square_loss).measure(
            {"n": round(alpha * P), "alpha": alpha, "penalty": penalty}, rng
        )[0]
        for name, penalty in CURVES.items()
    ])  # fmt: skip


def data() -> dict[str, Any]:
    """Limits on a line of n/P, and simulated means."""
    alpha = np.array([0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0])
    line = np.sort(np.append(np.geomspace(0.25, 8, 80), 1.0))
    samples = marks.simulated(_errors, alpha.tolist(), TRIALS, "loureiro2021 teacher")
    found: dict[str, Any] = {"alpha": line}
    for i, name in enumerate(CURVES):
        found[f"limit {name}"] = _limit(name, line)
        granted = claims.square_loss.granted({"n": P})  # as much as at n = P, for every n
        found[f"simulated {name}"] = marks.points(alpha, column(samples, i), _limit(name, alpha), granted)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """One line for each loss and penalty."""
    figure = files.page()
    axes = figure.add_subplot()
    for i, (name, marker) in enumerate(zip(CURVES, "osD", strict=True)):
        axes.plot(data["alpha"], data[f"limit {name}"], color=f"C{i}", label=name)
        marks.scatter(axes, data[f"simulated {name}"], f"C{i}", None, marker)
    marks.threshold(axes, 1.0, "n = P")
    axes.set_xscale("log")
    marks.plain_ticks(axes.xaxis)
    axes.set_xlabel("samples per feature n/P")
    axes.set_ylabel("probability of a wrong label")
    axes.legend()
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
