"""Features of two variances, labels of a teacher: the square loss peaks at n = P if its penalty is small.

The curves are the probability of a wrong label along samples per feature, for P = 80 Gaussian features,
half of variance 1.5 and half of variance 0.5, along which the teacher has 0.8 and 0.2 of its power. (a) Both
losses have the same small penalty of 0.01. (b) Each has the penalty that is best for it at every size, of 49
between 0.001 and 10: few samples make no difference between the losses, many teach the logistic loss more.
Lines are limits, marks means over 48 draws, exact given each fit. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._random_features import column
from sims.claims.papers import loureiro2021 as claims
from theory.papers import loureiro2021

PENALTIES = np.geomspace(1e-3, 10, 49)
LOSSES = ("square", "logistic")
CLAIMS = {"square": claims.square_loss, "logistic": claims.logistic}
FEATURES = {"omega": claims.OMEGA, "t": 2 * claims.SHARE * claims.OMEGA, "rho": 1.0}


def _limit(loss: str, alpha: Any, penalty: Any) -> Any:
    solve = loureiro2021.logistic if loss == "logistic" else loureiro2021.ridge_classification
    return solve(**FEATURES, alpha=alpha, penalty=penalty).error


def _best(loss: str, alpha: Any) -> Any:
    """The best of the penalties at each number of samples per feature."""
    return PENALTIES[_limit(loss, alpha[:, None], PENALTIES).argmin(axis=1)]


def _errors(p: int, place: tuple[float, list[tuple[str, float]]], rng: np.random.Generator) -> Any:
    alpha, fits = place
    return np.array([
        CLAIMS[loss].measure({"n": round(alpha * p), "alpha": alpha, "penalty": penalty}, rng)[0]
        for loss, penalty in fits
    ])  # fmt: skip


def data(p: int = 80, small: float = 0.01, trials: int = 48) -> dict[str, Any]:
    """Limits on a line of n/p, and simulated means, at the small penalty and at the best ones."""
    alpha = np.array([0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0])
    lines = {"small": np.sort(np.append(np.geomspace(0.25, 8, 80), 1.0)), "best": np.geomspace(0.25, 8, 16)}
    found: dict[str, Any] = {f"alpha {kind}": line for kind, line in lines.items()}
    for kind, line in lines.items():
        chosen = {loss: _best(loss, alpha) if kind == "best" else np.full(7, small) for loss in LOSSES}
        places = [(a, [(loss, float(chosen[loss][i])) for loss in LOSSES]) for i, a in enumerate(alpha)]
        samples = marks.simulated(partial(_errors, p), places, trials, f"loureiro2021 teacher {kind}")
        for i, loss in enumerate(LOSSES):
            penalty = _best(loss, line) if kind == "best" else small
            found[f"limit {kind} {loss}"] = _limit(loss, line, penalty)
            granted = CLAIMS[loss].granted({"n": p})  # as much as at n = p, for every n
            found[f"simulated {kind} {loss}"] = marks.points(
                alpha, column(samples, i), _limit(loss, alpha, chosen[loss]), granted
            )
    return found


def draw(data: dict[str, Any]) -> Figure:
    """The same penalty, beside the best ones."""
    figure = files.page(1, 2)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, kind, title in zip(panels, ("small", "best"), ("(a) equal", "(b) best"), strict=True):
        for i, (loss, marker) in enumerate(zip(LOSSES, "os", strict=True)):
            axes.plot(
                data[f"alpha {kind}"], data[f"limit {kind} {loss}"], color=f"C{i}", label=f"{loss} loss"
            )
            marks.scatter(axes, data[f"simulated {kind} {loss}"], f"C{i}", None, marker)
        axes.set_title(f"{title} penalty", loc="left")
        marks.threshold(axes, 1.0, "n = P")
        axes.set_xscale("log")
        marks.plain_ticks(axes.xaxis)
        axes.set_xlabel("samples per feature n/P")
    panels[0].set_ylabel("probability of a wrong label")
    panels[1].legend(loc="lower left")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, meanings={"small": "the small penalty"})
