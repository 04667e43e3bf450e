"""The tangent kernel of narrow networks is random and training moves it; that of wide ones stays.

Kernel of a point with all points of the circle, against the angle between them, for ReLU networks of two
hidden layers of 32 (a) and 1024 (b) units. Thin lines are eight networks before training (blue) and
the same after 200 steps of descent on 16 labels x_1 x_2; the thick line is infinite width. Means before
training (marks), over 1024 networks (a) and 256 (b), are judged at angle 0 and at a right angle. The
parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from sims.network import Network, empirical_ntk, start
from sims.rules import Descent
from sims.training import train
from theory.dynamics import critical_step
from theory.papers import jacot2018

WIDTHS = {32: 16, 1024: 4}
"""Networks in each trial; wide ones vary less, and cost more."""
DEPTH, STEPS, LABELS, SHOWN = 2, 200, 16, 8
ANGLES = np.linspace(-np.pi, np.pi, 61)
JUDGED = np.array([0.0, np.pi / 2])
Array = NDArray[np.float64]


def _circle(angles: Array) -> Array:
    return np.column_stack([np.cos(angles), np.sin(angles)])


def _network(bias: float, width: int) -> Network:
    return Network(2, (width,) * DEPTH, sigma_w2=1.0, sigma_b2=bias**2)


def _kernel(network: Network, theta: Array, angles: Array) -> Array:
    """With the point at angle 0, (networks, angles)."""
    return np.asarray(empirical_ntk(network, theta, _circle(np.zeros(1)), _circle(angles))[:, 0])


def _at_start(bias: float, width: int, rng: np.random.Generator) -> Array:
    network = _network(bias, width)
    return np.asarray(_kernel(network, start(network, rng.spawn(WIDTHS[width])), JUDGED).mean(axis=0))


def _limit(bias: float, angles: Array) -> Array:
    return np.asarray(jacot2018.ntk(_circle(np.zeros(1)), _circle(angles), DEPTH, "relu", bias)[0])


def data(bias: float = 0.1, trials: int = 64) -> dict[str, Any]:
    """Kernels before and after training at each width, and the limit."""
    X = _circle(2 * np.pi * np.arange(LABELS) / LABELS)
    rule = Descent(critical_step(jacot2018.ntk(X, None, DEPTH, "relu", bias)) / 2)
    found: dict[str, Any] = {"angle": ANGLES, "limit": _limit(bias, ANGLES)}
    for width in WIDTHS:
        network = _network(bias, width)
        theta = start(network, [np.random.default_rng(seed) for seed in range(SHOWN)])
        trained = train(network, theta, X, X[:, 0] * X[:, 1], rule, STEPS).theta
        found[f"before {width}"] = _kernel(network, theta, ANGLES)
        found[f"after {width}"] = _kernel(network, trained, ANGLES)
        sample = marks.simulated(partial(_at_start, bias), [width], trials, "jacot2018 circle")[0]
        # the mean of a deep network is off by the order 1/width
        found[f"judged {width}"] = marks.points(JUDGED, sample, _limit(bias, JUDGED), 2 / width)
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Relative change of the kernels by training, as root mean square over angles and networks."""
    found = {}
    for width in WIDTHS:
        before, after = data[f"before {width}"], data[f"after {width}"]
        found[f"change_{width}"] = float(np.linalg.norm(after - before) / np.linalg.norm(before))
    return found


def draw(data: dict[str, Any]) -> Figure:
    """A panel for each width."""
    figure = files.page(1, 2)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, width, letter in zip(panels, WIDTHS, "ab", strict=True):
        for i, (before, after) in enumerate(
            zip(data[f"before {width}"], data[f"after {width}"], strict=True)
        ):
            axes.plot(data["angle"], before, "C0", linewidth=0.6, label=None if i else "before")
            axes.plot(data["angle"], after, "C1", linewidth=0.6, label=None if i else "after training")
        axes.plot(data["angle"], data["limit"], "k", linewidth=1.8, alpha=0.7, label="infinite width")
        marks.scatter(axes, data[f"judged {width}"], "k", "mean before")
        axes.set_title(f"({letter}) width {width}", loc="left")
        axes.set_xlabel("angle")
        axes.set_xticks([-np.pi, 0.0, np.pi], [r"$-\pi$", "0", r"$\pi$"])
    panels[0].set_ylabel("tangent kernel")
    panels[0].set_ylim(bottom=0.0)
    panels[1].legend(fontsize="small", loc="upper right")
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={
        "bias": "standard deviation of the biases",
        "trials": "times 16 (a) or 4 (b): networks behind each mark",
    },
)
