"""The evidence chooses a ridge at which the model knows its own error.

Two levels of n/4 and n/2 directions (variances 2 and 1/2, n = 80), a target mostly in those of small
variance, noise 0.3. Left, against the ridge, each with the model noise of largest evidence: test error, the
variance that the model gives to fresh labels, and (right axis) the log evidence per sample. Lines are limits,
marks means over 256 data sets. The two errors cross where the evidence is largest, by a theorem; the test
error is least at a smaller ridge. Right, test error over predictive variance at the evidence's maximum of
each data set against n; 1 is a calibrated model. The parameters are ours.
"""

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import theory
from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend
from sims.claims.papers import mackay1992 as claims
from sims.experiments import empirical
from sims.experiments.empirical import believed, best_noise

SIZES = (40, 80, 160, 320)
RIDGES = np.geomspace(0.01, 1.0, 7)
NAMES = ("test error", "predictive variance")


def _trial(n: int, _: int, rng: np.random.Generator) -> Any:
    """Test error and predictive variance at each ridge, with the noise of largest evidence."""
    data = empirical.draw(_problem(n), n, rng)
    found = [believed(data, ridge, best_noise(data, ridge)) for ridge in RIDGES]
    return np.array([[one.test for one in found], [one.predictive_variance for one in found]]).ravel()


def _problem(n: int) -> theory.Problem:
    return claims.problem(SimpleNamespace(**{**claims.calibrated.defaults, "n": n}))


def _limits(n: int, ridge: Any) -> dict[str, Any]:
    """Both errors and the evidence, with the model noise of largest evidence for each ridge."""
    problem = _problem(n)
    one, two = (theory.evidence(problem, n, ridge, noise).log_evidence for noise in (1.0, 2.0))
    # -2 evidence = ln s2 + best/s2 + what has no s2 in it, so that these two tell the best s2
    told = theory.evidence(problem, n, ridge, 4 * (two - one) + 2 * np.log(2))
    test = theory.ridge(problem, n, ridge).test
    return {NAMES[0]: test, NAMES[1]: told.predictive_variance, "evidence": told.log_evidence}


def data(n: int = 80, trials: int = 256) -> dict[str, Any]:
    """Limits along the ridge, simulated errors, the chosen ridge, and ratios against n."""
    line = np.geomspace(RIDGES[0], RIDGES[-1], 200)
    found: dict[str, Any] = {"ridge": line} | {f"limit {k}": v for k, v in _limits(n, line).items()}
    (sample,) = marks.simulated(partial(_trial, n), [0], trials, "mackay1992 evidence")
    expected = _limits(n, RIDGES)
    for i, name in enumerate(NAMES):
        part = type(sample)(sample.values.reshape(trials, 2, -1)[:, i])
        found[f"simulated {name}"] = marks.points(RIDGES, part, expected[name], 4.0 / n)
    chosen = theory.empirical_bayes(_problem(n), n)
    found["chosen"] = np.array([chosen.ridge, chosen.test])
    found["best"] = float(theory.optimal_ridge(_problem(n), n))
    found["ratio"] = marks.swept(claims.calibrated, "n", SIZES, trials, "mackay1992 ratio")
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The ridge of largest evidence, the test error there, and the ridge of least test error."""
    ridge, error = data["chosen"]
    return {"chosen_ridge": float(ridge), "chosen_error": float(error), "best_ridge": data["best"]}


def draw(data: dict[str, Any]) -> Figure:
    """Errors and evidence, and the ratio of both errors."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    for i, (name, marker) in enumerate(zip(NAMES, "os", strict=True)):
        limit = data["ridge"], data[f"limit {name}"]
        curve(left, name, f"C{i}", marker, limit, simulated=data[f"simulated {name}"])
    other = left.twinx()
    name = "log evidence (right)"
    other.plot(data["ridge"], data["limit evidence"], color="0.5", linestyle="--", label=name)
    left.axvline(data["chosen"][0], color="0.6", linewidth=0.8, linestyle=":")
    left.set_xscale("log")
    left.set_xlabel("ridge")
    left.set_ylabel("error")
    legend(left, *NAMES, name, twin=other, home=figure, loc="outside upper left", ncols=3)
    right.axhline(1.0, color="0.4", linewidth=0.7)
    marks.scatter(right, data["ratio"], "C0", "largest evidence")
    right.set_xscale("log")
    marks.plain_ticks(right.xaxis)
    right.set_xlabel("samples, n")
    right.set_ylabel("test error over variance")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
