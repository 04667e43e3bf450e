"""A fixed share of synthetic labels puts a floor under the error that no amount of data breaks.

The excess test error of least squares in 20 dimensions is shown against the number of samples, where a random
share of their labels comes from a target whose distance from the true one has the power 4; the noise is 0.1.
Lines are the limit, marks means over 64 draws, exact given inputs and origins of the labels; dotted are the
floors, the squared share times the power of the distance. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend, logarithmic
from sims.claims.papers import dohmatob2025 as claims
from theory import Problem
from theory.papers import dohmatob2025

SHIFT = np.array([4.0])
SHARES = (0.0, 0.01, 0.1)
SIZES = (100, 200, 500, 1000, 2000, 5000, 10000)


def _trial(d: int, noise: float, share: float, n: int, rng: np.random.Generator) -> float:
    return claims.error(Problem.isotropic(d, 1.0, noise), SHIFT, share, n, 0.0, rng) - noise


def _told(d: int, noise: float, share: float, n: Any) -> Any:
    return dohmatob2025.mixture(Problem.isotropic(d, 1.0, noise), SHIFT, share, n) - noise


def data(d: int = 20, noise: float = 0.1, trials: int = 64) -> dict[str, Any]:
    """Limits on a line of sizes up to a million, and simulated means, for each share."""
    line = np.geomspace(50, 1e6, 200)
    found: dict[str, Any] = {"d": d, "noise": noise, "n": line}
    for share in SHARES:
        samples = marks.simulated(
            partial(_trial, d, noise, share), list(SIZES), trials, f"dohmatob2025 floor {share}"
        )
        found[f"theory {share}"] = _told(d, noise, share, line)
        # measured: below 3/n
        found[f"simulated {share}"] = marks.points(
            SIZES, samples, _told(d, noise, share, np.array(SIZES)), 3 / np.array(SIZES)
        )
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Floors of both shares, and what a hundred times the data gains from 10 000 samples on."""
    d, noise = data["d"], data["noise"]
    found = {f"floor_{100 * share:g}_percent": float(share**2 * SHIFT[0]) for share in SHARES[1:]}
    gains = {
        f"gain_{100 * q:g}_percent": float(_told(d, noise, q, 1e4) / _told(d, noise, q, 1e6)) for q in SHARES
    }
    return found | gains


def draw(data: dict[str, Any]) -> Figure:
    """One colour and marker for each share."""
    d = data["d"]
    figure = files.page()
    axes = figure.add_subplot()
    names = [f"{share:.0%} synthetic" for share in SHARES]
    for i, (share, name, marker) in enumerate(zip(SHARES, names, "osD", strict=True)):
        line = data["n"], data[f"theory {share}"]
        curve(axes, name, f"C{i}", marker, line, simulated=data[f"simulated {share}"])
        if share:
            axes.axhline(share**2 * SHIFT[0], color=f"C{i}", linestyle=":", linewidth=0.9)
    logarithmic(axes, 1e-6, 1.0)
    axes.set_xlabel(f"samples, n ({d} dimensions)")
    axes.set_ylabel("excess test error")
    legend(axes, *names, loc="lower left")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers, redraws="Fig. 1†")
