"""What arithmetic buys: with the best ridge the same error costs a fraction of what it costs without one.

Left, the Pareto fronts of test error against the multiplications n p min(n, p) of a fit, over all pairs of
n samples and p random features from 16 to 400: with the best ridge (solid, circles) and with none (dashed,
squares); points are means with 95 % intervals of exact errors of 24 designs at choices on the fronts. Right,
the ratio p/n that each front chooses: without a ridge it keeps away from p = n. Gaussian features of a power
law with exponents 1.5 and 2, power 1, noise 0.25. Parameters ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from sims import curves
from sims.sample import measure
from theory import Problem, random_features, tradeoff

PROBLEM = Problem.power_law(400, 1.5, 2.0, noise=0.25)
SIZES = np.unique(np.rint(np.geomspace(16, 400, 25)))
KINDS = {"best ridge": ("C0", "-", "o"), "ridge 0": ("C1", "--", "s")}
SHOWN, TRIALS = 8, 24


def data() -> dict[str, Any]:
    """Both fronts, and simulation at a few places of each."""
    found: dict[str, Any] = {}
    for kind in KINDS:
        front = tradeoff.pareto(PROBLEM, SIZES[:, None], SIZES, "fit", tuned=kind == "best ridge")
        at = np.unique(np.linspace(0, len(front.n) - 1, SHOWN).round().astype(int))
        grid = list(zip(front.n[at].astype(int), front.p[at].astype(int), front.ridge[at], strict=True))
        samples = marks.simulated(
            lambda place, rng: measure(PROBLEM, *place, rng).test, grid, TRIALS, f"everyday cost {kind}"
        )
        granted = [_allowance(*place) for place in grid]
        found[f"{kind} front"] = front
        found[f"{kind} simulated"] = marks.points(front.cost[at], samples, front.test[at], granted)
    found["saving"] = _saving(found["best ridge front"], found["ridge 0 front"])
    return found


def _allowance(n: int, p: int, ridge: float) -> NDArray[np.float64]:
    """That of `sims.curves` for random features, here Gaussian ones."""
    risk = random_features(PROBLEM, n, p, ridge)
    left_n, left_p = np.maximum(n - risk.df, 0.0), np.maximum(p - risk.df, 0.0)
    distance = left_n + left_p + left_n * left_p / (risk.df - risk.df2)
    told = curves.Prediction(risk.test, distance, exact=False, delta=1 - risk.df2 / n)
    return curves.allowance(curves.Setting(n=n), told)


def _saving(tuned: tradeoff.Front, ridgeless: tradeoff.Front) -> float:
    """Median over the front without ridge of its cost over the least cost of that error with the best."""
    least = [tuned.cost[tuned.test <= test].min() for test in ridgeless.test]
    return float(np.median(ridgeless.cost / least))


def draw(data: dict[str, Any]) -> Figure:
    """Error against cost, and the choice behind it."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    for kind, (color, line, marker) in KINDS.items():
        front = data[f"{kind} front"]
        left.plot(front.cost, front.test, color=color, linestyle=line, label=kind)
        marks.scatter(left, data[f"{kind} simulated"], color, None, marker)
        right.plot(front.cost, front.p / front.n, color=color, linestyle=line, label=kind)
    right.axhline(1.0, color="0.4", linewidth=0.7, zorder=0)
    for axes in (left, right):
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("multiplications n p min(n, p)")
        marks.plain_ticks(axes.yaxis)
    left.set_ylabel("test error")
    right.set_ylabel("features per sample p/n")
    left.legend(loc="upper right")
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """How many times the arithmetic the same error costs without a ridge, median along the front."""
    return {"times_the_arithmetic_without_ridge": data["saving"]}
