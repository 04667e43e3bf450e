"""Kernel regression: each sample is a unit of learnability, spent on the largest eigenvalues first.

Left, the share of an eigenfunction that an interpolating kernel machine learns from n samples, for groups
of 4, 16, 64 and 256 eigenfunctions whose eigenvalues fall by a factor 20 from group to group. Lines are the
equation, marks means over 24 Gaussian designs, exact given each and averaged over each group. Right, how
the n units are shared out: the sums over groups, stacked, make n exactly in every design (dots). The
parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._random_features import column
from theory import Problem
from theory.papers import simon2023

COUNTS = np.array([4, 16, 64, 256])


def _levels(ratio: float) -> Any:
    return 1 / ratio ** np.arange(4.0)


def _learnt(ratio: float, n: int, rng: np.random.Generator) -> Any:
    """Share learnt of an eigenfunction of each group, and the sum over all."""
    lam = np.repeat(_levels(ratio), COUNTS)
    Phi = rng.standard_normal((n, len(lam)))
    learnt = lam * (Phi * np.linalg.solve((Phi * lam) @ Phi.T, Phi)).sum(axis=0)
    sums = np.add.reduceat(learnt, np.cumsum(COUNTS) - COUNTS)
    return np.append(sums / COUNTS, sums.sum())


def data(ratio: float = 20.0, trials: int = 24) -> dict[str, Any]:
    """Shares on a line of n, and simulated at whole n."""
    line = np.geomspace(1, COUNTS.sum() - 1e-6, 300)
    n = np.array([2, 4, 7, 12, 20, 32, 52, 84, 130, 200, 300])
    samples = marks.simulated(partial(_learnt, ratio), n.tolist(), trials, "simon2023 learnability")
    problem = Problem(_levels(ratio), np.full(4, 0.25), COUNTS.astype(float))
    expected = simon2023.learnability(problem, n)
    found: dict[str, Any] = {"ratio": ratio, "n": line, "share": simon2023.learnability(problem, line)}
    for i in range(len(COUNTS)):
        # a share near 0 at few samples is as uncertain as one over the samples
        found[f"simulated {i}"] = marks.points(n, column(samples, i), expected[:, i], 1 / n)
    found["sum"] = marks.points(n, column(samples, len(COUNTS)), n, 1e-6, outcome="every")  # rounding
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Shares, and the budget."""
    ratio = data["ratio"]
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    below = np.zeros_like(data["n"])
    for i, (level, count, marker) in enumerate(zip(_levels(ratio), COUNTS, "osD^", strict=True)):
        share = data["share"][:, i]
        left.plot(data["n"], share, color=f"C{i}", label=f"λ = {level:g}")
        marks.scatter(left, data[f"simulated {i}"], f"C{i}", None, marker)
        above = below + count * share
        right.fill_between(
            data["n"], below / data["n"], above / data["n"], facecolor=f"C{i}", alpha=0.35,
            hatch=("", "//", "..", "xx")[i], edgecolor="0.35", linewidth=0.0,
        )  # fmt: skip
        right.plot(data["n"], above / data["n"], color=f"C{i}")
        below = above
    total = data["sum"]
    marks.scatter(
        right,
        total._replace(centre=total.centre / total.x, low=total.low / total.x, high=total.high / total.x),
        "black",
    )
    for axes in (left, right):
        axes.set_xscale("log")
        axes.set_xlabel("samples n")
        axes.set_xlim(1.0, COUNTS.sum())
    left.set_ylabel("learnability of one mode")
    figure.legend(*left.get_legend_handles_labels(), loc="outside upper center", ncols=4)
    right.set_ylabel("share of the n units")
    right.set_ylim(0.0, 1.05)
    return figure


FIGURE = PaperFigure(data=data, draw=draw, meanings={"ratio": "ratio of neighbouring eigenvalues"})
