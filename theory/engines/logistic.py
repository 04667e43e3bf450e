"""Duals of tanh, sigmoid, softplus and silu at any variance: the logistic density is a mixture of Gaussians.

The logistic distribution function is E Phi(x/tau), tau/2 of Kolmogorov's distribution (Andrews and Mallows
1974): sigmoid(x) = P(x + tau g > 0) and softplus(x) = E (x + tau g)_+. So their duals are means over
(tau, tau') of the duals of a step and of relu at the variances a + tau^2, b + tau'^2: sums of closed forms
over the nodes of a Gauss rule in log tau. 24 nodes leave 3e-15 of sigmoid and 1e-14 of its slope. So is
silu(x) = x sigmoid(x) the mean of tau gelu(x/tau).
"""

from collections.abc import Callable
from functools import cache
from math import log, pi, sqrt

import numpy as np

from theory.arguments import Array
from theory.engines import angles
from theory.engines.pairs import Pairs

_NODES = 24
_NEGLIGIBLE = 1e-18  # weight of a pair of nodes


@cache
def nodes() -> tuple[Array, Array]:
    """(tau, weights) of the mixture: Gauss rule in log tau, by Lanczos from a fine rule for its density."""
    x, w = np.polynomial.legendre.leggauss(60)
    edges = np.concatenate([np.linspace(0.12, 1, 10), np.linspace(1, 5.5, 20)[1:]])
    k = (edges[:-1, None] + np.diff(edges)[:, None] * (x + 1) / 2).ravel()
    mass = (np.diff(edges)[:, None] * w / 2).ravel() * _density(k)
    mass /= mass.sum()
    middle, half = log(0.12 * 5.5) / 2, log(5.5 / 0.12) / 2
    t = (np.log(k) - middle) / half
    basis, diagonal, beside = [np.sqrt(mass)], [], []
    for _ in range(_NODES):
        new = t * basis[-1]
        diagonal.append(new @ basis[-1])
        for _ in range(2):
            for old in basis[::-1]:
                new = new - (new @ old) * old
        beside.append(np.linalg.norm(new))
        basis.append(new / beside[-1])
    jacobi = np.diag(diagonal) + np.diag(beside[:-1], 1) + np.diag(beside[:-1], -1)
    place, vectors = np.linalg.eigh(jacobi)
    return 2 * np.exp(place * half + middle), vectors[0] ** 2


def _density(k: Array) -> Array:
    """Density of Kolmogorov's distribution, each of its two series where it converges fast."""
    n = np.arange(1, 30)[:, None]
    large = 8 * k * ((-1.0) ** (n + 1) * n**2 * np.exp(-2 * n**2 * k**2)).sum(axis=0)
    m = ((2 * n - 1) * pi) ** 2 / 8
    small = sqrt(2 * pi) * ((2 * m / k**4 - 1 / k**2) * np.exp(-m / k**2)).sum(axis=0)
    return np.where(k > 0.9, large, small)


def sigmoid(p: Pairs) -> Array:
    """E s(u) s(v) of the sigmoid."""
    return 0.25 + _sums(p, 0) / (2 * pi)


def sigmoid_slope(p: Pairs) -> Array:
    """E s'(u) s'(v) of the sigmoid."""
    return _sums(p, 1) / (2 * pi)


def tanh(p: Pairs) -> Array:
    """E s(u) s(v) of tanh(x) = 2 sigmoid(2x) - 1."""
    return 2 / pi * _sums(_twice(p), 0)


def tanh_slope(p: Pairs) -> Array:
    """E s'(u) s'(v) of tanh."""
    return 8 / pi * _sums(_twice(p), 1)


def softplus(p: Pairs) -> Array:
    """E s(u) s(v) of softplus; its slope is the sigmoid."""
    return _sums(p, 2) / (2 * pi)


def mixed(p: Pairs, dual: Callable[[Pairs], Array], power: int) -> Array:
    """Mean over the mixture of (tau tau')^power times the dual of u/tau, v/tau'."""
    tau, weight = nodes()
    whole = np.broadcast_arrays(p.a, p.b, p.e, p.s)
    a, b, e, s = (np.ascontiguousarray(array, dtype=float).ravel() for array in whole)
    i, j = np.argwhere(np.outer(weight, weight) > _NEGLIGIBLE).T
    weights = weight[i] * weight[j] * (tau[i] * tau[j]) ** power
    first, second = tau[i, None] ** 2, tau[j, None] ** 2
    out = np.empty_like(e)
    step = max(1, 2**15 // len(weights))
    for start in range(0, e.size, step):
        some = slice(start, start + step)
        out[some] = weights @ dual(Pairs(a[some] / first, b[some] / second, e[some], s[some]))
    return out.reshape(whole[0].shape)


def _twice(p: Pairs) -> Pairs:
    return Pairs(4 * p.a, 4 * p.b, p.e, p.s)


def _sums(p: Pairs, kind: int) -> Array:
    tau, weight = nodes()
    some = np.argwhere(np.outer(weight, weight) > _NEGLIGIBLE)
    weights = weight[some[:, 0]] * weight[some[:, 1]]
    whole = np.broadcast_arrays(p.a, p.b, p.e, p.s)
    a, b, e, s = (np.ascontiguousarray(array, dtype=float).ravel() for array in whole)
    out = np.empty_like(e)
    angles.mixture(a, b, e, s, tau**2, some, weights, kind, out)
    return out.reshape(whole[0].shape)
