"""Where the target has features of its own, a smaller scale alpha learns them, and the test error falls.

Networks of 64 ReLU units with output 0 at the start, multiplied by alpha, learn n = 80 labels of one
ReLU unit in d = 10 by 3000 steps of descent. (a) Test error over the variance of the labels against alpha,
as geometric mean over 24 data sets and starts; the dashed line is the model linear in the weights.
(b) Cosine of the tangent kernels before and after training. Theory says that the largest alpha has the
error of the linear model, and that is judged; of the others it says nothing. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from sims.experiments.linearisation import descend
from sims.network import Network, critical_step, empirical_ntk, feature_learning, forward, start
from sims.rules import Descent
from sims.training import train
from sims.trials.sample import Sample

SCALES = np.array([0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 100.0])
D, FRESH, STEPS = 10, 400, 3000
Array = NDArray[np.float64]


def _task(n: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Inputs and the outputs of one unit, with about mean 0; the first n are for training."""
    X = rng.standard_normal((n + FRESH, D))
    unit = rng.standard_normal(D)
    return X, 2 * np.maximum(X @ unit / np.linalg.norm(unit), 0.0) - np.sqrt(2 / np.pi)


def _errors(n: int, width: int, _: int, rng: np.random.Generator) -> Array:
    """Log test error and cosine of the kernels at each scale, and the log test error of the linear model."""
    X, y = _task(n, rng)
    network = Network(D, (width,), symmetric=True)
    theta = start(network, [np.random.default_rng(rng.integers(2**63))])
    step = 0.4 * float(critical_step(network, theta, X[:n])[0])
    end = np.empty((len(SCALES), theta.shape[1]))
    # alpha f learns y as f learns y/alpha, with alpha^2 times the step: those of one step go together
    for group, share in ((SCALES >= 1, 1.0), (SCALES < 1, 0.3)):
        # below alpha = 1 the kernel grows in training, and descent needs smaller steps
        scales = SCALES[group, None]
        starts = np.tile(theta, (len(scales), 1))
        end[group] = train(network, starts, X[:n], y[:n] / scales, Descent(share * step), STEPS).theta
    logs = [_log_error(f, y[n:]) for f in SCALES[:, None] * forward(network, end, X[n:])]
    cosines = feature_learning(network, np.tile(theta, (len(end), 1)), end, X[:n]).alignment
    linear = descend(empirical_ntk(network, theta, X, X[:n])[0], np.zeros(len(X)), y[:n], step, STEPS)
    return np.array([*logs, *cosines, _log_error(linear[n:], y[n:])])


def _log_error(f: Array, y: Array) -> float:
    return float(np.log(np.mean((f - y) ** 2) / np.var(y)))


def data(n: int = 80, width: int = 64, trials: int = 24) -> dict[str, Any]:
    """Geometric means of the test error, means of the cosine, and the linear model."""
    sample = marks.simulated(partial(_errors, n, width), [0], trials, "chizat2019 error")[0]
    count = len(SCALES)
    logs, cosines, linear = np.split(sample.values, [count, 2 * count], axis=1)
    return {
        "alpha": SCALES,
        "error": marks.points(SCALES, Sample(logs)).through(np.exp),
        "cosine": marks.points(SCALES, Sample(cosines)),
        "linear": float(np.exp(linear.mean())),
        "lazy": marks.points(SCALES[-1:], Sample(np.exp(logs[:, -1:] - linear)), 1.0, 0.05),
    }


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Errors of the smallest scale, of the largest and of the linear model."""
    centre = data["error"].centre
    return {"least": float(centre[0]), "largest": float(centre[-1]), "linear": data["linear"]}


def draw(data: dict[str, Any]) -> Figure:
    """Test error beside the cosine."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    left.axhline(data["linear"], color="0.3", linestyle="--", label="linear model")
    marks.scatter(left, data["error"], "C0", "network")
    left.set_ylabel("test error / label variance")
    left.set_ylim(bottom=0.0)
    left.legend(loc="lower right")
    marks.scatter(right, data["cosine"], "C1", None, "s")
    right.set_ylabel("cosine of the kernels")
    for axes, letter in ((left, "a"), (right, "b")):
        axes.set_title(f"({letter})", loc="left")
        axes.set_xscale("log")
        axes.set_xlabel("scale alpha")
        marks.plain_ticks(axes.xaxis)
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={"width": "units of the hidden layer, an even number"},
)
