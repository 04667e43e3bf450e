"""With the right prior a Bayesian model knows its error at every size; a wrong prior misleads it beyond n.

Bayesian linear regression on p isotropic coordinates, n = 80, signal 1, noise 0.3, knows the noise. Shown is
the test error over the variance that the model gives to fresh labels, against the features per sample, for a
prior variance of the coefficients that is right, ten times too large (wide) or ten times too small (narrow):
1 is calibrated, more is too sure. With few features the samples overrule the prior; with many they cannot.
Lines are limits, marks means over 128 data sets, exact given each. Open squares have prior and noise chosen
by the largest evidence on each data set; they lie above the limit 1 by up to about 10/n, and are not judged
here. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import theory
from figures import files, marks
from figures.figure import PaperFigure
from figures.plots import _isotropic
from figures.plots._curve import above, curve, threshold
from figures.plots._random_features import column
from sims.experiments import empirical
from theory import Problem

PRIORS = {"prior too wide": 10.0, "right prior": 1.0, "prior too narrow": 0.1}
CHOSEN = "largest evidence"


def _trial(n: int, signal: float, noise: float, p: int, rng: np.random.Generator) -> Any:
    """Test error over predictive variance for every prior, then at the largest evidence."""
    data = empirical.draw(Problem.isotropic(p, signal, noise), n, rng)
    chosen = [(_ridge(n, p, signal, noise, wide), noise) for wide in PRIORS.values()]
    found = [empirical.believed(data, *each) for each in (*chosen, empirical.chosen(data))]
    return np.array([one.test / one.predictive_variance for one in found])


def _ridge(n: int, p: Any, signal: float, noise: float, wide: float) -> Any:
    """n ridge is the noise over the prior variance of a coefficient."""
    return noise * p / (n * signal * wide)


def _limit(n: int, signal: float, noise: float, p: float, wide: float) -> float:
    problem = Problem.isotropic(p, signal, noise)
    return float(theory.evidence(problem, n, _ridge(n, p, signal, noise, wide), noise).calibration)


def data(n: int = 80, signal: float = 1.0, noise: float = 0.3, trials: int = 128) -> dict[str, Any]:
    """Limits on a line of p/n, and simulated ratios at whole p."""
    p, ratio = _isotropic.sizes(n / 8, 4 * n, 11), np.geomspace(0.125, 4.0, 80)
    samples = marks.simulated(partial(_trial, n, signal, noise), p.tolist(), trials, "mackay1992 calibration")
    found: dict[str, Any] = {"n": n, "ratio": ratio}
    for i, (prior, wide) in enumerate(PRIORS.items()):
        line, told = (
            np.array([_limit(n, signal, noise, size, wide) for size in sizes]) for sizes in (n * ratio, p)
        )
        found[f"limit {prior}"] = line
        found[f"simulated {prior}"] = marks.points(p / n, column(samples, i), told, 3 / n)
    found[f"simulated {CHOSEN}"] = marks.points(p / n, column(samples, len(PRIORS)))
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """What wrong priors make of four features per sample."""
    wide, _, narrow = (float(data[f"limit {prior}"][-1]) for prior in PRIORS)
    return {"wide": wide, "narrow": narrow}


def draw(data: dict[str, Any]) -> Figure:
    """One colour and marker for each prior."""
    figure = files.page()
    axes = figure.add_subplot()
    for i, (prior, marker) in enumerate(zip(PRIORS, "vo^", strict=True)):
        limit = data["ratio"], data[f"limit {prior}"]
        curve(axes, prior, f"C{i}", marker, limit, simulated=data[f"simulated {prior}"])
    marks.scatter(axes, data[f"simulated {CHOSEN}"], "C3", CHOSEN, "s", hollow=True)
    threshold(axes, 1.0, "p = n")
    axes.set_xscale("log")
    axes.set_yscale("log")
    marks.plain_ticks(axes.xaxis)
    marks.plain_ticks(axes.yaxis)
    axes.set_xlabel(f"features per sample, p/n (n = {data['n']})")
    axes.set_ylabel("error over variance")
    above(axes, *PRIORS, CHOSEN)
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
