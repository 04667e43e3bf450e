"""With the best ridge at each size, neither more features nor more samples ever hurt.

The curves are the test error of random-feature ridge regression against the number of features for n = 50
and 100 samples: with the best ridge of theory at each size, and with one small ridge of 0.0001 at
all sizes, which has a peak at p = n. The problem has three levels of eigenvalues, signal 1 and
noise 0.2. Lines are limits, marks means over 16 designs, open marks near p = n medians with the 5 % and 95
% quantiles. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import theory
from figures import files, marks
from figures.figure import PaperFigure
from figures.plots import _isotropic
from figures.plots._curve import above, logarithmic
from sims.claims.papers.simon2024 import optimum as claim
from sims.experiments import projections
from sims.trials.sample import Sample
from theory.papers import simon2024

SAMPLES = (50, 100)
PROBLEM = projections.problem(SAMPLES[0])


def _errors(small: float, n: int, p: Any, ridges: Any, _: int, rng: np.random.Generator) -> Any:
    """Test errors at each p with its best ridge, then with the small one, on one nested design."""
    Phi, features = projections.draw(PROBLEM, n, int(p[-1]), rng)
    found = [
        projections.excess(PROBLEM, Phi, features[:, :size], [best, small])
        for size, best in zip(p, ridges, strict=True)
    ]
    return PROBLEM.noise + np.array([e.noiseless + PROBLEM.noise * e.noise_part for e in found]).T.ravel()


def data(small: float = 1e-4, trials: int = 16) -> dict[str, Any]:
    """Curves along p for two numbers of samples."""
    line, p = np.geomspace(10, 1000, 100), _isotropic.sizes(10, 800, 14)
    found: dict[str, Any] = {"p": line}
    for n in SAMPLES:
        best = simon2024.optimal(PROBLEM, n, p)
        (sample,) = marks.simulated(partial(_errors, small, n, p, best.ridge), [0], trials, f"simon2024 {n}")
        best_fit, small_fit = (Sample(part) for part in np.split(sample.values, 2, axis=1))
        heavy = _isotropic.near(n, p)
        found[f"best {n}"] = simon2024.optimal(PROBLEM, n, line).test
        found[f"small {n}"] = theory.random_features(PROBLEM, n, line, small).test
        # granted to the best ridge; without one the limit is off by about 1/|n - p| more
        granted = np.asarray(claim.granted({"n": n}))
        found[f"simulated best {n}"] = marks.points(p, best_fit, best.test, granted)
        expected = theory.random_features(PROBLEM, n, p, small).test
        allowance = granted + 1.0 / np.maximum(np.abs(p - n), 1)
        found[f"simulated small {n}"] = marks.points(p, small_fit, expected, allowance, heavy)
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """With 50 samples: the best error at 10 and at 1000 features."""
    return {"best_10_features": float(data["best 50"][0]), "best_1000_features": float(data["best 50"][-1])}


def draw(data: dict[str, Any]) -> Figure:
    """One colour for each number of samples; and ridge."""
    figure = files.page()
    axes = figure.add_subplot()
    names = []
    for i, n in enumerate(SAMPLES):
        for kind, marker, color in (("best", "os"[i], f"C{i}"), ("small", "v^"[i], f"C{i + 3}")):
            name = f"{kind} ridge, n = {n}"
            axes.plot(data["p"], data[f"{kind} {n}"], color=color, label=name)
            marks.scatter(axes, data[f"simulated {kind} {n}"], color, name, marker)
            names.append(name)
    logarithmic(axes, 0.5, 14.0)
    axes.set_xlabel("features, p")
    axes.set_ylabel("test error (signal = 1)")
    above(axes, *names)
    return figure


FIGURE = PaperFigure(
    data=data, draw=draw, numbers=numbers, meanings={"small": "the small ridge"}, redraws="Fig. 1†"
)
