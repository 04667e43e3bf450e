"""Two ways to interpolate: the smallest sum of absolute coefficients has a second descent of its own.

Test error against p/n of least squares for p < n and, beyond, of the two interpolating fits with the
smallest sum of absolute coefficients (l1) and the smallest norm (l2). Six coefficients of a target of power
4 are not zero, the label noise is 1/2, and n = 60. Lines are limits, points means over 60 data sets. The
minimum norm forgets the target as p grows; l1 errs little more at p = 10 n than at its best. The parameters
are ours.
"""

from math import sqrt
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend, logarithmic, threshold
from sims.experiments import sparse_fits
from sims.trials.sample import Sample
from sims.verdict import edge
from theory.papers import bayati2012, hastie2022

N, K, SIGNAL, NOISE, TRIALS = 60, 6, 4.0, 0.5, 60
ALLOWED = 3 / N
"""Relative error granted to the limits, whose gap to simulation is below 3/n at n = 30 and 60."""
WIDTHS = (15, 30, 45, 78, 96, 135, 210, 360)


def _errors(p: int, rng: np.random.Generator) -> Any:
    """Test errors of l1 and l2 with p features; both are least squares for p <= n."""
    X, beta = rng.standard_normal((N, p)), np.zeros(p)
    beta[:K] = sqrt(SIGNAL / K)
    y = X @ beta + sqrt(NOISE) * rng.standard_normal(N)
    norm = np.linalg.pinv(X) @ y
    fits = [norm if p <= N else sparse_fits.basis_pursuit(X, y), norm]
    return [NOISE + np.sum((a - beta) ** 2) for a in fits]


def _theory(p: Any) -> dict[str, Any]:
    return {
        "l1": bayati2012.lasso(N, p, K, sqrt(SIGNAL / K), NOISE, 0.0).test,
        "l2": hastie2022.isotropic(np.asarray(p) / N, SIGNAL, NOISE).test,
    }


def data() -> dict[str, Any]:
    """Both limits on a line of p/n, and simulated errors at whole p."""
    ratio = np.concatenate([np.geomspace(0.15, 0.99, 60), np.geomspace(1.01, 10.0, 80)])
    widths = np.array(WIDTHS)
    samples = marks.simulated(_errors, WIDTHS, TRIALS, "li2021bp descent")
    found: dict[str, Any] = {"ratio": ratio}
    for i, (name, line) in enumerate(_theory(ratio * N).items()):
        chosen = [Sample(sample.values[:, [i]]) for sample in samples]
        found[name] = line
        found[f"simulated {name}"] = marks.points(
            widths / N, chosen, _theory(widths)[name], ALLOWED, np.abs(widths - N) <= edge(N)
        )
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Errors of both at p = 10 n, and the least of l1 beyond the threshold."""
    return {
        "l1_wide": float(data["l1"][-1]),
        "l2_wide": float(data["l2"][-1]),
        "l1_least": float(data["l1"][data["ratio"] > 1].min()),
    }


def draw(data: dict[str, Any]) -> Figure:
    """One colour and marker for each norm."""
    figure = files.page()
    axes = figure.add_subplot()
    labels = ["l1, basis pursuit", "l2, minimum norm"]
    for i, (name, label, marker) in enumerate(zip(("l1", "l2"), labels, "os", strict=True)):
        curve(axes, label, f"C{i}", marker, (data["ratio"], data[name]), simulated=data[f"simulated {name}"])
    axes.axhline(NOISE + SIGNAL, color="0.3", linestyle="--", linewidth=0.9, label="nothing learnt")
    threshold(axes, 1.0, "p = n")
    logarithmic(axes, 0.4, 20.0)
    axes.set_xlabel("features per sample p/n")
    axes.set_ylabel("test error")
    legend(axes, *labels, "nothing learnt")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
