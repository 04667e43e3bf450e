"""The tangent kernel of a wide network is nearly its limit, and training hardly moves it.

(a) The relative distance of the kernel of a random ReLU network from its limit on two inputs, as root mean
square, against width: exact at every width (dashed) and simulated. (b) The relative change of the kernel by
training on six samples (d = 3, time 2 from f = 0), as geometric mean over networks: about 1/width for a
smooth activation, and 1/sqrt(width) for ReLU, whose units switch. Grey lines have those two slopes. There
is no exact theory of (b); the slope of tanh is held to the bound -1/2. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers.jacot2018 import PAIR
from sims.experiments.linearisation import WideNetworks
from sims.network import Network, empirical_ntk, start
from sims.rules import Descent
from sims.training import train
from sims.trials.sample import Sample
from theory.kernel import empirical_ntk_variance
from theory.papers import jacot2018

WIDTHS = (16, 64, 256, 1024, 4096)
TRAINED = (32, 64, 128, 256, 512, 1024)


def _square(bias: float, width: int, rng: np.random.Generator) -> float:
    """Mean of |Theta_width - Theta|^2/|Theta|^2 over 16 networks."""
    limit = jacot2018.ntk(PAIR, bias=bias)
    network = Network(3, (width,), sigma_w2=1.0, sigma_b2=bias**2)
    gap = empirical_ntk(network, start(network, rng.spawn(16)), PAIR) - limit
    return float((gap**2).sum(axis=(1, 2)).mean() / (limit**2).sum())


def _drift(activation: str, rng: np.random.Generator) -> list[float]:
    """log |Theta_after - Theta_before|/|Theta_before| at each width, mean over four networks."""
    task = WideNetworks(activation=activation, time=2.0)
    X, y, _ = task.data
    logs = []
    for width in TRAINED:
        network = Network(task.d, (width,), activation=activation, symmetric=True)
        theta = start(network, rng.spawn(4))
        run = train(network, theta, X, y, Descent(task.step), task.steps)
        before, after = empirical_ntk(network, theta, X), empirical_ntk(network, run.theta, X)
        moved = np.linalg.norm(after - before, axis=(1, 2)) / np.linalg.norm(before, axis=(1, 2))
        logs.append(float(np.log(moved).mean()))
    return logs


def data(bias: float = 0.1, trials: int = 96, runs: int = 24) -> dict[str, Any]:
    """Distances from the limit, changes in training and their slopes."""
    width = np.geomspace(10, 6000, 50)
    limit = jacot2018.ntk(PAIR, bias=bias)
    spread = float(empirical_ntk_variance(PAIR, None, 1.0, bias**2).sum() / (limit**2).sum())
    squares = marks.simulated(partial(_square, bias), WIDTHS, trials, "jacot2018 distance")
    judged = marks.points(WIDTHS, squares, spread / np.array(WIDTHS))
    found = {"width": width, "exact": np.sqrt(spread / width), "distance": judged.through(np.sqrt)}
    for activation in ("tanh", "relu"):
        sample = marks.simulated(lambda a, rng: _drift(a, rng), [activation], runs, "jacot2018 drift")[0]
        found[activation] = marks.points(TRAINED, sample).through(np.exp)
        slopes = Sample(np.polyfit(np.log(TRAINED), sample.values.T, 1)[:1].T)
        bound: dict[str, Any] = {"theory": -0.5, "relation": "<="} if activation == "tanh" else {}
        found[f"slope {activation}"] = marks.points([0.0], slopes, **bound)
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The two slopes of the change in training."""
    return {f"drift_slope_{name}": float(data[f"slope {name}"].centre[0]) for name in ("tanh", "relu")}


def draw(data: dict[str, Any]) -> Figure:
    """Two panels on logarithmic axes."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    left.plot(data["width"], data["exact"], "C0--", label="exact")
    marks.scatter(left, data["distance"])
    left.set_ylabel("distance from the limit")
    left.set_yscale("log")
    width = np.array(TRAINED)
    for i, (name, marker, slope) in enumerate((("relu", "s", -0.5), ("tanh", "o", -1.0))):
        start = data[name].centre[0]
        label = "slopes −1/2 and −1" if i == 0 else None
        right.plot(width, start * (width / width[0]) ** slope, color="0.6", linestyle=":", label=label)
        marks.scatter(right, data[name], f"C{i}", name, marker)
    right.set_ylabel("change by training")
    right.set_yscale("log")
    right.set_ylim(4e-6, None)
    for axes, letter in ((left, "a"), (right, "b")):
        axes.set_title(f"({letter})", loc="left")
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("width")
        axes.legend()
    marks.plain_ticks(left.yaxis)
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={
        "bias": "standard deviation of the biases",
        "runs": "random draws behind each mark of the change by training",
    },
)
