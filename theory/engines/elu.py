"""Duals of elu at any variance: the mean given u in closed form, and a rule for u that sees all scales.

v given u is Gaussian of mean m and variance w^2, so that with G_t = E e^(t v) [v < 0]
    E s(v) = m Phi(m/w) + w phi(m/w) + G_1 - Phi(-m/w) = m Phi(m/w) + int_0^1 (m + t w^2) G_t dt,
    E s'(v) = Phi(m/w) + G_1,
the integral where v is small and the difference would lose digits. The mean over u has features at the scales
1, of the exponential, and w/m, of the angle: its panels are halved towards 0 on both sides.
"""

from functools import cache
from math import ceil, pi, sqrt

import numpy as np

from theory.arguments import Array
from theory.engines.pairs import Pairs

_SMALL = 0.01  # variance below which E s(v) is the integral
_PAIRS = 2**6  # at a time, for the cache


def function(x: Array) -> Array:
    """x above 0, e^x - 1 below."""
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0.0)))


def slope(x: Array) -> Array:
    """1 above 0, e^x below."""
    return np.exp(np.minimum(x, 0.0))


def dual(p: Pairs) -> Array:
    """E s(u) s(v)."""
    return _mean(p, derivative=False)


def dual_slope(p: Pairs) -> Array:
    """E s'(u) s'(v)."""
    return _mean(p, derivative=True)


@cache
def _rule(octaves: int) -> tuple[Array, Array]:
    """Nodes and Gaussian weights on [-13, 13]."""
    x, w = np.polynomial.legendre.leggauss(12)
    edges = np.concatenate([[0.0], 13 * 2 ** (np.arange(-2 * octaves, 1) / 2)])
    half = np.diff(edges)[:, None] / 2
    g = (edges[:-1, None] + half * (1 + x)).ravel()
    weight = (half * w).ravel() * np.exp(-(g**2) / 2) / sqrt(2 * pi)
    return np.concatenate([-g[::-1], g]), np.concatenate([weight[::-1], weight])


def _octaves(a: Array, b: Array, e: Array) -> int:
    """Octaves from 13 standard deviations down to below the smallest scale of these pairs."""
    far = np.sqrt(max(a.max(), b.max(), 1.0))
    seen = e[e > 1e-34]  # nearer pairs differ by rounding
    near = np.sqrt(seen.min()) if seen.size else 1.0
    return ceil(np.log2(min(far, 1e17) / max(near, 1e-17))) + 7


_T, _T_WEIGHTS = (array / 2 for array in np.polynomial.legendre.leggauss(10))  # on [-1/2, 1/2]


def _mean(p: Pairs, derivative: bool) -> Array:
    whole = np.broadcast_arrays(p.a, p.b, p.e, p.s)
    a, b, e, s = (np.ascontiguousarray(array, dtype=float).reshape(-1, 1) for array in whole)
    out = np.empty(e.size)
    for start in range(0, e.size, _PAIRS):
        some = slice(start, start + _PAIRS)
        nodes, weights = _rule(_octaves(a[some], b[some], e[some]))
        u = np.sqrt(a[some]) * nodes
        m = s[some] * (1 - e[some]) * np.sqrt(b[some]) * nodes
        w = np.sqrt(b[some] * e[some] * (2 - e[some]))
        given = (slope(u) * _given_slope(m, w)) if derivative else function(u) * _given(m, w, b[some])
        out[some] = given @ weights
    return out.reshape(whole[0].shape)


def _given(m: Array, w: Array, variance: Array) -> Array:
    """E s(v) of the mean m and the standard deviation w."""
    from scipy.special import ndtr

    z = _quotient(m, w)
    above = m * ndtr(z)
    small = variance[:, 0] < _SMALL
    out = np.empty_like(m)
    part = m[~small], w[~small], z[~small]
    out[~small] = above[~small] + part[1] * _density(part[2]) + _below(*part, 1.0) - ndtr(-part[2])
    part = m[small], w[small], z[small]
    out[small] = above[small]
    for t, weight in zip(_T + 0.5, _T_WEIGHTS, strict=True):
        out[small] += weight * (part[0] + t * part[1] ** 2) * _below(*part, t)
    return out


def _given_slope(m: Array, w: Array) -> Array:
    """E s'(v)."""
    from scipy.special import ndtr

    z = _quotient(m, w)
    return np.asarray(ndtr(z) + _below(m, w, z, 1.0))


def _quotient(m: Array, w: Array) -> Array:
    """m/w, without end where v is certain."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(w > 0, m / w, np.where(m > 0, np.inf, -np.inf))


def _below(m: Array, w: Array, z: Array, t: float) -> Array:
    """G_t, z = m/w."""
    from scipy.special import erfcx, ndtr

    middle = z + t * w
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        left = np.exp(np.minimum(t * m + (t * w) ** 2 / 2, 0.0)) * ndtr(-middle)
        right = erfcx(np.maximum(middle, 0.0) / sqrt(2)) * np.exp(-(z**2) / 2) / 2
    return np.where(middle > 0, right, left)


def _density(z: Array) -> Array:
    return np.exp(-(z**2) / 2) / sqrt(2 * pi)
