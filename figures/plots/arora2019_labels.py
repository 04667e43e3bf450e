"""True labels are learnt faster than random ones: they lie along the large eigenvectors of the kernel.

The n = 30 inputs lie on the sphere of R^5; their labels are sign(x_1), or the same in random order. (a) The
misfit that is left after so many steps: lines are networks of infinite width, points networks of 1024 ReLU
units whose first layer is trained, with 95 % intervals. The labels are made small, so that few units change
sign. (b) The share of the squared labels that lies in the span of the k eigenvectors of largest eigenvalue;
the band holds 95 % of 1,000 random orders at each k, and k/n (grey) is the mean for random labels. The
parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from sims.experiments.signed_networks import descend, unit_inputs
from theory import kernel
from theory.papers import arora2019

N, D, STEP, SIZE = 30, 5, 0.15, 0.1
ORDERS = 1000
STEPS = (1, 3, 10, 30, 100)
KINDS = ("true", "shuffled")
# times width: convexity, and units that switch; measured at widths 256 and 1024: 0.5, 2, 3, 12, 48
ALLOWANCE = np.array([2.0, 4.0, 6.0, 20.0, 80.0])
X = unit_inputs(N, D, seed=1)
Array = NDArray[np.float64]


def _labels(kind: str) -> Array:
    y = np.sign(X[:, 0])
    return y if kind == "true" else np.random.default_rng(7).permutation(y)


def _misfit(width: int, kind: str, rng: np.random.Generator) -> Array:
    """|f_k - y|/|y| after k steps."""
    _, run = descend(X, SIZE * _labels(kind), width, STEP, list(STEPS), rng)
    return np.sqrt(2 * run.loss[:, 0]) / SIZE


def data(width: int = 1024, trials: int = 64) -> dict[str, Any]:
    """Misfits of theory and networks, and where the labels lie."""
    line = np.unique(np.rint(np.geomspace(1, STEPS[-1], 60)))
    V = np.linalg.eigh(kernel.first_layer(X))[1][:, ::-1]
    found: dict[str, Any] = {"steps": line, "count": np.arange(1, N + 1)}
    for kind in KINDS:
        y = _labels(kind)
        found[f"theory {kind}"] = arora2019.residual(X, y, STEP, found["steps"]) / np.sqrt(N)
        sample = marks.simulated(partial(_misfit, width), [kind], trials, f"arora2019 labels {kind}")[0]
        expected = arora2019.residual(X, y, STEP, STEPS) / np.sqrt(N)
        found[f"networks {kind}"] = marks.points(STEPS, sample, expected, ALLOWANCE / width)
        found[f"within {kind}"] = np.cumsum((V.T @ y) ** 2) / N
    orders = np.random.default_rng(0).permuted(np.tile(_labels("true"), (ORDERS, 1)), axis=1)
    within = np.cumsum((orders @ V) ** 2, axis=1) / N
    found["low"], found["high"] = np.quantile(within, [0.025, 0.975], axis=0)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Misfit against steps, beside labels against eigenvectors."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    right.fill_between(
        data["count"], data["low"], data["high"], color="C1", alpha=0.15, linewidth=0, label="random orders"
    )
    for i, (kind, marker) in enumerate(zip(KINDS, "os", strict=True)):
        left.plot(data["steps"], data[f"theory {kind}"], f"C{i}", label=f"{kind} labels")
        marks.scatter(left, data[f"networks {kind}"], f"C{i}", None if i else "networks, 95 %", marker)
        right.plot(
            data["count"],
            data[f"within {kind}"],
            f"C{i}",
            linestyle=":",
            marker=marker,
            label=f"{kind} labels",
        )
    right.plot(data["count"], data["count"] / N, color="0.5", linewidth=0.9, label="random, mean")
    left.set_xscale("log")
    left.set_xlabel("steps")
    left.set_ylabel("misfit left, |f − y|/|y|")
    left.set_ylim(0.0, 1.05)
    right.set_xlabel("largest eigenvectors, k")
    right.set_ylabel("share of the labels")
    right.set_ylim(0.0, 1.05)
    for axes, letter in ((left, "a"), (right, "b")):
        axes.set_title(f"({letter})", loc="left")
    figure.legend(*marks.entries((right, left)), loc="outside upper center", ncols=3)
    return figure


FIGURE = PaperFigure(data=data, draw=draw, meanings={"width": "units of the networks"})
