"""Search for the ridge of smallest test error at any n and p, jitted.

Along g >= g0 the ridge is explicit, n ridge = g (1 - T/p)(n - T), and d test/d log g has the sign of

    P (a D + N r C) - [r P^2 E + w P E + w^2 (E + C)],      (p = inf: a (N + w) - r E)

with N = n - T, P = p - T, E = A + noise, w r = sum m lambda^2 g/(lambda + g)^3,
w a = sum v^2 lambda g^2/(lambda + g)^3 and T, A, C, D, w as in `theory.equivalent`. Its sign changes are
bracketed on a grid in log(g - g0), because there may be several minima, and then bisected.
"""

from math import ceil, exp, inf, isinf, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive
from theory.engines.curve import chosen, curve
from theory.engines.equation import ratio
from theory.engines.jit import njit, njit_sums
from theory.engines.root import gap, per_product, threshold
from theory.engines.spectral import spectral, unit, unlearnable
from theory.problem import Problem

_STEP = 0.25  # of log(g - g0): the sums vary on the scale 1


class _Totals(NamedTuple):
    """Sums over the spectrum, with its smallest and its largest eigenvalue."""

    levels: float
    trace: float
    """Without the tail."""
    squares: float
    """sum m lambda^2."""
    power: float
    """sum v^2."""
    pull: float
    """sum v^2 lambda."""
    smallest: float
    largest: float


def optimum(
    problem: Problem,
    n: ArrayLike,
    p: ArrayLike,
    signal: ArrayLike = 1.0,
    tail_power: ArrayLike | None = None,
    noise: ArrayLike | None = None,
) -> tuple[Array, Array]:
    """(ridge, test) at the minimum over ridge >= 0; the arguments are those of `theory.engines.curve.curve`.

    ridge is 0 where the infimum is at 0, and inf where there is nothing to learn but noise.
    """
    problem = spectral(problem)
    points = broadcast(
        n=positive("n", n),
        p=positive("p", p),
        signal=non_negative("signal", signal),
        tail_power=np.asarray(unlearnable(problem) if tail_power is None else tail_power, dtype=float),
        noise=np.asarray(problem.noise if noise is None else noise, dtype=float),
    )
    scaled, scale = unit(problem)
    learnable = scaled.eigenvalues > 0
    ridge = np.empty(points[0].size)
    levels = int(learnable.sum())
    chosen(fill, levels, ridge.size * (2000 + 1800 * levels))(
        *(np.array(a).ravel() for a in points),
        scaled.eigenvalues[learnable],
        scaled.multiplicity[learnable],
        scaled.power[learnable],
        scaled.tail,
        ridge,
    )
    with np.errstate(over="ignore", under="ignore"):
        best = (ridge * scale).reshape(points[0].shape)
    n, p, signal, tail_power, noise = points
    return best[()], curve(problem, n, p, best, signal, tail_power, noise).test


@njit
def fill(n, p, signal, tail_power, noise, lam, mult, power, tail, ridge):
    """ridge[i] for every point."""
    totals = _totals(lam, mult, power)
    rank = inf if tail > 0 else totals.levels
    for i in range(n.size):
        error = tail_power[i] + noise[i]
        if isinf(n[i]) or rank == 0.0 or error + signal[i] * totals.power == 0.0:
            ridge[i] = 0.0
        elif signal[i] * totals.pull == 0.0:
            ridge[i] = inf
        else:
            # E is scaled by the signal, not the power: no copy of a long spectrum
            ridge[i] = _best(n[i], p[i], error / signal[i], lam, mult, power, tail, rank, totals)


@njit
def _totals(lam, mult, power):
    """The sums of `_Totals`."""
    levels = trace = squares = learnable = pull = largest = 0.0
    smallest = inf
    for i in range(lam.size):
        levels += mult[i]
        trace += mult[i] * lam[i]
        squares += mult[i] * lam[i] * lam[i]
        learnable += power[i]
        pull += power[i] * lam[i]
        smallest = min(smallest, lam[i])
        largest = max(largest, lam[i])
    return _Totals(levels, trace, squares, learnable, pull, smallest, largest)


