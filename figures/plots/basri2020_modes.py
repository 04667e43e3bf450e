"""A network learns the waves of its target in the order of frequency, in a time like frequency squared.

The first layer of a ReLU network of 1000 units with biases is trained from f = 0 on 64 equidistant points
of the circle, by steps of 2. (a) The target is a sum of the waves of frequency 1 to 8, made small so that
few units change sign; shown is the share that is left of four of them. (b) The time until half of each wave
is learnt, in the same runs. Lines are the kernel of infinite width on these points, marks networks with 95
% intervals; the verdict is on (b). When little of a wave is left, finite networks mix the waves and lag
behind the lines. Without biases (crosses) even frequencies are learnt, and odd ones from 3 on never. The
parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from sims.trials.sample import Sample
from theory.papers import basri2020

POINTS, STEP, SIZE = 64, 2.0, 0.01
FREQUENCIES = np.arange(1, 9)
SHOWN = (1, 2, 3, 6)
LEFT = 0.5
STEPS = np.concatenate([[0], np.unique(np.rint(np.geomspace(1, 620, 40)))])
Array = NDArray[np.float64]


def _left(width: int, place: int, rng: np.random.Generator) -> Array:
    """Share left of every wave at the recorded times, (times, frequencies)."""
    angles = 2 * np.pi * np.arange(POINTS) / POINTS
    inputs = np.stack([np.cos(angles), np.sin(angles), np.ones(POINTS)], axis=1) / np.sqrt(2)
    half = rng.standard_normal((3, width // 2))
    half[-1] = 0.0  # biases start at 0
    W = np.hstack([half, half])  # with opposite read-outs the network starts at zero
    signs = np.repeat([1.0, -1.0], width // 2) / np.sqrt(width)
    waves = np.sqrt(2) * np.cos(np.outer(angles, FREQUENCIES) + rng.uniform(0, 2 * np.pi, len(FREQUENCIES)))
    target, shares = SIZE * waves.sum(axis=1), []
    for step in range(int(STEPS[-1]) + 1):
        h = inputs @ W
        residual = np.maximum(h, 0.0) @ signs - target
        if step in STEPS:
            shares.append(-(waves.T @ residual) / POINTS / SIZE)
        W -= STEP / POINTS * inputs.T @ (residual[:, None] * (h > 0) * signs)
    return np.array(shares).ravel()


def _reached(shares: Array) -> list[float]:
    """Time at which each wave (times, frequencies) has come down to LEFT, between records by logarithms."""
    found = []
    for share in shares.T:
        after = int(np.argmax(share < LEFT))
        logs, steps = np.log(share[after - 1 : after + 1]), STEPS[after - 1 : after + 1]
        found.append(STEP * float(np.interp(-np.log(LEFT), -logs, steps)))
    return found


def _theory(frequency: Any, bias: bool = True) -> Array:
    """Logarithm of the factor by which a wave shrinks in a unit of time, by steps of STEP."""
    k = np.asarray(frequency)
    alike = (k, POINTS - k, POINTS + k)  # frequencies that are one on the points
    eigenvalue = sum(basri2020.eigenvalue(each, bias=bias) for each in alike)
    return np.asarray(np.log1p(-STEP * eigenvalue) / STEP)


def data(width: int = 1000, trials: int = 24) -> dict[str, Any]:
    """Shares left over time and times to learn."""
    sample = marks.simulated(partial(_left, width), [0], trials, "basri2020 modes")[0]
    shares = sample.values.reshape(trials, len(STEPS), -1)
    time = np.geomspace(STEP, STEP * STEPS[-1], 100)
    found: dict[str, Any] = {"time": time, "frequency": np.arange(1, 10)}
    at = slice(1, None, 4)
    for k in SHOWN:
        found[f"theory {k}"] = np.exp(_theory(k) * time)
        found[f"left {k}"] = marks.points(STEP * STEPS[at], Sample(shares[:, at, k - 1]))
    reached = Sample(np.array([_reached(share) for share in shares]))
    allowance = 40 / width  # measured: at most 25/width at 400 units
    found["reached"] = marks.points(FREQUENCIES, reached, np.log(LEFT) / _theory(FREQUENCIES), allowance)
    found["biases"] = np.log(LEFT) / _theory(found["frequency"])
    learnt = basri2020.eigenvalue(found["frequency"], bias=False) > 0
    found["without"] = found["frequency"][learnt]
    found["no biases"] = np.log(LEFT) / _theory(found["without"], bias=False)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """What is left over time, beside the time against frequency."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    for i, (k, marker) in enumerate(zip(SHOWN, "os^D", strict=True)):
        left.plot(data["time"], data[f"theory {k}"], f"C{i}", label="theory" if i == 3 else None)
        marks.scatter(left, data[f"left {k}"], f"C{i}", f"frequency {k}", marker)
    left.set_xlabel("time")
    left.set_ylabel("share of the wave left")
    left.set_ylim(-0.05, 1.7)
    left.set_yticks(np.linspace(0.0, 1.0, 6))
    frequency = data["frequency"]
    right.plot(frequency, data["biases"], "C0", label="theory")
    right.plot(data["without"], data["no biases"], "C2", marker="x", linewidth=0.9, label="theory, no biases")
    marks.scatter(right, data["reached"])
    right.set_yscale("log")
    right.set_ylim(top=1e4)
    right.set_xlabel("frequency k")
    right.set_ylabel("time to learn half")
    for axes, letter in ((left, "a"), (right, "b")):
        axes.set_title(f"({letter})", loc="left")
        axes.set_xscale("log")
    left.legend(ncols=2, loc="upper left", columnspacing=1.0)
    right.legend(loc="upper left")
    marks.plain_ticks(right.xaxis)
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
