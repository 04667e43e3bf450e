"""Gaussian processes mixed over the scale Q of their covariance, Q a chi-square of N degrees over N.

Integrals over ln Q by the trapezoidal rule, which has all digits for a smooth density that falls off at both
ends; exponents are written from the largest density, so that nothing cancels.
"""

from collections.abc import Callable
from math import isinf, log

import numpy as np

from theory.arguments import Array

POINTS = 4097
DEEP = 50.0
"""Logarithms of densities this far below the largest are left out."""
_SMALLEST = 1e-280
"""An r below it counts as it: the scale is then below 1e-139 or that of r = 0."""


def mean_scale(n: float, width: float, r: float) -> float:
    """E Q given n labels without noise, r = y'K^-1 y/n, n and N >= 1: a generalised inverse Gaussian law."""
    if isinf(width):
        return 1.0
    if r == 0:
        return max(1 - n / width, 0.0)
    mode = largest(n / width, max(r, _SMALLEST))
    a, b = width * mode / 2, n * (max(r, _SMALLEST) / mode) / 2
    if isinf(a + b):  # no spread is left
        return mode

    def depth(x: float | Array) -> Array:
        with np.errstate(over="ignore"):
            return a * _bend(np.asarray(x)) + b * _bend(-np.asarray(x))

    first = min((90 / (a + b)) ** 0.5, 1.0)
    left = _end(lambda x: float(depth(-x)), first)
    right = _end(lambda x: float(depth(x)) - x, first)
    x = np.linspace(-left, right, POINTS)
    weight = np.exp(-depth(x))
    # e^x is only large where its weight has gone
    return float(mode * (np.exp(x - depth(x)).sum() / weight.sum()))


def largest(share: float, r: float) -> float:
    """The Q of largest density in ln Q: the root > 0 of Q^2 - (1 - e) Q = e r, with e = n/N."""
    half, root = (1 - share) / 2, float(np.hypot((1 - share) / 2, np.sqrt(share) * np.sqrt(r)))
    return half + root if half >= 0 else share / (root - half) * r


def posterior(values: Array, squares: Array, noise: float, width: float) -> tuple[Array, Array]:
    """Scales Q and their weights given labels with noise: squares of the labels along K's eigenvectors."""
    if isinf(width):
        return np.ones(1), np.ones(1)

    def height(q: Array) -> Array:
        """ln p(Q | y) in the measure d ln Q, up to a constant."""
        seen = np.exp(q)[:, None] * values + noise
        result: Array = -width / 2 * _bend(q) - (np.log(seen) + squares / seen).sum(axis=1) / 2
        return result

    low = -1 - 2 / width * (DEEP + 10 + np.log1p(values / noise).sum() / 2)
    high = _highest(values, squares, noise, width)
    while True:
        q = np.linspace(low, high, POINTS)
        density = height(q)
        kept = np.flatnonzero(density > density.max() - DEEP)
        first, last = max(kept[0] - 1, 0), min(kept[-1] + 1, POINTS - 1)
        if last - first > POINTS / 4 or high - low < 1e-12:
            break
        low, high = q[first], q[last]
    weight = np.exp(density - density.max())
    return np.exp(q), weight / weight.sum()


def _highest(values: Array, squares: Array, noise: float, width: float) -> float:
    """ln Q above which the density only falls, and 200/N more."""
    learnable = values > 0
    with np.errstate(over="ignore"):
        linear = 1 + float((squares[learnable] / noise).sum()) / (4 * width)
        root = 1 + float((squares[learnable] / values[learnable]).sum() / width) ** 0.5
    return log(min(linear, root, 1e300) + 200 / width) + 1


def _end(depth: Callable[[float], float], first: float) -> float:
    """The x > 0 at which a convex function of x that is <= 0 at 0 reaches DEEP."""
    from scipy.optimize import brentq

    high = first
    while depth(high) < DEEP:
        high *= 2
    return float(brentq(lambda x: min(depth(x), 1e300) - DEEP, 0.0, high, rtol=1e-3))


def _bend(x: Array) -> Array:
    """e^x - 1 - x."""
    series = x * x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5 * (1 + x / 6 * (1 + x / 7)))))
    with np.errstate(over="ignore"):
        return np.where(np.abs(x) < 0.02, series, np.minimum(np.expm1(x) - x, 1e300))
