"""The peak comes from folding two axes into one: along the parameters that count, there is none.

Left, the test error of regression trees against the number of all leaves: one tree grows to n/4 or n
leaves, then trees of that size are averaged. The peak stands about where the second axis begins (n = 60,
noise 1, means over data sets). Middle, the effective parameters of least squares on p isotropic features at
n = 60, exact (dashed), counted at fresh inputs and at the training inputs. Right, its exact test error
against the count at fresh inputs, for p below n and above it, when power 5 (1 + p/n)^-2 of the target is
left out and the noise is 1: two curves, neither with a peak. Marks are means over 24 designs. The
parameters are ours.
"""

from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots import _isotropic
from figures.plots._curve import curve, legend, threshold
from sims.experiments.regression_trees import predictions, samples
from sims.trials.sample import Sample
from theory.exact import least_squares
from theory.papers import curth2023

N, NOISE = 60, 1.0
TREES = SimpleNamespace(n=N, noise=1.0, fresh=300)
SWITCHES, AVERAGED, GROWN = {"n/4": N // 4, "n": N}, (1, 2, 4, 8, 16), (2, 4, 8, 15, 30, 60)


def _path(largest: int, rng: np.random.Generator) -> Any:
    """Errors while one tree grows to `largest` leaves, then while trees of that size are averaged."""
    X, y, fresh, truth = samples(TREES.n, TREES.fresh, TREES.noise, rng)
    growing = [predictions(X, y, fresh, 4, leaves, rng) for leaves in GROWN if leaves < largest]
    # one tree: the mean error of a few
    errors = [np.mean((f - truth) ** 2) for f in growing]
    many = predictions(X, y, fresh, AVERAGED[-1], largest, rng)
    errors += [np.mean((many.reshape(-1, b, len(truth)).mean(axis=1) - truth) ** 2) for b in AVERAGED]
    return TREES.noise + np.array(errors)


def data(signal: float = 5.0, trials: int = 24) -> dict[str, Any]:
    """Trees along both axes, and least squares along p and along its effective parameters."""
    found: dict[str, Any] = {}
    for name, largest in SWITCHES.items():
        (sample,) = marks.simulated(_path, [largest], trials, f"curth2023 trees {name}")
        leaves = [size for size in GROWN if size < largest] + [largest * b for b in AVERAGED]
        found[f"trees {name}"] = marks.points(leaves, sample)
    p, line = _isotropic.sizes(6, 600, 22), np.arange(6, 601)
    p, line = p[np.abs(p - N) > 2], line[np.abs(line - N) > 1]
    parts = _isotropic.parts([(N, size) for size in p], trials, "curth2023 unfolded")
    counts, heavy = curth2023.least_squares(N, line), _isotropic.near(N, p)
    found |= {
        "p": line,
        "exact train": counts.train,
        "exact test": counts.test,
        "exact error": _error(signal, line),
    }
    expected = curth2023.least_squares(N, p).test
    found["simulated test"] = marks.points(p, Sample(N * parts.cost), expected, heavy=heavy)
    omitted = _omitted(signal, p)
    errors = NOISE + omitted + (signal - omitted) * parts.missed + (NOISE + omitted) * parts.cost
    for side, at in (("p < n", p < N), ("p > n", p > N)):
        found[f"simulated error {side}"] = marks.points(
            expected[at], Sample(errors[:, at]), _error(signal, p[at]), heavy=heavy[at]
        )
    return found


def _omitted(signal: float, p: Any) -> Any:
    return signal * (1 + p / N) ** -2.0


def _error(signal: float, p: Any) -> Any:
    return least_squares(N, p, signal - _omitted(signal, p), NOISE, _omitted(signal, p)).test


def draw(data: dict[str, Any]) -> Figure:
    """Two axes of trees, the count, and the curve unfolded."""
    figure = files.page(1, 3, height=0.95)
    left, middle, right = figure.subplots(1, 3)
    for i, (name, marker) in enumerate(zip(SWITCHES, "os", strict=True)):
        points, label = data[f"trees {name}"], f"switch at {name}"
        left.plot(points.x, points.centre, color=f"C{i}", linestyle=":", linewidth=0.9, label=label)
        marks.scatter(left, points, f"C{i}", label, marker)
    left.set_xscale("log")
    left.set_ylim(1.2, 3.5)
    left.set_xlabel("leaves of all trees")
    left.set_ylabel("test error (noise = 1)")
    legend(left, *(f"switch at {name}" for name in SWITCHES))
    middle.plot(data["p"], data["exact train"], color="C3", linestyle="--", label="training inputs")
    curve(middle, "fresh inputs", "C2", "D", None, (data["p"], data["exact test"]), data["simulated test"])
    threshold(middle, N, "p = n")
    middle.set_xscale("log")
    middle.set_yscale("log")
    middle.set_ylim(5, 5000)
    middle.text(75, 1200, "fresh inputs", color="C2", fontsize="small")
    middle.text(150, 80, "training inputs", color="C3", fontsize="small")
    middle.set_xlabel("features, p (n = 60)")
    middle.set_ylabel("effective parameters")
    for color, marker, side, at in (("C4", "^", "p < n", data["p"] < N), ("C5", "v", "p > n", data["p"] > N)):
        exact = data["exact test"][at], data["exact error"][at]
        curve(right, side, color, marker, None, exact, data[f"simulated error {side}"])
    right.set_xscale("log")
    right.set_yscale("log")
    right.set_xlim(5, 1000)
    right.set_ylim(4, 60)
    marks.plain_ticks(right.yaxis)
    right.set_xlabel("effective parameters")
    right.set_ylabel("test error (noise = 1)")
    legend(right, "p < n", "p > n", loc="upper left")
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
