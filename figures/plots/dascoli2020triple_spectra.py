"""Eigenvalues of random-feature Gram matrices: near 0 where samples are as many as features, not at n = d.

Histograms of the eigenvalues of H H'/p, tanh features of unit power, p = 500 weights and n samples on the
sphere of R^100, one draw each, beside the limit density of large d. Thin is the law of Marchenko and Pastur
with the same n/p, the spectrum of features that have no linear part. The linear part adds large eigenvalues,
at most d of them. At n = d the nonlinear part keeps the small ones away from 0, as a ridge does; at n = p
both spectra reach 0. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers.dascoli2020triple import eigenvalues
from theory.papers import dascoli2020triple

LEAST, LARGEST = 1e-4, 30.0


def _samples(d: int, p: int) -> dict[str, int]:
    return {"n = d": d, "n = 3d": 3 * d, "n = p": p}


def _draw(d: int, p: int, bins: int, n: int, rng: np.random.Generator) -> Any:
    """Shares of eigenvalues per unit of their logarithm, in bins."""
    values = eigenvalues("tanh", n, p, d, rng)
    counts, _ = np.histogram(values, _edges(bins))
    return counts / n / np.diff(np.log(_edges(bins)))


def _edges(bins: int) -> Any:
    return np.geomspace(LEAST, LARGEST, bins + 1)


def data(d: int = 100, p: int = 500, bins: int = 26) -> dict[str, Any]:
    """Densities of the logarithm of the eigenvalues, and the histogram of one draw for each n."""
    x = np.geomspace(LEAST, LARGEST, 1200)
    found: dict[str, Any] = {"d": d, "p": p, "x": x, "edges": _edges(bins)}
    samples = marks.simulated(
        partial(_draw, d, p, bins), list(_samples(d, p).values()), 1, "dascoli2020triple spectra"
    )
    for (name, n), sample in zip(_samples(d, p).items(), samples, strict=True):
        ratios = p / d, n / d
        for law, linearity in (("tanh", dascoli2020triple.linearity("tanh")), ("nonlinear", 0.0)):
            found[f"{law} {name}"] = x * dascoli2020triple.spectrum(x, *ratios, linearity)
        found[f"histogram {name}"] = sample.values[0]
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Where the spectra begin."""
    d, p = data["d"], data["p"]
    linearity = dascoli2020triple.linearity("tanh")
    return {
        f"least_at_{name.replace(' = ', '_is_')}": float(
            dascoli2020triple.least_eigenvalue(p / d, n / d, linearity)
        )
        for name, n in _samples(d, p).items()
    }


def draw(data: dict[str, Any]) -> Figure:
    """One panel for each number of samples."""
    d, p = data["d"], data["p"]
    figure = files.page(1, 3, height=1.0)
    panels = figure.subplots(1, 3, sharey=True)
    for axes, name in zip(panels, _samples(d, p), strict=True):
        axes.stairs(data[f"histogram {name}"], data["edges"], fill=True, color="0.8", label="one draw")
        axes.plot(data["x"], data[f"tanh {name}"], color="C0", label="limit")
        axes.plot(data["x"], data[f"nonlinear {name}"], color="C1", linewidth=0.9, label="Marchenko-Pastur")
        axes.set_xscale("log")
        axes.set_title(name)
        axes.set_xlabel("eigenvalue")
    panels[0].set_ylabel("density of its logarithm")
    panels[-1].legend(loc="upper left")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers, meanings={"bins": "bins of the histograms"})
