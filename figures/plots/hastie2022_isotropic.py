"""Beyond p = n the noise costs less with every feature, while more of the target is missed.

The test error of ridgeless least squares on isotropic coordinates (n = 60, signal 5, noise 1), less the
noise of fresh labels, has two parts: what is missed of the target without noise (the paper's bias), which
is nothing below the threshold, and the variance from fitted noise. Solid lines are limits of large n,
dashed ones exact means at n = 60; marks are means over 64 designs, exact given each, and open marks near p
= n medians with the 5 % and 95 % quantiles. The parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots import _isotropic
from figures.plots._curve import curve, legend, logarithmic, threshold
from sims.trials.sample import Sample
from theory import Risk
from theory.exact import least_squares
from theory.papers import hastie2022

NAMES = {"excess": "excess test error", "missed": "target missed", "fitted noise": "noise fitted"}


def _parts(noise: float, risk: Risk) -> dict[str, Any]:
    return {
        "excess": risk.test - noise,
        "missed": risk.bias + risk.var_samples,
        "fitted noise": risk.var_noise_samples,
    }


def data(n: int = 60, signal: float = 5.0, noise: float = 1.0, trials: int = 64) -> dict[str, Any]:
    """The three curves as limits, exactly and simulated."""
    p = _isotropic.sizes(0.2 * n, 10 * n, 22)
    parts = _isotropic.parts([(n, size) for size in p], trials, "hastie2022 isotropic")
    gamma, exact_p = np.geomspace(0.2, 10, 400), np.arange(n // 5, 10 * n + 1)
    samples = {
        "excess": Sample(parts.test(signal, noise).values - noise),
        "missed": Sample(signal * parts.missed),
        "fitted noise": Sample(noise * parts.cost),
    }
    limit = _parts(noise, hastie2022.isotropic(gamma, signal, noise))
    exact = _parts(noise, least_squares(n, exact_p, signal, noise))
    expected = _parts(noise, least_squares(n, p, signal, noise))
    found: dict[str, Any] = {"noise": noise, "gamma": gamma, "exact_gamma": exact_p / n}
    for name, sample in samples.items():
        found |= {f"limit {name}": limit[name], f"exact {name}": exact[name]}
        heavy = _isotropic.near(n, p) & (name != "missed")  # what is missed is certain given n and p
        found[f"simulated {name}"] = marks.points(
            p / n, sample, expected[name], heavy=heavy, outcome="every" if name == "missed" else "mean"
        )
    return found


def draw(data: dict[str, Any]) -> Figure:
    """The excess and its parts on logarithmic axes."""
    noise = data["noise"]
    figure = files.page()
    axes = figure.add_subplot()
    for name, color, marker in (("excess", "C0", "o"), ("missed", "C1", "s"), ("fitted noise", "C2", "D")):
        limit, exact = data[f"limit {name}"], data[f"exact {name}"]
        curve(
            axes, NAMES[name], color, marker, (data["gamma"], limit), (data["exact_gamma"], exact),
            data[f"simulated {name}"],
        )  # fmt: skip
    threshold(axes, 1.0, "p = n")
    logarithmic(axes, 0.08 * noise, 60.0 * noise)
    axes.set_xlabel("features per sample, p/n")
    axes.set_ylabel(f"error (noise = {noise:g})")
    legend(axes, *NAMES.values(), loc="upper right")
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
