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


def _error(n: int, mu: float, signal: float, noise: float, d: int, p: int, rng: np.random.Generator) -> float:
    return latent_error(SimpleNamespace(n=n, d=d, mu=mu, signal=signal, noise=noise), p, rng)


def _limit(n: int, mu: float, signal: float, noise: float, d: int, gamma: Any) -> Any:
    return hastie2022.latent(gamma, d / (n * gamma), mu, signal, noise).test


def data(
    n: int = 80, mu: float = 1.0, signal: float = 1.0, noise: float = 0.1, trials: int = 24
) -> dict[str, Any]:
    """Limits for two numbers of latent variables, and simulated means."""
    gamma = np.geomspace(0.3, 10, 300)
    latent = n // 10, 3 * n // 10
    found: dict[str, Any] = {
        "n": n,
        "mu": mu,
        "signal": signal,
        "noise": noise,
        "latent": latent,
        "gamma": gamma,
        "isotropic": hastie2022.isotropic(gamma, signal, noise).test,
    }
    p = _isotropic.sizes(0.3 * n, 10 * n, 16)
    for d in latent:
        samples = marks.simulated(
            partial(_error, n, mu, signal, noise, d), p.tolist(), trials, f"hastie2022 latent {d}"
        )
        # at p = 2n the claim says how far the limit is off; near p = n it is off by about 1/|n - p|
        allowance = np.maximum(claims.latent.granted({"n": n}), 1.5 / np.abs(p - n))
        found[f"limit {d}"] = _limit(n, mu, signal, noise, d, gamma)
        found[f"simulated {d}"] = marks.points(
            p / n, samples, _limit(n, mu, signal, noise, d, p / n), allowance, _isotropic.near(n, p)
        )
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Limits of the error with few latent variables, at p = 2n and 10n."""
    n, mu, signal, noise = data["n"], data["mu"], data["signal"], data["noise"]
    twice, ten = _limit(n, mu, signal, noise, data["latent"][0], np.array([2.0, 10.0]))
    return {"test_at_2n": float(twice), "test_at_10n": float(ten)}


def draw(data: dict[str, Any]) -> Figure:
    """One colour for each number of latent variables."""
    n, noise = data["n"], data["noise"]
    figure = files.page()
    axes = figure.add_subplot()
    names = [f"d/n = {d / n:g}" for d in data["latent"]]
    for i, (d, name, marker) in enumerate(zip(data["latent"], names, "os", strict=True)):
        limit = data["gamma"], data[f"limit {d}"]
        curve(axes, name, f"C{i}", marker, limit, simulated=data[f"simulated {d}"])
    axes.plot(data["gamma"], data["isotropic"], color="0.4", linestyle=":", label="isotropic")
    threshold(axes, 1.0, "p = n")
    logarithmic(axes, noise, 50 * noise)
    axes.set_xlabel("features per sample, p/n")
    axes.set_ylabel(f"test error (noise = {noise:g})")
    legend(axes, *names, "isotropic", loc="upper right")
    return figure


FIGURE = PaperFigure(
    data=data, draw=draw, numbers=numbers, meanings={"mu": "strength of the latent variables in each feature"}
)
