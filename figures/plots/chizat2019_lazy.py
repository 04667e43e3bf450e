"""The larger the scale alpha of a model, the less its weights move and the nearer it stays to a linear one.

A network of 50 tanh units, multiplied by alpha, takes 60 steps of descent on n = 5 samples in d = 3. Shown
are the relative motion of its weights (a), and the relative change of its Jacobian and the gap to the model
linear in the weights over |y| (b), as geometric means over 24 starts with 95 % intervals. If the output at
the start is subtracted (circles in (a), all of (b)), they fall like 1/alpha; the line in (a) is the motion
of the linear models. If it is not (squares), the weights move as far at every alpha. The verdict is on the
slopes from alpha = 16 on, which should be -1, and on the motion there, which should be that of the linear
models. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from sims.experiments.linearisation import WideNetworks
from sims.network import Network, forward, jacobian, start
from sims.rules import Descent
from sims.training import train
from sims.trials.sample import Sample
from theory.descent import linear_descent

SCALES = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0])
LAZY = SCALES >= 16
Array = NDArray[np.float64]


def _lazy(width: int, steps: int, centred: bool, rng: np.random.Generator) -> Array:
    """Logarithms of motion, change of Jacobian, gap and motion of the linear model, at each scale."""
    X, y, _ = WideNetworks(n=5, d=3).data
    network = Network(3, (width,), activation="tanh")
    theta = start(network, [rng])
    f, J = forward(network, theta, X)[0], jacobian(network, theta, X)[0]
    step = 1 / float(np.linalg.norm(J, 2)) ** 2
    logs = []
    for alpha in SCALES:
        # |alpha (h - h_0) - y|^2/alpha^2 is |h - (h_0 + y/alpha)|^2
        target = centred * f + y / alpha
        end = train(network, theta, X, target, Descent(len(y) * step), steps).theta
        residual = f - target
        for _ in range(steps):
            residual = residual - step * J @ (J.T @ residual)
        size = np.linalg.norm(theta)
        moved = np.linalg.norm(end - theta) / size
        bent = np.linalg.norm(jacobian(network, end, X)[0] - J) / np.linalg.norm(J)
        gap = alpha * np.linalg.norm(forward(network, end, X)[0] - target - residual) / np.linalg.norm(y)
        linear = linear_descent(J, f - target, step, steps).distance / size
        logs.append(np.log([moved, bent, gap, linear]))
    return np.array(logs).T.ravel()


def _means(values: Array) -> marks.Points:
    return marks.points(SCALES, Sample(values)).through(np.exp)


def data(width: int = 50, steps: int = 60, trials: int = 24) -> dict[str, Any]:
    """Geometric means of all three at each scale, and their slopes."""
    found: dict[str, Any] = {"alpha": SCALES}
    for centred in (True, False):
        sample = marks.simulated(
            partial(_lazy, width, steps), [centred], trials, f"chizat2019 lazy {centred}"
        )[0]
        parts = sample.values.reshape(trials, 4, -1)
        if not centred:
            found["uncentred"] = _means(parts[:, 0])
            continue
        for i, name in enumerate(("motion", "jacobian", "gap")):
            found[name] = _means(parts[:, i])
            slopes = np.polyfit(np.log(SCALES[LAZY]), parts[:, i][:, LAZY].T, 1)[:1].T
            found[f"slope {name}"] = marks.points([0.0], Sample(slopes), -1.0, 0.03)  # of order 1/alpha
        found["linear"] = np.exp(parts[:, 3].mean(axis=0))
        ratio = Sample(np.exp(parts[:, 0] - parts[:, 3])[:, LAZY])
        found["ratio"] = marks.points(SCALES[LAZY], ratio, 1.0, 1 / SCALES[LAZY])
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The measured slopes."""
    return {f"slope_{name}": float(data[f"slope {name}"].centre[0]) for name in ("motion", "jacobian", "gap")}


def draw(data: dict[str, Any]) -> Figure:
    """Motion of the weights, beside Jacobian and gap."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    alpha = data["alpha"]
    left.plot(alpha, data["linear"], "C0", label="linear model")
    marks.scatter(left, data["motion"], "C1", "start subtracted", "o")
    marks.scatter(left, data["uncentred"], "C2", "not subtracted", "s")
    left.set_ylabel("relative motion of the weights")
    left.set_ylim(bottom=2e-4)
    for i, (name, label, marker) in enumerate(
        (("jacobian", "change of the Jacobian", "^"), ("gap", "gap to the linear model", "D"))
    ):
        last = data[name].centre[-1]
        right.plot(
            alpha, last * alpha[-1] / alpha, color="0.6", linestyle=":", label="slope −1" if i else None
        )
        marks.scatter(right, data[name], ("C3", "C5")[i], label, marker)
    right.set_ylabel("change, gap (relative)")
    right.set_ylim(1e-7, 1.0)
    for axes, letter in ((left, "a"), (right, "b")):
        axes.set_title(f"({letter})", loc="left")
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("scale alpha")
        marks.plain_ticks(axes.xaxis)
        axes.legend(loc="lower left")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
