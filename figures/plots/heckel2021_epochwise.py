"""Double descent in epochs is two trade-offs after each other; step sizes that align them remove it.

Gradient descent solves linear regression with a fast level of 20 features (variance 1) and a slow level of 20
(variance 1/100), n = 2000 samples, target power 0.05 and 0.15, and noise 5; shown is the test error less the
noise against steps. Left, with one step size the error is the sum (marks) of what each level contributes
(thin the fast one, thick the slow one), each with its own minimum. Right, the same beside step sizes that
make both levels equally fast. Marks are means over 32 designs, exact given each. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend
from sims.claims.papers.heckel2021 import superposition as claim
from sims.experiments.epochwise import TwoLevels, excess
from theory import Problem
from theory.papers import heckel2021

NAMES = ("one step size", "aligned step sizes")


def _settings(n: int, noise: float) -> TwoLevels:
    return TwoLevels(n=n, d=20, slow=0.01, rate=0.2, fast_power=0.05, slow_power=0.15, noise=noise)


def _steps(n: int, noise: float, equal: bool, count: int) -> Any:
    last = 20 / (_settings(n, noise).rate if equal else _settings(n, noise).rate * _settings(n, noise).slow)
    return np.unique(np.rint(np.geomspace(1, last, count)).astype(int))


def _errors(n: int, noise: float, equal: bool, steps: list[int], _: int, rng: np.random.Generator) -> Any:
    return excess(_settings(n, noise), steps, equal, rng)


def _risk(n: int, noise: float, problem: Problem, steps: Any, rates: Any) -> Any:
    return heckel2021.risk(problem, _settings(n, noise).n, steps, rates) - problem.noise


def data(n: int = 2000, noise: float = 5.0, trials: int = 32) -> dict[str, Any]:
    """Both curves, and the parts of the first."""
    problem = _settings(n, noise).problem
    # the theory is of first order in d/n, and so is what the claim grants
    allowance = claim.granted({"n": n, "d": _settings(n, noise).d})
    found: dict[str, Any] = {}
    for equal, name in enumerate(NAMES):
        steps, grid, rates = (
            _steps(n, noise, bool(equal), 200),
            _steps(n, noise, bool(equal), 20),
            _settings(n, noise).rates(bool(equal)),
        )
        (sample,) = marks.simulated(
            partial(_errors, n, noise, bool(equal), grid.tolist()), [0], trials, f"heckel2021 {name}"
        )
        found[f"steps {name}"], found[f"theory {name}"] = steps, _risk(n, noise, problem, steps, rates)
        found[f"simulated {name}"] = marks.points(
            grid, sample, _risk(n, noise, problem, grid, rates), allowance
        )
    for level, name in enumerate(("fast level", "slow level")):
        part = Problem(
            problem.eigenvalues[[level]], problem.power[[level]], problem.multiplicity[[level]],
            noise=problem.noise,
        )  # fmt: skip
        found[name] = _risk(n, noise, part, found[f"steps {NAMES[0]}"], _settings(n, noise).rate)
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Best excess error on either way, and the height of the peak between the minima over the best."""
    both = [data[f"theory {name}"] for name in NAMES]
    first = both[0]
    before, after = np.minimum.accumulate(first), np.minimum.accumulate(first[::-1])[::-1]
    return {
        "best_one_step_size": float(both[0].min()),
        "best_aligned": float(both[1].min()),
        "peak_over_valley": float(np.minimum(first / before, first / after).max()),
    }


def draw(data: dict[str, Any]) -> Figure:
    """The sum with its parts, beside the two ways to choose step sizes."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2, sharey=True)
    steps, name = data[f"steps {NAMES[0]}"], NAMES[0]
    curve(left, "sum", "C0", "o", (steps, data[f"theory {name}"]), simulated=data[f"simulated {name}"])
    left.plot(steps, data["fast level"], color="C2", linewidth=0.8, label="fast level")
    left.plot(steps, data["slow level"], color="C3", linewidth=2.0, label="slow level")
    for i, (name, marker) in enumerate(zip(NAMES, "os", strict=True)):
        line = data[f"steps {name}"], data[f"theory {name}"]
        curve(right, name, f"C{i}", marker, line, simulated=data[f"simulated {name}"])
    for axes in (left, right):
        axes.set_xscale("log")
        axes.set_ylim(0.0, 0.28)
        axes.set_xlabel("steps, k")
    left.set_ylabel("excess test error")
    legend(left, "sum", "fast level", "slow level", loc="upper right")
    legend(right, *NAMES, loc="upper right")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
