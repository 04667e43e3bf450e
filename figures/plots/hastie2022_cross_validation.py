"""Cross-validation on the training set finds the ridge: its scores follow the test error.

Left, scores of ridge regression on isotropic coordinates (n = 200, p = 300, signal 2, noise 1) against the
ridge, all divided by the limit of the test error: solid lines are limits, marks the means over 48 data sets
of the test error, the leave-one-out score, generalised cross-validation and the training error, side by
side where they share a ridge. Right, the factor by which the test error of the ridge that each score
chooses exceeds that of the best of 25 ridges, at p = 1.5 n, as means over the data sets. The training error
always chooses the smallest ridge. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend
from sims.trials.sample import Sample
from theory import validation
from theory.papers import hastie2022

SIZES = (20, 40, 80, 200)
SCORES = ("test error", "leave one out", "generalised", "training error")
Array = NDArray[np.float64]
SIDE_BY_SIDE = (0.84, 1.0, 1.19, 1.0)
"""Factors of the ridge at which the marks of the scores are drawn."""
# measured gaps at the smallest ridge, in closed form given the design: 1.1/n, of the training error 4.5/n
ALLOWANCE = dict.fromkeys(SCORES, 1.5 / SIZES[-1]) | {"training error": 5.0 / SIZES[-1]}


def _ridges(ratio: float, signal: float, noise: float) -> Array:
    """From a hundredth of the best ridge to a hundred times that."""
    return np.geomspace(0.01, 100, 25) * float(hastie2022.optimal_ridge(ratio, signal, noise))


def _scores(
    ratio: float, signal: float, noise: float, ridges: Array, n: int, rng: np.random.Generator
) -> Any:
    """Four scores (4, ridges) of one data set."""
    p = round(ratio * n)
    X, beta = rng.standard_normal((n, p)), rng.standard_normal(p) * np.sqrt(signal / p)
    y = X @ beta + rng.standard_normal(n) * np.sqrt(noise)
    values, vectors = np.linalg.eigh(X @ X.T)
    dual = vectors @ ((vectors.T @ y)[:, None] / (values[:, None] + n * ridges))
    test = noise + np.sum((X.T @ dual - beta[:, None]) ** 2, axis=0)
    train = np.mean((n * ridges * dual) ** 2, axis=0)
    kernel = X @ X.T
    return np.array([test, validation.loo(kernel, y, ridges), validation.gcv(kernel, y, ridges), train])


def data(ratio: float = 1.5, signal: float = 2.0, noise: float = 1.0, trials: int = 48) -> dict[str, Any]:
    """Losses along the ridge at the largest n, and what choosing by them costs at every n."""
    ridges = _ridges(ratio, signal, noise)
    samples = marks.simulated(
        lambda n, rng: _scores(ratio, signal, noise, ridges, n, rng).ravel(),
        SIZES,
        trials,
        "hastie2022 choice",
    )
    scores = [sample.values.reshape(trials, len(SCORES), -1) for sample in samples]
    line = np.geomspace(ridges[0], ridges[-1], 200)
    limit = hastie2022.isotropic(ratio, signal, noise, line)
    shown = slice(None, None, 3)
    expected = hastie2022.isotropic(ratio, signal, noise, ridges)
    found: dict[str, Any] = {
        "ratio": ratio,
        "ridge": line,
        "limit test error": np.ones(len(line)),
        "limit training error": limit.train / limit.test,
    }
    for i, name in enumerate(SCORES):
        theory = expected.train if name == "training error" else expected.test
        chosen = []
        for each in scores:
            best = each[:, 0].min(axis=1)
            at = each[:, i].argmin(axis=1)
            chosen.append(Sample((each[np.arange(trials), 0, at] / best)[:, None]))
        found[f"simulated {name}"] = marks.points(
            ridges[shown] * SIDE_BY_SIDE[i],
            Sample((scores[-1][:, i] / expected.test)[:, shown]),
            (theory / expected.test)[shown],
            ALLOWANCE[name],
        )
        found[f"chosen {name}"] = marks.points(SIZES, chosen)
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Cost of choosing by leave-one-out and by generalised cross-validation at n = 200."""
    return {
        "leave_one_out_over_best": float(data["chosen leave one out"].centre[-1]),
        "generalised_over_best": float(data["chosen generalised"].centre[-1]),
    }


def draw(data: dict[str, Any]) -> Figure:
    """Losses, and what they cost."""
    ratio = data["ratio"]
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    for i, (name, marker) in enumerate(zip(SCORES, "osDv", strict=True)):
        if f"limit {name}" in data:
            limit = data["ridge"], data[f"limit {name}"]
            curve(left, name, f"C{i}", marker, limit, simulated=data[f"simulated {name}"])
        else:
            marks.scatter(left, data[f"simulated {name}"], f"C{i}", name, marker)
        if name != "test error":
            marks.scatter(right, data[f"chosen {name}"], f"C{i}", name, marker)
    left.set_xscale("log")
    left.set_ylim(0.7, 1.35)
    left.set_xlabel("ridge")
    left.set_ylabel("score over limit of test error")
    legend(left, *SCORES, loc="upper left")
    right.axhline(1.0, color="0.4", linewidth=0.7, label="best ridge")
    right.set_xscale("log")
    marks.plain_ticks(right.xaxis)
    right.set_ylim(0.95, 2.3)
    right.set_xlabel(f"samples, n (p = {ratio:g} n)")
    right.set_ylabel("test error over the least")
    legend(right, *SCORES[1:], loc="upper right")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers, meanings={"ratio": "features per sample, p/n"})
