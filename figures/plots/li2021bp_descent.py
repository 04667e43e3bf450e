"""Two ways to interpolate: the smallest sum of absolute coefficients has a second descent of its own.

Test error against p/n of least squares for p < n and, beyond, of the two interpolating fits with the
smallest sum of absolute coefficients (l1) and the smallest norm (l2). Six coefficients of a target of power
4 are not zero, the label noise is 1/2, and n = 60. Lines are limits, points means over 60 data sets. The
minimum norm forgets the target as p grows; l1 errs little more at p = 10 n than at its best. The parameters
are ours.
"""

from functools import partial
from math import sqrt
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import above, curve, logarithmic, threshold
from sims.experiments import sparse_fits
from sims.trials.sample import Sample
from sims.verdict import edge
from theory.papers import bayati2012, hastie2022

RATIOS = np.array([0.25, 0.5, 0.75, 1.3, 1.6, 2.25, 3.5, 6.0])


def _errors(n: int, k: int, signal: float, noise: float, p: int, rng: np.random.Generator) -> Any:
    """Test errors of l1 and l2 with p features; both are least squares for p <= n."""
    X, beta = rng.standard_normal((n, p)), np.zeros(p)
    beta[:k] = sqrt(signal / k)
    y = X @ beta + sqrt(noise) * rng.standard_normal(n)
    norm = np.linalg.pinv(X) @ y
    fits = [norm if p <= n else sparse_fits.basis_pursuit(X, y), norm]
    return [noise + np.sum((a - beta) ** 2) for a in fits]


def _theory(n: int, k: int, signal: float, noise: float, p: Any) -> dict[str, Any]:
    return {
        "l1": bayati2012.lasso(n, p, k, sqrt(signal / k), noise, 0.0).test,
        "l2": hastie2022.isotropic(np.asarray(p) / n, signal, noise).test,
    }


def data(
    n: int = 60, k: int = 6, signal: float = 4.0, noise: float = 0.5, trials: int = 60
) -> dict[str, Any]:
    """Both limits on a line of p/n, and simulated errors at whole p."""
    ratio = np.concatenate([np.geomspace(0.15, 0.99, 60), np.geomspace(1.01, 10.0, 80)])
    widths = np.rint(RATIOS * n).astype(int)
    allowed = 3 / n  # the gap of the limits to simulation is below that at n = 30 and 60
    samples = marks.simulated(
        partial(_errors, n, k, signal, noise), widths.tolist(), trials, "li2021bp descent"
    )
    found: dict[str, Any] = {"signal": signal, "noise": noise, "ratio": ratio}
    for i, (name, line) in enumerate(_theory(n, k, signal, noise, ratio * n).items()):
        chosen = [Sample(sample.values[:, [i]]) for sample in samples]
        found[name] = line
        found[f"simulated {name}"] = marks.points(
            widths / n,
            chosen,
            _theory(n, k, signal, noise, widths)[name],
            allowed,
            np.abs(widths - n) <= edge(n),
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
    signal, noise = data["signal"], data["noise"]
    figure = files.page()
    axes = figure.add_subplot()
    labels = ["l1, basis pursuit", "l2, minimum norm"]
    for i, (name, label, marker) in enumerate(zip(("l1", "l2"), labels, "os", strict=True)):
        curve(axes, label, f"C{i}", marker, (data["ratio"], data[name]), simulated=data[f"simulated {name}"])
    axes.axhline(noise + signal, color="0.3", linestyle="--", linewidth=0.9, label="nothing learnt")
    threshold(axes, 1.0, "p = n")
    logarithmic(axes, 0.8 * noise, 40 * noise)
    axes.set_xlabel("features per sample p/n")
    axes.set_ylabel("test error")
    above(axes, *labels, "nothing learnt")
    return figure


FIGURE = PaperFigure(
    data=data, draw=draw, numbers=numbers, meanings={"k": "coefficients that are not zero"}, redraws="Fig. 1†"
)
