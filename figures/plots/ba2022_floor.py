"""What one gradient step buys: theory for small steps stays above the linear floor, a large step goes below.

Ridge regression (ridge 0.003) on the units of a first layer after one gradient step and on fresh noiseless
samples: 160 tanh units in 80 dimensions, n = 1200, a target tanh(beta·x). Shown is the test error against the
step. The line is the mean over 32 layers of the Gaussian problem given each layer, marks are means over the
same layers. Up to a step of 2 both are held against one another. The theory is that of steps of order 1;
larger steps (open marks) learn what is not linear, and have no theory here. Dotted, the part of the target
that no linear fit reaches. The parameters are ours.
"""

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import theory
from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers import ba2022 as claims
from sims.trials.sample import Sample
from theory.activation import moments
from theory.papers import ba2022

BASE: dict[str, Any] = {"d": 80, "width": 160, "fresh": 2000}
STEPS = np.array([0.3, 0.6, 1.0, 1.5, 2.0, 3.0, 4.5, 7.0, 11.0, 18.0, 30.0])
SMALL = 2.0


def _trial(n: int, noise: float, ridge: float, _: int, rng: np.random.Generator) -> Any:
    """Test errors after one step from the same start and samples, and what theory says of each layer."""
    seed, found = int(rng.integers(2**63)), []
    for step in STEPS:
        setting, same = (
            SimpleNamespace(**BASE, n=n, noise=noise, ridge=ridge, step=step),
            np.random.default_rng(seed),
        )
        W, beta = claims.trained(setting, same)
        seen = ba2022.features(W, beta, "tanh", "tanh", setting.noise)
        told = theory.ridge(seen, setting.n, setting.ridge).test
        found.append([claims.error(setting, W, beta, same), told])
    return np.array(found).T.ravel()


def data(n: int = 1200, noise: float = 0.0, ridge: float = 0.003, trials: int = 32) -> dict[str, Any]:
    """Errors along the step."""
    (sample,) = marks.simulated(partial(_trial, n, noise, ridge), [0], trials, "ba2022 floor")
    run, told = np.split(sample.values, 2, axis=1)
    run = run - (told - told.mean(axis=0))  # the same means; what theory knows of each layer is no chance
    small = STEPS <= SMALL
    return {
        "theory": told.mean(axis=0),
        "small": marks.points(STEPS[small], Sample(run[:, small]), told.mean(axis=0)[small], 4 / BASE["d"]),
        "large": marks.points(STEPS[~small], Sample(run[:, ~small])),
        "floor": moments("tanh").mu_star2,
    }


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The linear floor, and the errors of the smallest and the largest step."""
    small, large = data["small"].centre, data["large"].centre
    return {"floor": data["floor"], "smallest": float(small[0]), "largest": float(large[-1])}


def draw(data: dict[str, Any]) -> Figure:
    """Test error against the step."""
    figure = files.page()
    axes = figure.add_subplot()
    axes.plot(STEPS, data["theory"], color="C0", label="steps of order 1")
    marks.scatter(axes, data["small"], "C1")
    marks.scatter(axes, data["large"], label="without theory, 95 %", hollow=True)
    axes.axhline(data["floor"], color="0.3", linestyle=":")
    axes.annotate(
        "linear floor",
        (STEPS[-1], data["floor"]),
        (0, 3),
        textcoords="offset points",
        ha="right",
        fontsize="medium",
    )
    axes.set_xscale("log")
    axes.set_ylim(0.0, None)
    marks.plain_ticks(axes.xaxis)
    axes.set_xlabel("step")
    axes.set_ylabel("test error")
    axes.legend(loc="lower left")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers, redraws="Fig. 3†")
