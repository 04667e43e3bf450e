"""Networks near their start err most where trained parameters are as many as samples, whichever are trained.

The test error of regression with the tangent kernel of an erf network of N units: n = 60 inputs on the sphere
of R^30, penalty 0.001 beside the summed squared error, label noise of variance 0.2 and a linear target of
power 1. Training the read-out alone (N parameters) it peaks at N = n, training both layers (N (d + 1)
parameters) at two units. Lines are the limit of large d with N and n in proportion. That limit does not cover
a few units, where simulation stands alone. Marks are means over 40 networks, exact in the mean over targets
and noise, on 120 held-out inputs. The parameters are ours.
"""

from functools import partial
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend, logarithmic, threshold
from sims.claims.papers import adlam2020ntk as claims
from theory.papers import adlam2020ntk

BASE = claims.peak.defaults
N, D = int(BASE["n"]), int(BASE["d"])
FEW = np.array([1, 2, 3, 4, 6, 10, 20])
"""Units of both layers that the limit does not cover."""
UNITS = np.array([30, 40, 50, 60, 75, 100, 150, 240])


class Trained(NamedTuple):
    """What is trained, and how it is drawn."""

    name: str
    output_variance: float
    """Variance of the read-out weights; 0 keeps the first layer fixed."""
    parameters: int
    """Parameters of one unit."""
    granted: Any
    """Relative error granted to the limit at `UNITS` units; measured 1.5/N for both layers, else 3.7/n."""


MODELS = (Trained("read-out", 0.0, 1, 5 / N), Trained("both layers", 1.0, D + 1, 2.5 / UNITS))


def _errors(noise: float, trained: Trained, units: list[int], rng: np.random.Generator) -> Any:
    setting = SimpleNamespace(**{**BASE, "output_variance": trained.output_variance, "noise": noise})
    return claims.errors(setting, units, rng)[:, 0]


def _limit(noise: float, trained: Trained, units: Any) -> Any:
    ratios, variance = (D / N, D / units), trained.output_variance
    return adlam2020ntk.risk(
        *ratios, float(BASE["gamma"]), str(BASE["activation"]), variance, noise=noise
    ).test


def data(noise: float = float(BASE["noise"]), trials: int = 40) -> dict[str, Any]:
    """Limits on a line of units, and simulated errors at whole numbers of them."""
    line = np.geomspace(UNITS[0] / 2, 1.2 * UNITS[-1], 200)
    found: dict[str, Any] = {"line": line}
    for trained in MODELS:
        size = trained.parameters / N
        few, many = (
            marks.simulated(
                partial(_errors, noise, trained), [units.tolist()], trials, f"adlam2020ntk {trained.name}"
            )[0]
            for units in (FEW, UNITS)
        )
        found[f"limit {trained.name}"] = _limit(noise, trained, line)
        found[f"few {trained.name}"] = marks.points(FEW * size, few)
        found[f"simulated {trained.name}"] = marks.points(
            UNITS * size, many, _limit(noise, trained, UNITS), trained.granted
        )
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Mean errors of both layers at two units, n parameters, and at n units."""
    few, many = data["few both layers"], data["simulated both layers"]
    return {
        "error_at_n_parameters": float(few.centre[FEW == 2][0]),
        "error_at_n_units": float(many.centre[UNITS == N][0]),
    }


def draw(data: dict[str, Any]) -> Figure:
    """Test error against all trained parameters per sample."""
    figure = files.page()
    axes = figure.add_subplot()
    for i, (trained, marker) in enumerate(zip(MODELS, "so", strict=True)):
        limit = data["line"] * trained.parameters / N, data[f"limit {trained.name}"]
        curve(axes, trained.name, f"C{i}", marker, limit, simulated=data[f"simulated {trained.name}"])
        marks.scatter(axes, data[f"few {trained.name}"], f"C{i}", None, marker)
    threshold(axes, 1.0, "n parameters")
    logarithmic(axes, 0.25, 6.0)
    marks.plain_ticks(axes.yaxis)
    axes.set_xlabel("trained parameters per sample")
    axes.set_ylabel("test error")
    legend(axes, *(trained.name for trained in MODELS), loc="upper right")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
