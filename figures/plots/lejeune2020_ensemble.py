"""Least squares on random parts of the data, averaged, is as good as the best ridge.

The test error of an infinite ensemble is shown against the share of the features that each member sees, at
p/n = 1.5 and n = 120, for members that see 90 % and 75 % of the samples. The thick line is the limit, marks
are means over designs. The grey line is ridge regression with its best ridge, the thin line one member
alone. The parameters are ours.
"""

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import legend
from sims.claims.papers import lejeune2020 as claims
from theory.papers import lejeune2020

SHARES = {0.9: np.array([0.1, 0.2, 0.3, 0.4, 0.5]), 0.75: np.array([0.15, 0.25, 0.35, 0.45])}
"""Shares of the features that a member of the ensemble sees, for each share of the samples that it sees."""


def _base(n: int, p: int) -> dict[str, Any]:
    """The settings of the claims."""
    return {**claims.BASE, "n": n, "p": p}


def _trial(n: int, p: int, samples: float, place: int, rng: np.random.Generator) -> Any:
    return claims.errors(SimpleNamespace(**{**_base(n, p), "samples": samples}), rng, tuple(SHARES[samples]))


def data(n: int = 120, p: int = 180, trials: int = 12) -> dict[str, Any]:
    """Limits on a line of shares, and simulated errors."""
    gamma, signal, noise = p / n, claims.BASE["signal"], claims.BASE["noise"]
    share = np.linspace(0.02, 0.6, 200)
    found: dict[str, Any] = {
        "n": n,
        "p": p,
        "share": share,
        "ensemble": lejeune2020.ensemble(gamma, share, signal, noise),
        # least squares on a share of the features: the others are noise
        "one": (noise + signal * (1 - share)) / (1 - share * gamma / max(SHARES)),
        "best": lejeune2020.ensemble(gamma, lejeune2020.best_share(gamma, signal, noise), signal, noise),
    }
    for samples, shares in SHARES.items():
        (sample,) = marks.simulated(
            partial(_trial, n, p, samples), [0], trials, f"lejeune2020 ensemble {samples}"
        )
        theory = lejeune2020.ensemble(gamma, shares, signal, noise)
        # more than the claim grants as a member gets close to its own threshold
        allowance = np.asarray(claims.risk.granted(_base(n, p))) / (1 - shares * gamma / samples)
        found[f"simulated {samples:g}"] = marks.points(shares, sample, theory, allowance)
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The best error, and the share that gives it."""
    n, p = data["n"], data["p"]
    share = lejeune2020.best_share(p / n, claims.BASE["signal"], claims.BASE["noise"])
    return {"best_error": float(data["best"]), "best_share": float(share)}


def draw(data: dict[str, Any]) -> Figure:
    """Test error against the share of the features."""
    figure = files.page()
    axes = figure.add_subplot()
    axes.plot(data["share"], data["ensemble"], label="ensemble")
    axes.plot(data["share"], np.where(data["one"] > 0, data["one"], np.nan), color="C2", linewidth=0.9,
              label="one member")  # fmt: skip
    axes.axhline(data["best"], color="0.3", linewidth=0.9, label="best ridge")
    at = int(np.searchsorted(data["share"], 0.12))
    places = {"one member": (data["share"][at], data["one"][at]), "best ridge": (0.02, data["best"])}
    for name, place in places.items():
        axes.annotate(name, place, xytext=(6, -3), textcoords="offset points", va="top", fontsize="small")
    for samples, marker, color in zip(SHARES, "os", ("C1", "C4"), strict=True):
        marks.scatter(axes, data[f"simulated {samples:g}"], color, f"{samples:.0%} of samples", marker)
    axes.set_ylim(0.7, 1.6)
    axes.set_xlabel("share of the features")
    axes.set_ylabel("test error")
    legend(axes, "ensemble", *(f"{samples:.0%} of samples" for samples in SHARES), loc="upper right")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
