"""Where a few latent variables make the target, more features keep helping beyond the threshold.

The inputs are p noisy views, each with as much noise as signal, of d latent variables, on which alone the
target depends; n = 80, signal 1, noise 0.1. Solid lines are the limits of the test error of ridgeless least
squares for d/n = 0.1 and 0.3, marks means over 24 designs, open marks near p = n medians with the 5 % and
95 % quantiles. Dotted, the same signal is spread over all p isotropic features, and the error rises again.
The parameters are ours.
"""

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots import _isotropic
from figures.plots._curve import curve, legend, logarithmic, threshold
from sims.claims.papers import hastie2022 as claims
from sims.experiments.partial import latent_error
from theory.papers import hastie2022

N, LATENT, TRIALS = 80, (8, 24), 24
MU, SIGNAL, NOISE = 1.0, 1.0, 0.1


def _error(d: int, p: int, rng: np.random.Generator) -> float:
    return latent_error(SimpleNamespace(n=N, d=d, mu=MU, signal=SIGNAL, noise=NOISE), p, rng)


def _limit(d: int, gamma: Any) -> Any:
    return hastie2022.latent(gamma, d / (N * gamma), MU, SIGNAL, NOISE).test


def data() -> dict[str, Any]:
    """Limits for two numbers of latent variables, and simulated means."""
    gamma = np.geomspace(0.3, 10, 300)
    found: dict[str, Any] = {"gamma": gamma, "isotropic": hastie2022.isotropic(gamma, SIGNAL, NOISE).test}
    p = _isotropic.sizes(0.3 * N, 10 * N, 16)
    for d in LATENT:
        samples = marks.simulated(partial(_error, d), p.tolist(), TRIALS, f"hastie2022 latent {d}")
        # at p = 2n the claim says how far the limit is off; near p = n it is off by about 1/|n - p|
        allowance = np.maximum(claims.latent.granted({"n": N}), 1.5 / np.abs(p - N))
        found[f"limit {d}"] = _limit(d, gamma)
        found[f"simulated {d}"] = marks.points(
            p / N, samples, _limit(d, p / N), allowance, _isotropic.near(N, p)
        )
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Limits of the error with few latent variables, at p = 2n and 10n."""
    twice, ten = _limit(LATENT[0], np.array([2.0, 10.0]))
    return {"test_at_2n": float(twice), "test_at_10n": float(ten)}


def draw(data: dict[str, Any]) -> Figure:
    """One colour for each number of latent variables."""
    figure = files.page()
    axes = figure.add_subplot()
    names = [f"d/n = {d / N:g}" for d in LATENT]
    for i, (d, name, marker) in enumerate(zip(LATENT, names, "os", strict=True)):
        limit = data["gamma"], data[f"limit {d}"]
        curve(axes, name, f"C{i}", marker, limit, simulated=data[f"simulated {d}"])
    axes.plot(data["gamma"], data["isotropic"], color="0.4", linestyle=":", label="isotropic")
    threshold(axes, 1.0, "p = n")
    logarithmic(axes, 0.1, 5.0)
    axes.set_xlabel("features per sample, p/n")
    axes.set_ylabel("test error (noise = 0.1)")
    legend(axes, *names, "isotropic", loc="upper right")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
