"""How many samples find a sparse target: basis pursuit succeeds above one curve and fails below it.

Share of 12 noiseless data sets in which the interpolating solution with the smallest sum of absolute
coefficients is the target itself, by the share k/p of coefficients that are not zero and the samples n/p; p
= 50. The line is the transition for p -> infinity, the dashed line n = k, below which no method can
succeed. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from sims.experiments import sparse_fits
from theory.papers import donoho2009


def _found(p: int, place: tuple[int, int], rng: np.random.Generator) -> float:
    k, n = place
    X, beta = rng.standard_normal((n, p)), np.zeros(p)
    beta[:k] = rng.choice([-1.0, 1.0], size=k)
    return float(np.allclose(sparse_fits.basis_pursuit(X, X @ beta), beta, atol=1e-6))


def data(p: int = 50, trials: int = 12) -> dict[str, Any]:
    """The transition on a line, and shares of successes on a grid."""
    counts, sizes = range(2, 4 * p // 5, 4), range(3, p, 4)
    sparsity = np.linspace(0.0, 0.8, 161)
    grid = [(k, n) for n in sizes for k in counts]
    samples = marks.simulated(partial(_found, p), grid, trials, "donoho2009 recovery")
    shares = np.array([sample.mean[0] for sample in samples]).reshape(len(sizes), len(counts))
    return {
        "sparsity": sparsity,
        "transition": donoho2009.transition(sparsity),
        "k/p": np.array(counts) / p,
        "n/p": np.array(sizes) / p,
        "shares": shares,
    }


def draw(data: dict[str, Any]) -> Figure:
    """Shares in light greys, so that lines and legend can be read above them."""
    figure = files.page()
    axes = figure.add_subplot()
    image = axes.pcolormesh(
        data["k/p"], data["n/p"], data["shares"], cmap="Greys", vmin=0.0, vmax=2.0, shading="nearest"
    )
    axes.plot(data["sparsity"], data["transition"], "C1", linewidth=2.0, label="transition")
    axes.plot(data["sparsity"], data["sparsity"], "k--", label="n = k")
    axes.set_xlim(0.0, 0.8)
    axes.set_ylim(0.02, 1.0)
    axes.set_xlabel("share of coefficients that are not zero, k/p")
    axes.set_ylabel("samples n/p")
    axes.legend(loc="lower right")
    bar = figure.colorbar(image, ax=axes, label="share of targets found")
    bar.ax.set_ylim(0.0, 1.0)  # the darker half would hide the lines
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
