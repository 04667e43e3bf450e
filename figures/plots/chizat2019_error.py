"""Where the target has features of its own, a smaller scale alpha learns them, and the test error falls.

Networks of 64 ReLU units with output 0 at the start, multiplied by alpha, learn n = 80 labels of one
ReLU unit in d = 10 by 3000 steps of descent. (a) Test error over the variance of the labels against alpha,
as geometric mean over 24 data sets and starts; the dashed line is the model linear in the weights.
(b) Cosine of the tangent kernels before and after training. Theory says that the largest alpha has the
error of the linear model, and that is judged; of the others it says nothing. The parameters are ours.
"""

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
WIDTH, N, D, FRESH, STEPS, TRIALS = 64, 80, 10, 400, 3000, 24
Array = NDArray[np.float64]


def _task(rng: np.random.Generator) -> tuple[Array, Array]:
    """Inputs and the outputs of one unit, with about mean 0; the first N are for training."""
    X = rng.standard_normal((N + FRESH, D))
    unit = rng.standard_normal(D)
    return X, 2 * np.maximum(X @ unit / np.linalg.norm(unit), 0.0) - np.sqrt(2 / np.pi)


def _errors(_: float, rng: np.random.Generator) -> Array:
    """Log test error and cosine of the kernels at each scale, and the log test error of the linear model."""
    X, y = _task(rng)
    logs, cosines = [], []
    seed = rng.integers(2**63)  # the same start at each scale
    for alpha in SCALES:
        network = Network(D, (WIDTH,), symmetric=True, alpha=float(alpha))
        theta = start(network, [np.random.default_rng(seed)])
        step = 0.4 * float(critical_step(network, theta, X[:N])[0])
        # below alpha = 1 the kernel grows in training, and descent needs smaller steps
        step *= 1.0 if alpha >= 1 else 0.3
        end = train(network, theta, X[:N], y[:N], Descent(step), STEPS).theta
        logs.append(_log_error(forward(network, end, X)[0], y))
        cosines.append(feature_learning(network, theta, end, X[:N]).alignment[0])
    linear = descend(empirical_ntk(network, theta, X, X[:N])[0], np.zeros(len(X)), y[:N], step, STEPS)
    return np.array([*logs, *cosines, _log_error(linear, y)])


def _log_error(f: Array, y: Array) -> float:
    return float(np.log(np.mean((f[N:] - y[N:]) ** 2) / np.var(y[N:])))


def data() -> dict[str, Any]:
    """Geometric means of the test error, means of the cosine, and the linear model."""
    sample = marks.simulated(_errors, [0.0], TRIALS, "chizat2019 error")[0]
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


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
