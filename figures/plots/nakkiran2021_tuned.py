"""A tuned ridge removes the peak, in samples and in features: more of either never hurts.

Ridge regression uses p of d isotropic coordinates, all of which make the labels, with signal 1 and noise
0.25. Left, against samples at p = d = 60; right, against features at n = 60 and d = 240. Lines are the exact
mean without a ridge (dashed), and the limit with a ridge of 0.01 and with the best one at each size; marks
are means over 24 nested designs, open marks near p = n medians with the 5 % and 95 % quantiles. The
parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots import _isotropic
from figures.plots._curve import curve, legend, logarithmic, threshold
from sims.claims.papers.nakkiran2021 import model_wise as claim
from sims.experiments.partial import partial_error
from theory.exact import least_squares
from theory.papers import nakkiran2021

SMALL = 0.01
RIDGES = ("none", "0.01", "best")
# Relative, times n. Measured on 200 designs, the limit is off by 1.4/n beside n = p at ridge 0.01, and with
# the best ridge along samples by 0.5/n. With the best ridge along features the claim knows how far it is off.
GRANTED = {"samples none": 0.0, "samples 0.01": 1.6, "samples best": 0.6,
           "features none": 0.0, "features 0.01": 1.6}  # fmt: skip


def _ridge(signal: float, noise: float, kind: str, n: Any, p: Any, d: int) -> Any:
    best = nakkiran2021.optimal_ridge(n, p, signal, noise, d)
    return best if kind == "best" else np.full(np.shape(best), SMALL if kind == "0.01" else 0.0)


def _theory(signal: float, noise: float, kind: str, n: Any, p: Any, d: int) -> Any:
    if kind == "none":
        seen = signal * p / d
        return least_squares(n, p, seen, noise, signal - seen).test
    return nakkiran2021.model_wise_risk(n, p, d, signal, noise, _ridge(signal, noise, kind, n, p, d)).test


def _granted(along: str, kind: str, n: Any) -> Any:
    if (along, kind) == ("features", "best"):
        return claim.granted({"n": n})
    return GRANTED[f"{along} {kind}"] / n


def _errors(
    signal: float, noise: float, kind: str, n: Any, p: Any, d: int, _: int, rng: np.random.Generator
) -> Any:
    X = rng.standard_normal((n.max(), d))
    power, ridges = np.full(d, signal / d), _ridge(signal, noise, kind, n, p, d)
    return np.array(
        [
            partial_error(X[:rows], int(size), power, noise, float(each))
            for rows, size, each in zip(n, p, ridges, strict=True)
        ]
    )


def _road(kind: str) -> str:
    """What theory knows of a ridge at finite size."""
    return "exact" if kind == "none" else "limit"


def data(signal: float = 1.0, noise: float = 0.25, trials: int = 24) -> dict[str, Any]:
    """Curves along samples and along features for three ridges."""
    found: dict[str, Any] = {"signal": signal}
    grids = {"samples": _isotropic.sizes(12, 360, 16), "features": _isotropic.sizes(8, 240, 16)}
    lines = {"samples": np.arange(12, 361), "features": np.arange(8, 241)}
    for along, d in (("samples", 60), ("features", 240)):
        for kind in RIDGES:
            grid, line = grids[along], lines[along]
            fixed = np.full_like(grid, 60), np.full_like(line, 60)
            sizes, whole = (
                ((grid, fixed[0]), (line, fixed[1]))
                if along == "samples"
                else ((fixed[0], grid), (fixed[1], line))
            )
            (sample,) = marks.simulated(
                partial(_errors, signal, noise, kind, *sizes, d), [0], trials, f"nakkiran2021 {along} {kind}"
            )
            heavy = _isotropic.near(60, grid) & (kind == "none")
            found[f"{_road(kind)} {along} {kind}"] = _theory(signal, noise, kind, *whole, d)
            found[f"simulated {along} {kind}"] = marks.points(
                grid, sample, _theory(signal, noise, kind, *sizes, d), _granted(along, kind, sizes[0]), heavy
            )
        found[f"line {along}"] = lines[along]
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Errors along samples, beside errors along features."""
    signal = data["signal"]
    figure = files.page(1, 2)
    panels = figure.subplots(1, 2)
    for axes, along, label, least in zip(
        panels,
        ("samples", "features"),
        ("samples, n (p = d = 60)", "features, p (n = 60, d = 240)"),
        (0.25, 0.9),
        strict=True,
    ):
        for i, (kind, marker) in enumerate(zip(RIDGES, "osD", strict=True)):
            theory = data[f"line {along}"], data[f"{_road(kind)} {along} {kind}"]
            limit, exact = (None, theory) if _road(kind) == "exact" else (theory, None)
            curve(axes, kind, f"C{i}", marker, limit, exact, data[f"simulated {along} {kind}"])
        threshold(axes, 60, "p = n")
        logarithmic(axes, least, 8.0)
        axes.set_xlabel(label)
    panels[0].set_ylabel(f"test error (signal = {signal:g})")
    legend(panels[0], *RIDGES, loc="upper right", title="ridge")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, redraws="Fig. 1†")
