"""A network with one hidden layer fits random labels as soon as it has about as many weights as samples.

The first layer of k tanh units is trained on n samples in d = 5; both panels are against k d/n. (a) The
rank of the Jacobian at the start over n: theory says min(1, k d/n) (line), on every draw. (b) The share of
networks that fit random labels of size 0.3 to a thousandth of their square, within 300 steps of L-BFGS, for
n = 20 and 40; larger labels saturate the units, and some starts get stuck. The share rises from 0 to 1
somewhat beyond k d = n. There is no theory of (b): what is proved asks for k d of the order n². Bars are
Wilson's 95 % intervals. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from sims.experiments.signed_networks import random_jacobian
from sims.network import Network, start
from sims.training.solvers import lbfgs
from sims.trials.sample import Sample

SIZE, FITTED = 0.3, 1e-3
WIDTHS = {20: (2, 3, 4, 5, 6, 8, 12), 40: (5, 7, 8, 9, 11, 14, 20)}


def _rank(d: int, place: tuple[int, int], rng: np.random.Generator) -> float:
    n, width = place
    J = random_jacobian(rng.standard_normal((n, d)), width, "tanh", rng)
    return float(np.linalg.matrix_rank(J)) / n


def _fits(d: int, steps: int, place: tuple[int, int], rng: np.random.Generator) -> float:
    """Whether the mean squared error of a trained network ends below FITTED of the labels' square."""
    n, width = place
    X, y = rng.standard_normal((n, d)), SIZE * rng.choice([-1.0, 1.0], n)
    network = Network(d, (width,), activation="tanh", trained="hidden")
    theta = start(network, [rng])
    network.layers[1].weights(theta)[...] = rng.choice([-1.0, 1.0], width)
    return float(2 * lbfgs(network, theta, X, y, steps).loss[-1, 0] < FITTED * SIZE**2)


def _wilson(trials: int, successes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of the share of successes."""
    z, share = 1.96, successes / trials
    middle = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
    half = z / (1 + z**2 / trials) * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    return middle - half, middle + half


def data(d: int = 5, steps: int = 300, trials: int = 16) -> dict[str, Any]:
    """Ranks, and shares of networks that fit."""
    line = np.linspace(0.1, 3.0, 59)
    found: dict[str, Any] = {"line": line, "rank": np.minimum(1.0, line)}
    for n, widths in WIDTHS.items():
        places = [(n, width) for width in widths]
        ratio = np.array(widths) * d / n
        ranks = marks.simulated(partial(_rank, d), places, 24, f"oymak2020 rank {n}")
        found[f"rank {n}"] = marks.points(ratio, ranks, np.minimum(1.0, ratio), outcome="every")
        fits = marks.simulated(partial(_fits, d, steps), places, trials, f"oymak2020 fits {n}")
        shares = marks.points(ratio, Sample(np.hstack([sample.values for sample in fits])))
        low, high = _wilson(trials, shares.centre * trials)
        found[f"fits {n}"] = shares._replace(low=low, high=high)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Rank and success against k d/n."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    left.plot(data["line"], data["rank"], "C0", label="theory")
    for i, (n, marker) in enumerate(zip(WIDTHS, "os", strict=True)):
        marks.scatter(left, data[f"rank {n}"], f"C{1 + i}", f"n = {n}", marker)
        shares = data[f"fits {n}"]
        right.plot(shares.x, shares.centre, f"C{1 + i}", linestyle=":", linewidth=0.9)
        marks.scatter(right, shares, f"C{1 + i}", f"n = {n}, 95 %", marker)
    left.set_ylabel("rank of the Jacobian / n")
    right.set_ylabel("share of networks that fit")
    for axes, letter in ((left, "a"), (right, "b")):
        axes.set_title(f"({letter})", loc="left")
        marks.threshold(axes, 1.0, "k d = n")
        axes.set_xlabel("trained weights per sample, k d/n")
        axes.set_ylim(-0.05, 1.15)
        axes.legend(loc="lower right")
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
