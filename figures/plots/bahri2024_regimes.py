"""Four regimes of scaling: resolution-limited powers of the spectrum, and variance-limited powers of one.

The test error of random features without ridge and noise is shown for eigenvalues i^-1.5 and target power
i^-1.8, i up to 600. Left, resolution-limited: along the samples with all features, and along the features on
samples without end. Right, variance-limited: what 20 samples pay for p features instead of all, against p,
and what 20 features pay for n samples instead of all, against n; theory says that both prices are the same.
Lines are the limit, marks means over 128 draws, exact given each; dotted are the powers 0.8 and 1, of a
spectrum without end: its end makes the curves at the left steeper. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers import bahri2024 as claims
from sims.experiments import projections
from sims.trials.sample import Sample
from theory import Problem, random_features
from theory.papers import bahri2024

FIXED = 20
SIZES, PRICED = np.array([10, 20, 40, 80]), np.array([40, 80, 160, 320])
PANELS = {
    "resolution": ("all features, against n", "all samples, against p"),
    "variance": ("20 samples, against p", "20 features, against n"),
}


def _trial(alpha: float, beta: float, _: int, rng: np.random.Generator) -> Any:
    """Errors of one design, in the order of PANELS."""
    problem = Problem.power_law(600, alpha, beta)
    Phi, features = projections.draw(problem, PRICED[-1], PRICED[-1], rng)
    every = np.sqrt(len(features)) * np.diag(np.sqrt(problem.eigenvalues))
    wide = {n: claims.minimum_norm(problem, Phi[:n], every) for n in SIZES}
    long = {p: claims.without_end(problem, features[:, :p]) for p in SIZES}
    width = [claims.minimum_norm(problem, Phi[:FIXED], features[:, :p]) - wide[FIXED] for p in PRICED]
    length = [claims.minimum_norm(problem, Phi[:n], features[:, :FIXED]) - long[FIXED] for n in PRICED]
    return np.array([*wide.values(), *long.values(), *width, *length])


def _told(alpha: float, beta: float, panel: str, size: Any) -> tuple[Any, Any]:
    """Theory of both curves of a panel."""
    problem = Problem.power_law(600, alpha, beta)
    if panel == "resolution":
        return random_features(problem, size, np.inf).test, random_features(problem, np.inf, size).test
    width = bahri2024.finite_width(problem, FIXED, size) - bahri2024.finite_width(problem, FIXED, np.inf)
    length = bahri2024.finite_width(problem, size, FIXED) - bahri2024.finite_width(problem, np.inf, FIXED)
    return width, length


def data(alpha: float = 1.5, beta: float = 1.8, trials: int = 128) -> dict[str, Any]:
    """Theory on lines and simulated means at some sizes, panel by panel."""
    (sample,) = marks.simulated(partial(_trial, alpha, beta), [0], trials, "bahri2024 regimes")
    found: dict[str, Any] = {"alpha": alpha, "beta": beta}
    for i, (panel, names) in enumerate(PANELS.items()):
        sizes = SIZES if panel == "resolution" else PRICED
        line = np.geomspace(sizes[0] * 0.9, sizes[-1] * 1.1, 60)
        found[f"size {panel}"] = line
        for j, name in enumerate(names):
            first = 8 * i + 4 * j
            found[f"theory {name}"] = _told(alpha, beta, panel, line)[j]
            # measured: up to 1.5/size of the smaller number
            allowance = 2 / np.minimum(sizes, FIXED if panel == "variance" else sizes)
            measured = Sample(sample.values[:, first : first + 4])
            found[f"simulated {name}"] = marks.points(
                sizes, measured, _told(alpha, beta, panel, sizes)[j], allowance
            )
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Resolution at the left, variance at the right, with the powers through the last point."""
    alpha, beta = data["alpha"], data["beta"]
    figure = files.page(1, 2)
    laws = bahri2024.regimes(alpha, beta)
    powers = {"resolution": laws.resolution_samples, "variance": laws.variance_features}
    for axes, (panel, names) in zip(figure.subplots(1, 2), PANELS.items(), strict=True):
        line = data[f"size {panel}"]
        for i, (name, marker) in enumerate(zip(names, "os", strict=True)):
            axes.plot(line, data[f"theory {name}"], color=f"C{i}", linewidth=(2.2, 1.1)[i], label=name)
            marks.scatter(axes, data[f"simulated {name}"], f"C{i}", None, marker)
        law = data[f"theory {names[0]}"][-1] * (line / line[-1]) ** -powers[panel]
        axes.plot(line, law, color="0.3", linestyle=":", linewidth=0.9, label=f"power {powers[panel]:.2g}")
        axes.set_xscale("log")
        axes.set_yscale("log")
        marks.plain_ticks(axes.xaxis)
        marks.plain_ticks(axes.yaxis)
        axes.set_ylim(top=3 * float(data[f"theory {names[0]}"].max()))
        axes.legend(loc="upper right")
        axes.set_xlabel("n or p")
        axes.set_title(f"{panel}-limited")
    figure.axes[0].set_ylabel("test error")
    figure.axes[1].set_ylabel("price of a finite number")
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Slopes between the last two sizes that were simulated, and the powers of the infinite spectrum."""
    alpha, beta = data["alpha"], data["beta"]
    found: dict[str, float] = {}
    for panel, names in PANELS.items():
        for key, name in zip(("first", "second"), names, strict=True):
            ends = np.log(data[f"simulated {name}"].centre[-2:])
            found[f"slope_{panel}_{key}"] = float(np.diff(ends)[0] / np.log(2))
    return found | {"power": -bahri2024.regimes(alpha, beta).resolution_samples}


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={"alpha": "exponent of the eigenvalues", "beta": "exponent of the target's power"},
    redraws="Fig. 1†",
)
