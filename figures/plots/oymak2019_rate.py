"""Within its certificate descent decays geometrically: never slower than the bound, in fact much faster.

The misfit |r_t|/|r_0| is shown against steps for networks of 400 tanh units on n = 4 samples (d = 5), with
labels of size 0.03 and the step of the theorem; for each network the singular values of the Jacobian are
known to stay above alpha. Marks are geometric means over 12 networks with 95 % intervals. The thick line is
the bound (1 - step alpha²/2)^(t/2), averaged in the same way; the verdict is that it holds. The thin line
is the linear model with the Jacobian of the start. The parameters are ours.
"""

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers import oymak2019 as claims
from sims.experiments import certified_networks
from sims.network import jacobian
from sims.rules import Descent
from sims.training import train
from sims.trials.sample import Sample
from theory.descent import linear_descent
from theory.papers import oymak2019

STEPS = np.array([0, 10, 20, 40, 60, 80, 120, 160])
LINE = np.arange(0, 161, 4)
SETTINGS = SimpleNamespace(**claims.bound.defaults)
Array = NDArray[np.float64]


def _misfits(width: int, place: int, rng: np.random.Generator) -> Array:
    """Logarithms over |r_0|: misfit, its bound at the same steps; bound and linear model on a line."""
    X, y = certified_networks.task(SETTINGS.n, SETTINGS.size)
    network, theta = certified_networks.network(width, rng)
    alpha, beta, bend, misfit = certified_networks.constants(network, theta, X, y)
    step = float(oymak2019.step(alpha, beta, bend, misfit))
    run = train(network, theta, X, y, Descent(len(y) * step), int(STEPS[-1]), record=STEPS.tolist())
    curves = [
        np.sqrt(2 * len(y) * run.loss[:, 0]),
        oymak2019.misfit_bound(alpha, step, misfit, STEPS),
        oymak2019.misfit_bound(alpha, step, misfit, LINE),
        linear_descent(jacobian(network, theta, X)[0], -y, step, LINE).misfit,
    ]
    return np.log(np.concatenate(curves) / misfit)


def data(width: int = int(SETTINGS.width), trials: int = 12) -> dict[str, Any]:
    """Misfits and bounds, geometric means over networks."""
    sample = marks.simulated(partial(_misfits, width), [0], trials, "oymak2019 rate")[0]
    count = len(STEPS)
    log, bound, *lines = np.split(sample.values, [count, 2 * count, 2 * count + len(LINE)], axis=1)
    shown = marks.points(STEPS, Sample(log)).through(np.exp)
    # log of misfit over bound, at all steps but the start, where both are one
    judged = marks.points(STEPS[1:], Sample((log - bound)[:, 1:]), 0.0, relation="<=")
    means = {name: np.exp(line.mean(axis=0)) for name, line in zip(("paper", "linear"), lines, strict=True)}
    return {"steps": LINE, **means, "misfit": shown, "below": judged}


def draw(data: dict[str, Any]) -> Figure:
    """Logarithm of the misfit against steps."""
    figure = files.page()
    axes = figure.add_subplot()
    axes.plot(data["steps"], data["paper"], "C0", label="bound")
    axes.plot(data["steps"], data["linear"], "C6", linewidth=0.6, label="linear model")
    marks.scatter(axes, data["misfit"], label="networks, 95 %")
    axes.set_yscale("log")
    axes.set_xlabel("steps")
    axes.set_ylabel("misfit, |f − y| over its start")
    axes.legend()
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