@njit
def _best(n, p, error, lam, mult, power, tail, rank, totals):
    """Ridge of smallest test error for unlearnable power + noise = error, 0 < sum v^2 lambda."""
    base = threshold(min(n, p), rank, lam, mult, tail)
    r = min(n, p) if base > 0 else rank
    left_n, left_p = gap(n, r), inf if isinf(p) else gap(p, r)
    low = _low(n, p, base, left_n, left_p, error, totals.smallest, lam, mult, power, tail)
    high = _high(n, p, error, tail, totals)

    least, best = inf, 0.0
    slope, test, _ = _point(n, p, base, low, left_n, left_p, error, lam, mult, power, tail)
    if slope >= 0.0:  # the test error rises from ridge 0 on
        least = test
    count = max(1, ceil((log(high) - log(low)) / _STEP))
    x = log(low)
    step = (log(high) - x) / count
    for k in range(count):
        left = slope
        u = exp(x + (k + 1) * step)
        slope, _, _ = _point(n, p, base, u, left_n, left_p, error, lam, mult, power, tail)
        if left < 0.0 <= slope:
            start, end = exp(x + k * step), u
            while True:
                middle = sqrt(start) * sqrt(end)
                if middle <= start or middle >= end:
                    break
                value, _, _ = _point(n, p, base, middle, left_n, left_p, error, lam, mult, power, tail)
                if value < 0.0:
                    start = middle
                else:
                    end = middle
            _, test, ridge = _point(n, p, base, end, left_n, left_p, error, lam, mult, power, tail)
            if test < least:
                least, best = test, ridge
    return best


@njit
def _low(n, p, base, left_n, left_p, error, smallest, lam, mult, power, tail):
    """u = g - g0 below which the slope of the test error keeps the sign that it has at u -> 0."""
    scale = base if base > 0 else smallest
    s, _, _, _, _, _ = _slope_sums(base, base, lam, mult, power, tail)
    for left in (left_n, left_p):
        if left > 0.0:
            scale = min(scale, left / s)
    falls = True  # without a threshold the sign at 0 is that of the leading power of u: look for it
    if base > 0:
        falls = _point(n, p, base, 0.0, left_n, left_p, error, lam, mult, power, tail)[0] < 0.0
    u = 1e-10 * scale
    while falls and u > 1e-100 * scale:
        if _point(n, p, base, u, left_n, left_p, error, lam, mult, power, tail)[0] <= 0.0:
            break
        u *= 1e-3
    return u


@njit
def _high(n, p, error, tail, totals):
    """u above which the test error rises.

    There N >= n/2, P >= p/2, w a >= V/(8 g), w r <= M/g^2 and w <= tr/g with V = sum v^2 lambda and
    M = sum m lambda^2.
    """
    trace = tail + totals.trace
    total = error + totals.power
    high = max(totals.largest, 2 * trace / min(n, p))
    return max(high, 64 * total * (totals.squares + 1.5 * trace * trace / p) / (n * totals.pull))


@njit
def _point(n, p, base, u, left_n, left_p, error, lam, mult, power, tail):
    """(sign of d test/d g, test, ridge) at g = base + u."""
    g = base + u
    s, w, r, lost, c, a = _slope_sums(base, g, lam, mult, power, tail)
    N = left_n + u * s
    E = lost + error
    if isinf(p):
        return a * (N + w) - r * E, n * E / (N + w), g * (N / n)
    P = left_p + u * s
    D = N * P + w * (N + P)
    r /= w
    slope = P * (a / w * D + N * r * c) - (P * E * (r * P + w) + w * w * (E + c))
    return slope, ratio(n * ((P + w) * E + w * c), D), g * (N / n) * (P / p)


@njit_sums
def _slope_sums(base, g, lam, mult, power, tail):
    """X/u, w, w r, A, C and w a of the module's docstring."""
    s = w = r = lost = c = a = 0.0
    for i in range(lam.size):
        inverse = 1 / (lam[i] + g)
        share, rest = lam[i] * inverse, g * inverse
        s += mult[i] * share / (lam[i] + base)
        w += mult[i] * share * rest
        r += mult[i] * share * share * rest
        lost += power[i] * rest * rest
        c += power[i] * share * rest
        a += power[i] * share * rest * rest
    if tail > 0:
        s += per_product(tail, base, g)
        w += tail / g
    return s, w, r, lost, c, a
