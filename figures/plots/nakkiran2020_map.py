"""Double descent along width and epochs: random features in closed form, and small networks beside them.

Top, the test error less the noise over width and training. Left, gradient flow on p random features, n = 100,
with fast directions (70 of variance 1), slow ones (6 of variance 0.01), and a noise in each feature, as a
nonlinear activation adds it. Late in training the width has a peak at p = n; wide models fall, rise and fall
again along time. Right, ReLU networks of one hidden layer on 60 noisy samples of a linear target in 10
dimensions, trained by Adam: means over 24 data sets and starts, which have no theory. Bottom, the same along
the width, early, in the middle and at the end. Lines are means of the equation given the features over 24
draws, marks simulation on the same draws; the open one shows a median, which is not judged. The parameters
are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

import theory
from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend
from sims.network import Network, start
from sims.rules import Adam
from sims.training import train
from sims.trials.sample import Sample
from theory import Problem

Array = NDArray[np.float64]

N = 100
FAST, SLOW = 70, 6
PROBLEM = Problem(np.array([1.0, 0.01]), np.array([3.0, 1.0]), np.array([FAST, SLOW], dtype=float), noise=0.5)
WIDTHS = np.array([5, 8, 13, 20, 30, 42, 56, 70, 82, 91, 100, 110, 122, 140, 170, 220, 320, 500, 800])
MARKED = np.array([8, 20, 42, 70, 100, 140, 220, 500])
TIMES = np.geomspace(0.1, 1e6, 29)
SHOWN = (5, 11, 28)
"""Places of the times that are drawn along the width."""

SAMPLES, INPUTS, FRESH = 60, 10, 400
UNITS = np.array([1, 2, 3, 4, 6, 8, 11, 16, 24, 40, 64])
STEPS = (6, 12, 25, 50, 100, 200, 400, 800, 1600, 3000)
STEPS_SHOWN = (2, 4, 9)


def _flow(extra: float, width: int, rng: np.random.Generator) -> Array:
    """Excess errors: of theory given the features at all times, and at some of one design that has them.

    The latter are means over label noise and over targets of the same power on each level.
    """
    M = rng.standard_normal((width, FAST + SLOW)) / np.sqrt(width)
    told = theory.dynamics.gradient_flow(PROBLEM.through(M, extra / width), N, TIMES).test - PROBLEM.noise
    lam, power = (
        np.repeat(values, [FAST, SLOW])
        for values in (PROBLEM.eigenvalues, PROBLEM.power / PROBLEM.multiplicity / PROBLEM.eigenvalues)
    )
    X = rng.standard_normal((N, FAST + SLOW)) * np.sqrt(lam)
    left, s, right = np.linalg.svd(
        X @ M.T + np.sqrt(extra / width) * rng.standard_normal((N, width)), full_matrices=False
    )
    size = np.sqrt(lam)[:, None] * (right @ M).T  # of predictions, by singular direction
    besides, excess = extra / width, []
    for k in SHOWN:
        learnt = -np.expm1(-TIMES[k] * s**2 / N) / s
        weights = learnt[:, None] * (left.T @ X)  # singular directions of each target coefficient
        wrong = size @ weights - np.diag(np.sqrt(lam))
        bias = power @ ((wrong**2).sum(axis=0) + besides * (weights**2).sum(axis=0))
        excess.append(bias + PROBLEM.noise * learnt**2 @ ((size**2).sum(axis=0) + besides))
    return np.concatenate([told, excess])


def _network(noise: float, trials: int, units: int, rng: np.random.Generator) -> Array:
    """Excess errors of all trials at all steps; many networks train faster together."""
    beta = rng.standard_normal((trials, INPUTS, 1))
    beta /= np.linalg.norm(beta, axis=1, keepdims=True)
    X, fresh = (rng.standard_normal((trials, count, INPUTS)) for count in (SAMPLES, FRESH))
    y = (X @ beta)[..., 0] + np.sqrt(noise) * rng.standard_normal((trials, SAMPLES))
    network = Network(INPUTS, (units,), scaling="standard")
    theta = start(network, rng.spawn(trials))
    run = train(network, theta, X, y, Adam(0.02), STEPS[-1], record=STEPS, X_test=fresh)
    assert run.test is not None
    return np.mean((run.test - (fresh @ beta)[..., 0]) ** 2, axis=2).T.ravel()


def data(extra: float = 0.05, noise: float = 0.5, trials: int = 24) -> dict[str, Any]:
    """Both maps, and what is drawn along the width."""
    flows = marks.simulated(partial(_flow, extra), WIDTHS.tolist(), trials, "nakkiran2020 flow")
    told, run = np.split(np.array([sample.values for sample in flows]), [len(TIMES)], axis=2)
    found: dict[str, Any] = {"flow": told.mean(axis=1)}
    chosen = np.isin(WIDTHS, MARKED)
    for i, k in enumerate(SHOWN):
        expected = told.mean(axis=1)[chosen, k]
        heavy = (MARKED == N) & (TIMES[k] > 1e4)
        # given the features the limit errs by the order 1/n; measured up to 3 %
        sample = Sample(run[chosen, :, i].T)
        found[f"flow {k}"] = marks.points(MARKED, sample, expected, 5 / N, heavy)
    networks = marks.simulated(partial(_network, noise, trials), UNITS.tolist(), 1, "nakkiran2020 networks")
    errors = np.array([sample.values.reshape(trials, -1) for sample in networks])
    found["networks"] = errors.mean(axis=1)
    for k in STEPS_SHOWN:
        found[f"networks {k}"] = marks.points(UNITS, Sample(errors[:, :, k].T))
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Excess error of the networks at the end: the best narrow one, the peak, and the widest."""
    end = data["networks"][:, -1]
    peak = int(end.argmax())
    return {"narrow": float(end[:peak].min()), "peak": float(end[peak]), "wide": float(end[-1])}


