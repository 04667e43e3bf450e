"""What arithmetic buys: with samples at will a ridge saves little, with given samples it is worth a lot.

The curves are Pareto fronts: the least test error for a budget of n p min(n, p) multiplications of a fit,
with the best ridge (circles) and with none (squares). Left, the choice is over 16 to 600 samples n and 2 to
300 random features p. Right, n = 200 samples are given and up to 1600 features are on offer; without a ridge
nothing between a few features and very many is worth its price (the thin line is what all widths give). Marks
are means with 95 % intervals of the exact errors of 24 designs. The features are Gaussian with a power law of
exponents 1.5 and 2, the target has power 1, the noise is 0.05. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from sims.experiments import descent_models
from sims.experiments.gaussian import measure
from theory import Problem, random_features, tradeoff

Array = NDArray[np.float64]
CHOICES = ("any n", "given n")
KINDS = {"best ridge": ("C0", "o"), "ridge 0": ("C1", "s")}
SHOWN = 7


def _sizes(given: int) -> tuple[tuple[Array, Array], ...]:
    """Samples and widths on offer, for each of CHOICES."""
    return (
        (np.rint(np.geomspace(16, 600, 24))[:, None], np.rint(np.geomspace(2, 300, 24))),
        (np.array(float(given)), np.unique(np.rint(np.geomspace(2, 1600, 48)))),
    )


def data(noise: float = 0.05, given: int = 200, trials: int = 24) -> dict[str, Any]:
    """Fronts of both choices, and simulation at a few places of each."""
    problem = Problem.power_law(400, 1.5, 2.0, noise=noise)
    found: dict[str, Any] = {"noise": noise, "given": given}
    for choice, sizes in zip(CHOICES, _sizes(given), strict=True):
        for kind in KINDS:
            front = front_of(problem, kind, *sizes)
            at = np.unique(np.linspace(0, len(front.n) - 1, SHOWN).round().astype(int))
            places = [(int(front.n[i]), int(front.p[i]), float(front.ridge[i])) for i in at]
            samples = marks.simulated(
                lambda at, rng: measure(problem, at[0], at[1], at[2], rng).test, places, trials,
                f"everyday cost {choice} {kind}",
            )  # fmt: skip
            granted = [_allowance(problem, *place) for place in places]
            found[f"{choice}, {kind}"] = front
            found[f"{choice}, {kind} simulated"] = marks.points(
                front.cost[at], samples, front.test[at], granted
            )
    p = np.unique(np.rint(np.geomspace(2, 1600, 300)))
    test = random_features(problem, given, p).test
    found["cost"] = tradeoff.cost(given, p, "fit")
    found["ridge 0, all"] = np.where(np.isfinite(test), test, np.nan)
    return found


def front_of(problem: Problem, kind: str, n: Array, p: Array) -> tradeoff.Front:
    """The least errors for a budget, over all pairs of n and p."""
    return tradeoff.pareto(problem, n, p, "fit", tuned=kind == "best ridge")


def _allowance(problem: Problem, n: int, p: int, ridge: float) -> Array:
    """What `sims.experiments.descent_models` grants to random features, here to Gaussian ones."""
    risk = random_features(problem, n, p, ridge)
    left_n, left_p = np.maximum(n - risk.df, 0.0), np.maximum(p - risk.df, 0.0)
    distance = left_n + left_p + left_n * left_p / (risk.df - risk.df2)
    told = descent_models.CurveTheory(risk.test, distance, exact=False, delta=1 - risk.df2 / n)
    return descent_models.allowance(descent_models.Setting(n=n), told)


def draw(data: dict[str, Any]) -> Figure:
    """Error against cost for both choices."""
    noise, given = data["noise"], data["given"]
    figure = files.page(1, 2)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, choice, title in zip(
        panels, CHOICES, ("samples at will", f"n = {given} samples given"), strict=True
    ):
        if choice == "given n":
            axes.plot(data["cost"], data["ridge 0, all"], color="C1", linewidth=0.6)
        for kind, (color, marker) in KINDS.items():
            front = data[f"{choice}, {kind}"]
            axes.plot(front.cost, front.test, color=color, label=kind, drawstyle="steps-post")
            marks.scatter(axes, data[f"{choice}, {kind} simulated"], color, None, marker)
        axes.set_xscale("log")
        axes.set_xlabel("multiplications n p min(n, p)")
        axes.set_title(title, loc="left")
    panels[0].set_yscale("log")
    panels[0].set_ylim(noise, 50 * noise)
    marks.plain_ticks(panels[0].yaxis)
    panels[0].set_ylabel("test error")
    panels[0].legend(loc="lower left")
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """How many times the arithmetic no ridge costs (median over its front), least errors, the widest gap."""
    found = {}
    for choice in CHOICES:
        for kind in KINDS:
            front = data[f"{choice}, {kind}"]
            found[f"least error {choice} {kind}".replace(" ", "_")] = float(front.test[-1])
    tuned, free = data["any n, best ridge"], data["any n, ridge 0"]
    least = [tuned.cost[tuned.test <= test].min() for test in free.test]
    found["times_the_arithmetic"] = float(np.median(free.cost / least))
    given = data["given n, ridge 0"]
    found["gap_in_cost"] = float(np.max(given.cost[1:] / given.cost[:-1]))
    return found


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers, meanings={"given": "samples of the right panel"})
