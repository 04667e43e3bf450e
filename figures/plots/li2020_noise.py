"""On clustered data the clean labels are learnt first and the wrong ones later: stopping early is robust.

A fifth of the labels is wrong; the first layer of ReLU networks is trained by descent on the summed loss.
(a) There are three clusters of five equal inputs (d = 5), 512 units and small labels. Shown is the mean of
prediction times clean label at the centres against time: the line is the theory of infinite width, marks
are networks with 95 % intervals; it tends to 1 - 2 rho (dotted), rho the share of wrong labels. (b) There
are four clusters of ten inputs spread by 0.15 (d = 10) and 200 units. Shown are the shares of the training
samples with clean and with wrong labels whose observed label is fitted, and of the fresh inputs whose clean
label is found. There is no theory of (b). The parameters are ours.
"""

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers import li2020 as claims
from sims.experiments import clustered_labels
from sims.experiments.signed_networks import begin, descend, network
from sims.rules import Descent
from sims.training import train
from sims.trials.sample import Sample
from theory.papers import li2020

EQUAL = SimpleNamespace(**claims.clusters.defaults)
SPREAD = SimpleNamespace(clusters=4, copies=10, d=10, spread=0.15, step=0.1, width=200)
TIMES = np.array([0.05, 0.1, 0.2, 0.4, 0.8, 1.6])
STEPS = (1, 3, 10, 30, 100, 300, 1000, 3000)
NAMES = ("clean", "wrong", "fresh")
SMALL = 0.004  # step of (a)
Array = NDArray[np.float64]


def _centers(corruption: float, place: int, rng: np.random.Generator) -> Array:
    """Mean of prediction times clean label over the centres, at each time."""
    s = EQUAL
    X, y, clean = clustered_labels.draw(s.clusters, s.copies, s.d, corruption, 0.0, rng)
    record = np.rint(TIMES / SMALL).astype(int).tolist()
    _, run = descend(X, EQUAL.size * y, EQUAL.width, SMALL, record, rng)
    assert run.test is not None
    return run.test[:, 0, :: EQUAL.copies] @ clean / len(clean) / EQUAL.size


def _theory(corruption: float, time: Array) -> Array:
    centers, clean = clustered_labels.centers(EQUAL.clusters, EQUAL.d)
    fits = [li2020.cluster_fit(centers, clean, EQUAL.copies, corruption, each) for each in time]
    return np.array([fit @ clean for fit in fits]) / len(clean)


def _shares(corruption: float, place: int, rng: np.random.Generator) -> Array:
    """Shares of right signs, (clean, wrong, fresh) at each step."""
    s = SPREAD
    X, y, clean = clustered_labels.draw(s.clusters, s.copies, s.d, corruption, s.spread, rng)
    fresh = clustered_labels.draw(s.clusters, s.copies, s.d, corruption, s.spread, rng).X
    true = np.repeat(clean, s.copies)
    shape = network(s.d, s.width)
    run = train(
        shape, begin(shape, rng), X, y, Descent(len(y) * s.step), STEPS[-1], record=STEPS,
        X_test=np.concatenate([X, fresh]),
    )  # fmt: skip
    assert run.test is not None
    fitted, new = np.split(np.sign(run.test[:, 0]), [len(y)], axis=1)
    right, wrong = fitted == y, y != true
    rows = [right[:, ~wrong], right[:, wrong], new == true]
    return np.array([row.mean(axis=1) for row in rows]).ravel()


def data(wrong: int = 1, trials: int = 24, runs: int = 16) -> dict[str, Any]:
    """Predictions over time, and shares over steps."""
    time, corruption = np.geomspace(0.03, 3.0, 80), wrong / EQUAL.copies
    found: dict[str, Any] = {"corruption": corruption, "time": time, "theory": _theory(corruption, time)}
    sample = marks.simulated(partial(_centers, corruption), [0], trials, "li2020 centers")[0]
    granted = claims.clusters.granted(claims.clusters.defaults)
    found["networks"] = marks.points(TIMES, sample, _theory(corruption, TIMES), granted)
    shares = marks.simulated(partial(_shares, corruption), [0], runs, "li2020 shares")[0]
    for name, part in zip(NAMES, np.split(shares.values, 3, axis=1), strict=True):
        found[name] = marks.points(STEPS, Sample(part))
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Fresh inputs that are right: at the best step, and at the last."""
    fresh = data["fresh"].centre
    return {"fresh_best": float(fresh.max()), "fresh_last": float(fresh[-1])}


def draw(data: dict[str, Any]) -> Figure:
    """Predictions at the centres beside the shares of right signs."""
    corruption = data["corruption"]
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    left.plot(data["time"], data["theory"], "C0", label="theory")
    marks.scatter(left, data["networks"])
    left.axhline(1 - 2 * corruption, color="0.4", linestyle=":", linewidth=0.9, zorder=0)
    left.set_ylim(0.0, 0.7)
    left.set_xlabel("time")
    left.set_ylabel("prediction × clean label")
    labels = ("clean labels, fitted", "wrong labels, fitted", "fresh inputs, right")
    for i, (name, label, marker) in enumerate(zip(NAMES, labels, "os^", strict=True)):
        color = f"C{(2, 1, 0)[i]}"
        right.plot(data[name].x, data[name].centre, color=color, linestyle=":", linewidth=0.9)
        marks.scatter(right, data[name], color, label, marker)
    right.set_xlabel("steps")
    right.set_ylabel("share of samples")
    right.set_ylim(-0.05, 1.75)
    right.set_yticks(np.linspace(0.0, 1.0, 6))
    for axes, letter in ((left, "a"), (right, "b")):
        axes.set_title(f"({letter})", loc="left")
        axes.set_xscale("log")
        axes.legend(loc="lower right" if axes is left else "upper left")
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={
        "wrong": "wrong labels among 5 of a cluster",
        "runs": "random draws behind each mark of the shares",
    },
)
