"""A small network trained before your eyes, beside its linearisation and the limit of infinite width."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from figures.explorer._knobs import Choice, Knob, Slider, again
from figures.explorer._view import Array, Band, Chart, Line, Marks, Part, View, around
from sims.experiments.linearisation import descend
from sims.network import Network, critical_step, empirical_ntk, forward, start
from sims.rules import Descent
from sims.training import train
from theory import dynamics

KNOBS: tuple[Knob, ...] = (
    Slider("width", "width", (4, 8, 16, 32, 64, 128, 256, 512, 1024), 64),
    Choice("depth", "hidden layers", ("1", "2"), "1"),
    Choice("activation", "activation", ("relu", "tanh", "erf", "gelu"), "relu"),
    Slider("n", "samples n", tuple(range(3, 21)), 8),
    Slider("noise", "label noise", (0.0, *(k / 10 for k in range(1, 11))), 0.2),
    Slider("time", "training time", (1, 2, 5, 10, 20, 50, 100, 200), 50),
    Slider("seed", "random start", tuple(range(10)), 0),
)
NAME = "network"
"""Of the files that are saved."""
BIAS = 0.1  # variance: without it a network on a circle has no odd waves
FRAMES, MOST_STEPS = 16, 3000
GRID = np.linspace(-180.0, 180.0, 181)


def applies(name: str, values: Mapping[str, Any]) -> bool:
    """Every knob does something."""
    return True


def circle(degrees: Array) -> Array:
    """Points of the plane at distance sqrt(2) from its origin.

    >>> circle(np.array([0.0])).round(3)
    array([[1.414, 0.   ]])
    """
    return np.sqrt(2) * np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], axis=-1)


def target(degrees: Array) -> Array:
    """The function that is learnt."""
    return np.cos(np.radians(degrees)) + 0.7 * np.sin(2 * np.radians(degrees))


class _Course:
    """The data, and the two models at time 0."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.command = again("networks", KNOBS, values)
        rng = np.random.default_rng([int(values["seed"]), int(values["n"])])
        n = int(values["n"])
        self.angles = np.sort(rng.uniform(-180, 180, n))
        self.labels = target(self.angles) + np.sqrt(values["noise"]) * rng.standard_normal(n)
        self.X, self.grid = circle(self.angles), circle(GRID)
        self.network = Network(
            2, (int(values["width"]),) * int(values["depth"]), activation=values["activation"], sigma_b2=BIAS
        )
        self.theta = start(self.network, [rng])
        everywhere = np.concatenate([self.X, self.grid])
        self.kernel = empirical_ntk(self.network, self.theta, everywhere, self.X)[0]
        self.linear = forward(self.network, self.theta, everywhere)[0]
        self.step = float(critical_step(self.network, self.theta, self.X)[0]) / 4
        self.steps = min(max(1, round(values["time"] / self.step)), MOST_STEPS)
        depth, activation = int(values["depth"]), values["activation"]
        self.infinite = dynamics.linearised_network(
            self.X, self.labels, self.grid, self.steps * self.step, depth, activation, 2.0, BIAS
        )


def view(values: Mapping[str, Any]) -> View:
    """The data and the limit of infinite width, which are known before any training."""
    course = _Course(values)
    return _view(course, [0.0], [course.linear], [course.linear], "not trained yet")


def settle(values: Mapping[str, Any], store: Path | None) -> Iterator[View]:
    """Views of the training; its step is a quarter of the largest that is stable at the start."""
    course = _Course(values)
    stops = np.unique(np.geomspace(1, course.steps, FRAMES).round().astype(int))
    times, nets, lines = [0.0], [course.linear], [course.linear]
    theta, linear, done = course.theta, course.linear, 0
    everywhere = np.concatenate([course.X, course.grid])
    for stop in stops:
        theta = train(
            course.network, theta, course.X, course.labels, Descent(course.step), int(stop - done)
        ).theta
        linear = descend(course.kernel, linear, course.labels, course.step, int(stop - done))
        done = int(stop)
        times.append(done * course.step)
        nets.append(forward(course.network, theta, everywhere)[0])
        lines.append(linear)
        told = f"step {done} of {course.steps}"
        if done < course.steps:
            yield _view(course, times, nets, lines, told)
    after = empirical_ntk(course.network, theta, course.X)[0]
    before = course.kernel[: len(course.labels)]
    drift = float(np.linalg.norm(after - before) / np.linalg.norm(before))
    yield _view(course, times, nets, lines, f"trained for {course.steps} steps", drift)


def _view(
    course: _Course,
    times: list[float],
    nets: list[Array],
    lines: list[Array],
    progress: str,
    drift: float | None = None,
) -> View:
    n, y = len(course.labels), course.labels
    mean, spread = course.infinite.mean, 2 * np.sqrt(course.infinite.variance)
    parts: tuple[Part, ...] = (
        Band("infinite width, 95 % of starts", GRID, mean - spread, mean + spread, 7, 0.25),
        Line("what is to be learnt", GRID, target(GRID), 2, "dotted"),
        Line("linearisation", GRID, lines[-1][n:], 1, "dashed"),
        Line("network", GRID, nets[-1][n:], 0),
        Marks("samples", course.angles, y, y, y, 6),
    )
    function = Chart(
        f"time {times[-1]:.3g}", "angle of the input (degrees)", "output", (-180.0, 180.0), (-3.0, 3.0), parts
    )
    t = np.array(times[1:] or [course.step])
    losses = [np.array([np.mean((f[:n] - y) ** 2) / 2 for f in (run[1:] or run)]) for run in (lines, nets)]
    end = max(course.steps * course.step, 2 * course.step)
    loss = Chart(
        "training loss", "training time", "loss", (course.step, end),
        around(np.concatenate([*losses, [np.mean(y**2) / 2]]), log=True, above=2.0),
        (Line("linearisation", t, losses[0], 1, "dashed"), Line("network", t, losses[1], 0)),
        x_log=True, y_log=True,
    )  # fmt: skip
    gap = float(np.abs(nets[-1] - lines[-1]).max() / np.sqrt(np.mean(y**2)))
    words = [
        f"The largest distance between network and linearisation is {gap:.2g} of the labels' size. "
        "Make the network wider, and it falls.",
        f"The network has {course.network.parameters} parameters and {n} samples on a circle. Its "
        "linearisation is its first-order expansion about its start, whose kernel does not move "
        "[jacot2018; lee2019].",
    ]
    if drift is not None:
        words.insert(0, f"The network's own kernel has moved by {100 * drift:.2g} %.")
    return View((function, loss), course.command, progress, "", tuple(words), name=NAME)
