"""Training against an adversary removes the peak at p = n, with an attack on the test and without one.

Least squares on isotropic coordinates, signal 1 and noise 0.25, is trained plainly (minimum norm) or against
an adversary who may move each input by epsilon = 0.3, n = 60. Shown against the features per sample is the
test error, left without and right under the same attack. Lines are the limit, marks means over 48 designs
with their labels, exact given the fit, and open marks near p = n medians with the 5 % and 95 % quantiles. On
few features it costs little without an attack and saves little under it; near the threshold training against
it acts as a ridge, and a low hump beyond is all that is left of the peak. From about twice as many features
as samples on both kinds of training end at nearly the same interpolant: the one of least norm is the least
exposed. The parameters are ours.
"""

from functools import partial
from math import pi, sqrt
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots import _isotropic
from figures.plots._curve import above, curve, logarithmic, threshold
from figures.plots._random_features import column
from sims.experiments import adversarial_fits
from theory.papers import hastie2022, javanmard2020

KINDS = ("plain", "adversarial")
PANELS = ("without attack", "under attack")


def _trial(n: int, epsilon: float, noise: float, p: int, rng: np.random.Generator) -> Any:
    """Errors without an attack, then under attack, of both kinds of training on the same samples."""
    X, beta = rng.standard_normal((n, p)), np.eye(p)[0]
    y = X @ beta + sqrt(noise) * rng.standard_normal(n)
    fits = np.array([adversarial_fits.fit(X, y, reach) for reach in (0.0, epsilon)])
    test = noise + np.sum((fits - beta) ** 2, axis=1)
    return np.concatenate([test, _attacked(test, epsilon * np.linalg.norm(fits, axis=1))])


def _attacked(test: Any, reach: Any) -> Any:
    """The error where each Gaussian residual is lengthened by `reach`."""
    return test + 2 * np.sqrt(2 / pi * test) * reach + reach**2


def _limits(epsilon: float, noise: float, gamma: Any) -> list[Any]:
    """What theory says of `_trial`."""
    plain, robust = hastie2022.isotropic(gamma, 1.0, noise), javanmard2020.risk(gamma, epsilon, noise)
    return [plain.test, robust.test, _attacked(plain.test, epsilon * np.sqrt(plain.norm)), robust.adversarial]


def data(n: int = 60, epsilon: float = 0.3, noise: float = 0.25, trials: int = 48) -> dict[str, Any]:
    """Limits on a line of p/n, and simulated errors at whole p."""
    p, ratio = _isotropic.sizes(n / 5, 3 * n, 11), np.geomspace(0.2, 3.0, 160)
    samples = marks.simulated(partial(_trial, n, epsilon, noise), p.tolist(), trials, "javanmard2020 attack")
    lines, told = (_limits(epsilon, noise, gamma) for gamma in (ratio, p / n))
    # of minimum norm the noise costs p/(n - p - 1) rather than p/(n - p)
    granted: dict[str, Any] = {"plain": 2 / n + 1 / np.abs(p - n).clip(2), "adversarial": 2 / n}
    found: dict[str, Any] = {"n": n, "noise": noise, "ratio": ratio}
    for i, (panel, kind) in enumerate((panel, kind) for panel in PANELS for kind in KINDS):
        heavy = _isotropic.near(n, p) & (kind == "plain")
        found[f"limit {panel} {kind}"] = lines[i]
        found[f"simulated {panel} {kind}"] = marks.points(
            p / n, column(samples, i), told[i], granted[kind], heavy
        )
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The peak of adversarial training, without an attack and under it."""
    return {
        f"peak_{panel.replace(' ', '_')}": float(data[f"limit {panel} adversarial"].max()) for panel in PANELS
    }


def draw(data: dict[str, Any]) -> Figure:
    """Without an attack at the left, under attack at the right."""
    noise = data["noise"]
    figure = files.page(1, 2)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, panel in zip(panels, PANELS, strict=True):
        for i, (kind, marker) in enumerate(zip(KINDS, "os", strict=True)):
            limit = data["ratio"], data[f"limit {panel} {kind}"]
            name = f"{kind} training"
            curve(axes, name, f"C{i}", marker, limit, simulated=data[f"simulated {panel} {kind}"])
        threshold(axes, 1.0, "p = n")
        logarithmic(axes, noise, 40 * noise)
        axes.set_title(panel, loc="left")
        axes.set_xlabel(f"features per sample, p/n (n = {data['n']})")
    panels[0].set_ylabel("test error (signal = 1)")
    above(panels[0], *(f"{kind} training" for kind in KINDS))
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={"epsilon": "how far an adversary may move each input"},
)
