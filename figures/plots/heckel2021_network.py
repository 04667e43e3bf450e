"""A small trained network descends twice in epochs, if it has fast and slow directions to learn.

Two-layer networks of four hidden units are trained by gradient descent on 160 samples of 80 fast inputs and
two slow ones. Shown is the error on 400 fresh inputs without the noise, over that of the start, against
steps: means over 64 data sets and starts with 95 % intervals. The error of a linear network on noisy labels
(circles) falls, rises as it fits noise, and falls again. Without label noise (squares) the rise is slight;
ReLU units (diamonds) fit the noise by their other directions and do not fall again. The shape of the first
curve, two falls with a rise between them, is tested as the claim heckel2021.network. The parameters are
ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import legend
from sims.claims.papers.heckel2021 import network as claim
from sims.experiments.epochwise import TwoScaleNetwork, network_excess
from sims.trials.sample import Sample

KINDS: dict[str, dict[str, Any]] = {
    "linear, noise": {},
    "linear, no noise": {"noise": 0.0},
    "ReLU, noise": {"activation": "relu"},
}
RECORD = (0, 1, 2, 3, 5, 7, 10, 14, 20, 28, 38, 50, 70, 100, 140, 200, 280, 400)
SHAPE = (14, 50, 400)  # valley, peak, end


def _errors(n: int, changed: dict[str, Any], _: int, rng: np.random.Generator) -> Any:
    setting: dict[str, Any] = {**claim.defaults, "n": n, **changed}
    errors = network_excess(TwoScaleNetwork(**setting), RECORD, rng)
    return errors[1:] / errors[0]


def data(n: int = int(claim.defaults["n"]), trials: int = 64) -> dict[str, Any]:
    """Curves of the three networks, and the test of the first one's shape."""
    found: dict[str, Any] = {}
    for name, setting in KINDS.items():
        (sample,) = marks.simulated(partial(_errors, n, setting), [0], trials, f"heckel2021 {name}")
        found[name] = marks.points(RECORD[1:], sample)
        if name == "linear, noise":
            low, high, end = np.log(sample.values[:, [RECORD.index(step) - 1 for step in SHAPE]]).T
            falls = Sample(np.array([-low, high - low, high - end]).T)
            found["shape"] = marks.points([0, 1, 2], falls, 0.0, relation=">=")
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Mean errors of the first network over that of the start."""
    error = dict(zip(RECORD[1:], data["linear, noise"].centre, strict=True))
    return {f"error_at_{step}": float(error[step]) for step in SHAPE}


def draw(data: dict[str, Any]) -> Figure:
    """Errors against steps."""
    figure = files.page()
    axes = figure.add_subplot()
    for i, (name, marker) in enumerate(zip(KINDS, "osD", strict=True)):
        points = data[name]
        axes.plot(points.x, points.centre, color=f"C{i}", linestyle=":", linewidth=0.9, label=name)
        marks.scatter(axes, points, f"C{i}", name, marker)
    axes.set_xscale("log")
    axes.set_ylim(-0.05, None)
    axes.set_xlabel("steps of gradient descent")
    axes.set_ylabel("error over that of the start")
    legend(axes, *KINDS)
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
