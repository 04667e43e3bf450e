"""The tangent kernel of a relu network learns rough functions too: its eigenvalues fall only like a power.

The curves show the eigenvalues of the tangent kernel of a network with one hidden layer on the sphere,
against the degree of the harmonics. For ReLU at d = 3 and 5 (lines with dots) they are exact and approach
c/k^d (dotted); odd degrees from 3 on are zero and left out. For the smooth erf (triangles) they fall faster
than any power; its even degrees are zero. Marks are means over 96 networks of 2000 ReLU units with 95 %
intervals: products of gradients between inputs at every angle, projected on the Legendre polynomial of the
degree. Degree 0 is judged as well, and not drawn. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import legend
from sims.network import Network, empirical_ntk, start
from theory import kernel, sphere
from theory.papers import bietti2019

DIMENSIONS = (3, 5)
DEGREES = np.array([0, 1, *range(2, 31, 2)])
SIMULATED = np.array([0, 1, 2, 4, 6])
NODES, ROTATIONS = 60, 1
Array = NDArray[np.float64]


def _projected(width: int, d: int, rng: np.random.Generator) -> Array:
    """Eigenvalues of one network's kernel, one input against inputs at every angle to it."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    angles = np.pi * (nodes + 1) / 2
    weights = weights * np.sin(angles) ** (d - 2)  # of the sphere between two latitudes
    X = np.zeros((NODES + 1, d))
    X[:, 0], X[:, 1] = np.cos([0.0, *angles]), np.sin([0.0, *angles])
    network = Network(d, (width,))
    # lengths sqrt(d) and sigma_w2 = 2: twice t kappa_0 + kappa_1
    X *= np.sqrt(d)
    values = empirical_ntk(network, start(network, [rng]), X[:1], X[1:])[0, 0] / 2
    polynomials = np.array([sphere.legendre(int(k), d, np.cos(angles)) for k in SIMULATED])
    return polynomials @ (weights / weights.sum() * values)


def _smooth(t: Array) -> Array:
    """The tangent kernel of an erf network at inputs of cosine t."""
    Z = np.stack([t, np.sqrt(np.maximum(1 - t**2, 0.0))], axis=1)
    return kernel.ntk(np.array([np.sqrt(2), 0.0]), np.sqrt(2) * Z, activation="erf", sigma_w2=1.0)


def data(width: int = 2000, trials: int = 96) -> dict[str, Any]:
    """Eigenvalues and their decay for two dimensions, and simulated ones."""
    found: dict[str, Any] = {"degree": DEGREES, "odd": np.arange(1, 16, 2)}
    for d in DIMENSIONS:
        sample = marks.simulated(partial(_projected, width), [d], trials, f"bietti2019 spectrum {d}")[0]
        found[f"relu {d}"] = bietti2019.eigenvalue(DEGREES, d)
        found[f"decay {d}"] = bietti2019.decay_constant(d) / DEGREES[3:] ** float(d)
        found[f"simulated {d}"] = marks.points(SIMULATED, sample, bietti2019.eigenvalue(SIMULATED, d))
    found["erf"] = sphere.eigenvalues(_smooth, found["odd"], 3)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Eigenvalues against degree, logarithmic; degree 0 is left of the axis and not drawn."""
    figure = files.page()
    axes = figure.add_subplot()
    for i, (d, marker) in enumerate(zip(DIMENSIONS, "os", strict=True)):
        at = data["degree"] > 0
        axes.plot(data["degree"][at], data[f"relu {d}"][at], f"C{i}.-", label=f"relu, d = {d}", markersize=3)
        axes.plot(
            data["degree"][3:],
            data[f"decay {d}"],
            color="0.4",
            linestyle=":",
            label=None if i else "limit, c/$k^d$",
        )
        shown = data[f"simulated {d}"]
        marks.scatter(axes, shown.where(shown.x > 0), f"C{i}", f"relu, d = {d}", marker)
    here = data["erf"] > 0
    axes.plot(data["odd"][here], data["erf"][here], "C2", marker="^", label="erf, d = 3")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(1e-9, 1.0)
    marks.plain_ticks(axes.xaxis)
    axes.set_xlabel("degree of the harmonics, k")
    axes.set_ylabel("eigenvalue of the kernel")
    legend(axes, *(f"relu, d = {d}" for d in DIMENSIONS), "limit, c/$k^d$", "erf, d = 3", loc="lower left")
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
