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

N, SIGNAL, NOISE, TRIALS = 60, 5.0, 1.0, 64
NAMES = {"excess": "excess test error", "missed": "target missed", "fitted noise": "noise fitted"}


def _parts(risk: Risk) -> dict[str, Any]:
    return {
        "excess": risk.test - NOISE,
        "missed": risk.bias + risk.var_samples,
        "fitted noise": risk.var_noise_samples,
    }


def data() -> dict[str, Any]:
    """The three curves as limits, exactly and simulated."""
    p = _isotropic.sizes(0.2 * N, 10 * N, 22)
    parts = _isotropic.parts([(N, size) for size in p], TRIALS, "hastie2022 isotropic")
    gamma, exact_p = np.geomspace(0.2, 10, 400), np.arange(N // 5, 10 * N + 1)
    samples = {
        "excess": Sample(parts.test(SIGNAL, NOISE).values - NOISE),
        "missed": Sample(SIGNAL * parts.missed),
        "fitted noise": Sample(NOISE * parts.cost),
    }
    limit = _parts(hastie2022.isotropic(gamma, SIGNAL, NOISE))
    exact = _parts(least_squares(N, exact_p, SIGNAL, NOISE))
    expected = _parts(least_squares(N, p, SIGNAL, NOISE))
    found: dict[str, Any] = {"gamma": gamma, "exact_gamma": exact_p / N}
    for name, sample in samples.items():
        found |= {f"limit {name}": limit[name], f"exact {name}": exact[name]}
        heavy = _isotropic.near(N, p) & (name != "missed")  # what is missed is certain given n and p
        found[f"simulated {name}"] = marks.points(
            p / N, sample, expected[name], heavy=heavy, outcome="every" if name == "missed" else "mean"
        )
    return found


def draw(data: dict[str, Any]) -> Figure:
    """The excess and its parts on logarithmic axes."""
    figure = files.page()
    axes = figure.add_subplot()
    for name, color, marker in (("excess", "C0", "o"), ("missed", "C1", "s"), ("fitted noise", "C2", "D")):
        limit, exact = data[f"limit {name}"], data[f"exact {name}"]
        curve(
            axes, NAMES[name], color, marker, (data["gamma"], limit), (data["exact_gamma"], exact),
            data[f"simulated {name}"],
        )  # fmt: skip
    threshold(axes, 1.0, "p = n")
    logarithmic(axes, 0.08, 60.0)
    axes.set_xlabel("features per sample, p/n")
    axes.set_ylabel("error (noise = 1)")
    legend(axes, *NAMES.values(), loc="upper right")
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
