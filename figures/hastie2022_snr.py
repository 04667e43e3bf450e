"""Ridgeless least squares on isotropic coordinates: after the peak, a strong signal makes a second descent.

Test error against p/n for three signals and unit noise at n = 60: the exact mean (dashed), the limit of
large n (solid) and means over designs, each design's risk in closed form. Parameters ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from sims.sample import measure
from theory import Problem
from theory.exact import least_squares
from theory.papers import hastie2022

N, SIGNALS = 60, (1.0, 2.5, 5.0)


def _risk(signal: float, p: int, rng: np.random.Generator) -> float:
    return measure(Problem.isotropic(p, signal, noise=1.0), N, None, 0.0, rng).test


def data() -> dict[str, Any]:
    """Limits on a line of p/n, and exact and simulated means at whole p."""
    p = np.unique(np.rint(N * np.geomspace(0.1, 10, 24)).astype(int))
    gamma = np.geomspace(0.1, 10, 400)
    heavy = np.abs(p - N) <= max(5, N / 20)
    found: dict[str, Any] = {"gamma": gamma, "exact_p": np.arange(N // 10, 10 * N + 1)}
    for signal in SIGNALS:
        samples = marks.simulated(partial(_risk, signal), p.tolist(), 16, f"hastie2022 snr {signal}")
        exact = least_squares(N, p, signal=signal, noise=1.0).test
        found[f"limit {signal:g}"] = hastie2022.isotropic(gamma, signal=signal, noise=1.0).test
        found[f"exact {signal:g}"] = least_squares(N, found["exact_p"], signal=signal, noise=1.0).test
        found[f"simulated {signal:g}"] = marks.points(p / N, samples, exact, heavy=heavy)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Test error on logarithmic axes, one colour a signal."""
    figure = files.page()
    axes = figure.add_subplot()
    for i, (signal, marker) in enumerate(zip(SIGNALS, "osD", strict=True)):
        axes.plot(data["gamma"], data[f"limit {signal:g}"], color=f"C{i}", label=f"signal {signal:g}")
        axes.plot(
            data["exact_p"] / N, data[f"exact {signal:g}"], color=f"C{i}", linestyle="--", linewidth=0.9
        )
        marks.scatter(axes, data[f"simulated {signal:g}"], f"C{i}", None, marker)
    marks.threshold(axes, 1.0, "p = n")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(1.0, 40.0)
    marks.plain_ticks(axes.xaxis)
    marks.plain_ticks(axes.yaxis)
    axes.set_xlabel("p/n")
    axes.set_ylabel("test error")
    axes.legend()
    return figure
