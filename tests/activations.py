"""Kinds of activations, callables with known moments, and a Gaussian mean with an edge at their kinks."""

from collections.abc import Callable
from math import erfc, exp, inf, pi, sqrt

import numpy as np
from hypothesis import settings

from theory.activation import NAMES

Function = Callable[[np.ndarray], np.ndarray]

few = settings(max_examples=15)  # of each name

KINKED = ("relu", "leaky_relu", "sign", "abs")  # at 0
SMOOTH = tuple(name for name in NAMES if name not in (*KINKED, "elu"))  # the slope of elu has a kink
POLYNOMIALS = {"quadratic": 2, "identity": 1, "cubic": 3}  # name -> degree

# callables: function, where it has its kink, (mu0, mu1, second, slope2)
B = 0.3
TAIL, DENSITY = erfc(B / sqrt(2)) / 2, exp(-(B**2) / 2) / sqrt(2 * pi)
CALLABLES: dict[str, tuple[Function, float, tuple[float, float, float, float]]] = {
    "leaky": (
        lambda x: np.where(x > 0, x, 0.1 * x),
        0.0,
        (0.9 / sqrt(2 * pi), 0.55, 0.505, 0.505),
    ),
    "shifted": (
        lambda x: np.maximum(x - B, 0.0),
        B,
        (DENSITY - B * TAIL, TAIL, (1 + B**2) * TAIL - B * DENSITY, TAIL),
    ),
    "step": (lambda x: np.where(x > B, 1.0, 0.0), B, (TAIL, DENSITY, TAIL, inf)),
    "small step": (lambda x: np.where(x > B, 1e-4, 0.0), B, (1e-4 * TAIL, 1e-4 * DENSITY, 1e-8 * TAIL, inf)),
    "bent": (lambda x: np.abs(x - B), B, (2 * DENSITY + B * (1 - 2 * TAIL), 2 * TAIL - 1, 1 + B**2, 1.0)),
    "exp": (np.exp, 0.0, (exp(0.5), exp(0.5), exp(2), exp(2))),
    "fifth power": (lambda x: x**5, 0.0, (0.0, 15.0, 945.0, 2625.0)),
}


def gaussian(kink: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of a standard normal mean: panels of at most 1/4, one edge at the kink."""
    x, w = np.polynomial.legendre.leggauss(20)
    edges = np.unique(np.concatenate([np.arange(-14, 14.25, 0.25), [kink]]))
    half = np.diff(edges)[:, None] / 2
    g = (edges[:-1, None] + half * (1 + x)).ravel()
    return g, (half * w).ravel() * np.exp(-(g**2) / 2) / sqrt(2 * pi)