def draw(data: dict[str, Any]) -> Figure:
    """Maps above what is cut out of them."""
    figure = files.page(2, 2, height=0.85)
    (flow, networks), (below, beside) = figure.subplots(2, 2, sharex="col")
    _map(figure, flow, "random features", WIDTHS, TIMES, data["flow"], LogNorm(1.5, 7.0))
    _map(figure, networks, "networks", UNITS, np.array(STEPS), data["networks"], LogNorm(0.4, 2.5))
    flow.set_ylabel("time t")
    networks.set_ylabel("steps")
    for i, (k, marker) in enumerate(zip(SHOWN, "osD", strict=True)):
        line, label = (WIDTHS, data["flow"][:, k]), f"t = {TIMES[k]:.2g}" if TIMES[k] < 1e3 else r"t = $10^6$"
        curve(below, label, f"C{i}", marker, line, simulated=data[f"flow {k}"])
    for i, (k, marker) in enumerate(zip(STEPS_SHOWN, "osD", strict=True)):
        points, label = data[f"networks {k}"], f"{STEPS[k]} steps"
        beside.plot(points.x, points.centre, ":", color=f"C{i}", label=label)
        marks.scatter(beside, points, f"C{i}", label, marker)
    for axes, name, limits in ((below, "features p", (0.5, None)), (beside, "units", (0.3, 12.0))):
        axes.set_yscale("log")
        axes.set_ylim(limits)
        marks.plain_ticks(axes.yaxis)
        marks.plain_ticks(axes.xaxis)
        axes.set_xlabel(name)
        labels = dict.fromkeys(
            label for label in axes.get_legend_handles_labels()[1] if label != marks.MEDIAN
        )
        legend(axes, *labels, loc="lower left" if axes is below else "upper left")
    below.set_ylabel("test error less noise")
    return figure


def _map(figure: Figure, axes: Any, of: str, x: Array, y: Array, errors: Array, norm: LogNorm) -> None:
    image = axes.pcolormesh(x, y, errors.T, norm=norm, cmap="cividis_r", shading="nearest", rasterized=True)
    axes.set_xscale("log")
    axes.set_yscale("log")
    bar = figure.colorbar(image, ax=axes, extend="both", location="top", label=f"{of}: test error less noise")
    marks.plain_ticks(bar.ax.xaxis)


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={
        "extra": "variance of each feature that no input explains",
        "noise": "variance of the label noise of the networks",
    },
)
