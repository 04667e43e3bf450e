"""The scale of the start chooses the solution: a small one the least l1 norm, a large one the least l2 norm.

A diagonal linear network beta = u² - v² starts with all weights alpha and fits n = 3 Gaussian samples of a
target with one of p = 8 coordinates. Shown are the l1 and l2 norm of the interpolator where gradient flow
ends, over the smallest that an interpolator can have. Lines are theory, marks the integrated flow; both are
means over the same 16 designs, and the verdict is on their ratio on each. As alpha falls the l1 norm comes
down only logarithmically. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers.woodworth2020 import end as claim
from sims.experiments.diagonal_networks import flow_end
from sims.trials.sample import Sample
from theory.papers import woodworth2020

ALPHAS = np.array([0.03, 0.06, 0.12, 0.25, 0.5, 1.0])
LINE = np.geomspace(0.01, 2.0, 30)
ALLOWANCE = claim.granted(claim.defaults)  # of the flow as it is integrated
Array = NDArray[np.float64]


def _least(p: int, X: Array, y: Array) -> Array:
    """The least l1 and l2 norms of an interpolator."""
    from scipy.optimize import linprog

    l1 = linprog(np.ones(2 * p), A_eq=np.hstack([X, -X]), b_eq=y, bounds=(0, None)).fun
    return np.array([l1, np.linalg.norm(np.linalg.pinv(X) @ y)])


def _norms(n: int, p: int, place: int, rng: np.random.Generator) -> Array:
    """l1 and l2 norms over the least ones: of the flow, of theory at its scales, of theory on the line."""
    X = rng.standard_normal((n, p))
    y = X[:, 0].copy()
    ends = [flow_end(X, y, alpha) for alpha in ALPHAS]
    ends += [woodworth2020.limit(X, y, alpha) for alpha in (*ALPHAS, *LINE)]
    return (
        np.array([[np.linalg.norm(b, k) for b in ends] for k in (1, 2)]) / _least(p, X, y)[:, None]
    ).ravel()


def data(n: int = 3, p: int = 8, trials: int = 16) -> dict[str, Any]:
    """Norms of flow and theory, and their ratio, which is judged."""
    sample = marks.simulated(partial(_norms, n, p), [0], trials, "woodworth2020 norms")[0]
    flow, theory, line = np.split(
        sample.values.reshape(trials, 2, -1), [len(ALPHAS), 2 * len(ALPHAS)], axis=2
    )
    found: dict[str, Any] = {"line": LINE}
    for i, name in enumerate(("l1", "l2")):
        found[f"theory {name}"] = line[:, i].mean(axis=0)
        found[f"flow {name}"] = marks.points(ALPHAS, Sample(flow[:, i]))
        ratio = Sample(flow[:, i] / theory[:, i])
        found[f"ratio {name}"] = marks.points(ALPHAS, ratio, 1.0, ALLOWANCE)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """The two norms against the scale."""
    figure = files.page()
    axes = figure.add_subplot()
    for i, (name, marker) in enumerate((("l1", "o"), ("l2", "s"))):
        axes.plot(data["line"], data[f"theory {name}"], color=f"C{i}", label=f"{name}, theory")
        marks.scatter(axes, data[f"flow {name}"], f"C{i}", f"{name}, flow, 95 %", marker)
    axes.axhline(1.0, color="0.4", linewidth=0.7, zorder=0)
    axes.set_xscale("log")
    axes.set_ylim(0.95, 1.6)
    axes.set_xlabel("scale of the start, alpha")
    axes.set_ylabel("norm / least norm")
    axes.annotate("rich", (0.02, 0.02), xycoords="axes fraction", fontsize="small", color="0.3")
    axes.annotate("kernel", (0.98, 0.02), xycoords="axes fraction", ha="right", fontsize="small", color="0.3")
    axes.legend(ncols=2, loc="upper left", columnspacing=1.0)
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
