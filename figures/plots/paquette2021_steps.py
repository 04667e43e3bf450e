"""Stochastic gradient descent has a known mean error at every step: theory passes through the noise.

Left, one pass over fresh Gaussian rows with 4 coordinates of variance 2 and 16 of variance 1/2, noise 0.3,
step 0.05 and batches of 1, 4 and 16: one run each (thin), the exact mean (dashed), and means over 200 runs
(marks). Right, 180 fixed isotropic rows of 120 coordinates, noise 0.25, drawn one at a time again and again
with step r/d: training error at r = 0.5 and 1.5, limits (thick) and means over 200 designs (marks), and
gradient flow (thin). The noise of the steps keeps a large step from fitting. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend
from sims.experiments import streams
from sims.experiments.two_levels import two_levels
from sims.rules import Sgd
from theory import Problem, sgd
from theory.papers import ali2019, paquette2021

PROBLEM = two_levels(4, 16, noise=0.3)
STEPS, BATCHES = 300, (1, 4, 16)
RATES, TIME = (0.5, 1.5), 20.0


def _one_pass(step: float, batch: int, record: list[int], _: int, rng: np.random.Generator) -> Any:
    return streams.one_pass(streams.target(PROBLEM), Sgd(step, batch), record, rng)


def _many_passes(
    n: int, d: int, noise: float, rate: float, record: list[int], _: int, rng: np.random.Generator
) -> Any:
    aim = streams.target(Problem.isotropic(d, noise=noise))
    return streams.many_passes(aim, n, Sgd(rate / d), record, rng)[0]


def data(
    n: int = 180, d: int = 120, noise: float = 0.25, step: float = 0.05, trials: int = 200
) -> dict[str, Any]:
    """Runs, means and theory on both sides."""
    allowance = 6.0 / n  # sims.claims.papers.paquette2021 grants 4/n up to time 8
    every = list(range(STEPS + 1))
    stops = np.unique(np.geomspace(1, STEPS, 10).astype(int))
    found: dict[str, Any] = {"steps": every}
    for batch in BATCHES:
        found[f"run {batch}"] = _one_pass(step, batch, every, 0, np.random.default_rng(batch))
        found[f"exact {batch}"] = sgd.one_pass(PROBLEM, step, every, batch).test
        (sample,) = marks.simulated(
            partial(_one_pass, step, batch, stops.tolist()), [0], trials, f"paquette2021 steps {batch}"
        )
        told = sgd.one_pass(PROBLEM, step, stops, batch).test
        found[f"simulated {batch}"] = marks.points(stops, sample, told)
    times = np.geomspace(0.25, TIME, 10)
    fine, rounds = np.geomspace(0.1, TIME, 100), (times * d).astype(int)
    found["times"] = fine
    for rate in RATES:
        (sample,) = marks.simulated(
            partial(_many_passes, n, d, noise, rate, rounds.tolist()),
            [0],
            trials,
            f"paquette2021 passes {rate}",
        )
        told = paquette2021.multi_pass(d / n, rate, rounds / d, noise=noise).train
        found[f"simulated rate {rate}"] = marks.points(rounds / d, sample, told, allowance)
        found[f"theory rate {rate}"] = paquette2021.multi_pass(d / n, rate, fine, noise=noise).train
        found[f"flow rate {rate}"] = ali2019.risk(d / n, rate * fine, noise=noise).train
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Test errors after the last step by batch, and training errors at the last time by rate."""
    last = {f"last_batch_{batch}": float(data[f"exact {batch}"][-1]) for batch in BATCHES}
    return last | {f"last_rate_{rate:g}": float(data[f"theory rate {rate}"][-1]) for rate in RATES}


def draw(data: dict[str, Any]) -> Figure:
    """Test error of one pass beside training error of many."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    for i, (batch, marker) in enumerate(zip(BATCHES, "osD", strict=True)):
        left.plot(data["steps"], data[f"run {batch}"], color=f"C{i}", linewidth=0.5, alpha=0.6)
        exact = data["steps"], data[f"exact {batch}"]
        curve(left, f"batch {batch}", f"C{i}", marker, None, exact, data[f"simulated {batch}"])
    left.set_xscale("log")
    left.set_xlim(1, STEPS)
    left.set_ylim(0.0, 3.0)
    left.set_xlabel("steps")
    left.set_ylabel("test error (noise = 0.3)")
    legend(left, *(f"batch {batch}" for batch in BATCHES), loc="upper right")
    for i, (rate, marker) in enumerate(zip(RATES, "os", strict=True)):
        name = f"step {rate:g}/d"
        line = data["times"], data[f"theory rate {rate}"]
        curve(right, name, f"C{i}", marker, line, simulated=data[f"simulated rate {rate}"])
        label = "gradient flow" if i == 0 else None
        right.plot(data["times"], data[f"flow rate {rate}"], color=f"C{i}", linewidth=0.6, label=label)
    right.set_xscale("log")
    right.set_yscale("log")
    right.set_ylim(bottom=0.03)
    marks.plain_ticks(right.yaxis)
    right.set_xlabel("steps/d")
    right.set_ylabel("training error")
    legend(right, *(f"step {rate:g}/d" for rate in RATES), "gradient flow", loc="lower left")
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={
        "noise": "variance of the label noise of the right panel",
        "step": "step size of the left panel",
    },
    redraws="Fig. 1†",
)
