"""Descent walks nearly straight to a solution nearby, also far beyond where that is certified.

The networks have tanh units, with n = 4 samples in d = 5. (a) For 400 units and labels of size 0.03 the
certificate holds. Path and distance from the start over |r_0| are shown against steps. Nothing may lie in
the shaded areas: the distance is at least (|r_0| - |r_t|)/beta (lower line), the path at most 4(|r_0| -
|r_t|)/alpha (upper line); the verdict is on these bounds, in every draw. (b) The length of the path over
the distance of its ends against the size of the labels, by steps of 0.7/|J|². It is about 14 % more, as in
the linear models (lines, at most sizes below the points); only few units with large labels take a longer
way. The grey line is a straight path. There is no theory of (b). The parameters are ours.
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
from sims.network import forward, gradient, jacobian
from sims.trials.sample import Sample
from theory.descent import linear_descent
from theory.papers import oymak2019

STEPS = (10, 20, 40, 80, 160, 320)
SIZES = (0.03, 0.1, 0.3, 1.0, 3.0)
WIDTHS = (400, 40)
SMALL = {**claims.short_path.defaults}
Array = NDArray[np.float64]


def _walk(network: Any, theta: Array, X: Array, y: Array, step: float, record: tuple[int, ...]) -> Array:
    """Path, distance and misfit at the recorded steps of the summed loss, (3, records)."""
    at, path, found = theta.copy(), 0.0, []
    for count in range(1, record[-1] + 1):
        change = len(y) * step * gradient(network, at, X, y)[1]
        path += float(np.linalg.norm(change))
        at -= change
        if count in record:
            misfit = np.linalg.norm(forward(network, at, X)[0] - y)
            found.append((path, np.linalg.norm(at - theta), misfit))
    return np.array(found).T


def _certified(n: int, place: int, rng: np.random.Generator) -> Array:
    """Distance's lower bound, distance, path and its upper bound over |r_0|."""
    s = SimpleNamespace(**{**SMALL, "n": n})
    X, y = certified_networks.task(s.n, s.size)
    network, theta = certified_networks.network(s.width, rng)
    alpha, beta, bend, misfit = certified_networks.constants(network, theta, X, y)
    path, distance, left = _walk(
        network, theta, X, y, float(oymak2019.step(alpha, beta, bend, misfit)), STEPS
    )
    drop = misfit - left
    return (np.array([drop / beta, distance, path, 4 * drop / alpha]) / misfit).ravel()


def _bent(n: int, place: tuple[int, float], rng: np.random.Generator) -> Array:
    """Path over distance of a network and of its linear model, both by 0.35 of the critical step."""
    width, size = place
    s = SimpleNamespace(**{**SMALL, "n": n, "width": width, "size": size})
    X, y = certified_networks.task(s.n, s.size)
    network, theta = certified_networks.network(s.width, rng)
    J = jacobian(network, theta, X)[0]
    step = 0.7 / float(np.linalg.norm(J, 2)) ** 2
    path, distance, _ = _walk(network, theta, X, y, step, (250,))
    linear = linear_descent(J, -y, step, 250)
    return np.array([path[0] / distance[0], linear.path / linear.distance])


def data(n: int = int(SMALL["n"]), trials: int = 24) -> dict[str, Any]:
    """Lengths and their bounds, and how bent the path is."""
    sample = marks.simulated(partial(_certified, n), [0], trials, "oymak2019 path")[0]
    low, distance, path, high = np.split(sample.values, 4, axis=1)
    found: dict[str, Any] = {
        "steps": np.array(STEPS),
        "lower": low.mean(axis=0),
        "upper": high.mean(axis=0),
        "distance": marks.points(STEPS, Sample(distance)),
        "path": marks.points(STEPS, Sample(path)),
        "above the lower": marks.points(STEPS, Sample(distance / low), 1.0, relation=">=", outcome="every"),
        "below the upper": marks.points(STEPS, Sample(path / high), 1.0, relation="<=", outcome="every"),
    }
    for width in WIDTHS:
        samples = marks.simulated(
            partial(_bent, n), [(width, size) for size in SIZES], trials, f"oymak2019 bent {width}"
        )
        found[f"bent {width}"] = marks.points(SIZES, [Sample(each.values[:, :1]) for each in samples])
        found[f"linear {width}"] = np.array([each.mean[1] for each in samples])
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Lengths against steps, beside path over distance against size."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    lowest, highest = 0.2, 1000.0
    left.plot(data["steps"], data["upper"], "C1", label="most of the path")
    left.fill_between(data["steps"], data["upper"], highest, color="C1", alpha=0.15, linewidth=0)
    left.plot(data["steps"], data["lower"], "C2", label="least of the distance")
    left.fill_between(data["steps"], lowest, data["lower"], color="C2", alpha=0.15, linewidth=0)
    marks.scatter(left, data["path"], "C1", "path, 95 %", "s")
    marks.scatter(left, data["distance"], "C2", "distance, 95 %", "o")
    left.set_yscale("log")
    left.set_ylim(lowest, highest)
    left.set_xlabel("steps")
    left.set_ylabel("length / misfit at the start")
    for i, (width, marker) in enumerate(zip(WIDTHS, "o^", strict=True)):
        right.plot(SIZES, data[f"linear {width}"], f"C{3 + i}", linewidth=0.8, label=None)
        marks.scatter(right, data[f"bent {width}"], f"C{3 + i}", f"{width} units, 95 %", marker)
    right.axhline(1.0, color="0.4", linewidth=0.7, zorder=0)
    right.set_xlabel("size of the labels")
    right.set_ylabel("path / distance of its ends")
    for axes, letter in ((left, "a"), (right, "b")):
        axes.set_title(f"({letter})", loc="left")
        axes.set_xscale("log")
        axes.legend(loc="upper right" if axes is left else "upper left")
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
