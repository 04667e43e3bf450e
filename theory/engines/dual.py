"""Dual kernels E s(u) s(v) of whole blocks of pairs, for `theory.kernel`.

Where there is no closed form they come from Mehler's expansion sum_k h_k(a) h_k(b) rho^k: the coefficients
are a matter of single inputs, so a pair costs a polynomial. What the expansion leaves out is at most
sqrt(t_i t_j) |rho|^(K + 1), t the rest of E s^2 beyond the last coefficient; pairs for which that is not
negligible are integrated one by one.
"""

from collections.abc import Callable
from math import ceil

import numpy as np

from theory import activation as act
from theory.arguments import Array

Pairs = Callable[[slice, Array], Array]  # rows and the covariances of these rows with all columns

_TERMS = 512
_NEGLIGIBLE = 1e-11  # of sqrt(E s(u)^2 E s(v)^2)


def squares(activation: act.ActivationLike, variance: Array, derivative: bool) -> Array:
    """E s(sqrt(a) g)^2, or of the slope, for every variance a."""
    return _each(variance, lambda a: _expand(activation, a, 0, derivative)[1][:, 0])


def pairs(activation: act.ActivationLike, a: Array, b: Array, derivative: bool) -> Pairs:
    """Function of (rows, covariances) that returns the dual of each pair, variances a (n,) and b (m,)."""
    entry = act.REGISTRY[activation] if isinstance(activation, str) else None
    closed = entry and (entry.dual_slope if derivative else entry.dual)
    if closed:
        return lambda rows, c: closed(_clip(c, a[rows, None], b), a[rows, None], np.broadcast_to(b, c.shape))

    terms = 32
    while True:
        left = _coefficients(activation, a, terms, derivative)
        right = left if b is a else _coefficients(activation, b, terms, derivative)
        if terms == _TERMS or (left.rest.max(initial=0) <= _NEGLIGIBLE >= right.rest.max(initial=0)):
            break
        terms *= 2

    def expanded(rows: slice, c: Array) -> Array:
        limit = np.sqrt(a[rows, None]) * np.sqrt(b)
        rho = np.divide(c, limit, out=np.zeros_like(c), where=limit > 0)
        np.clip(rho, -1.0, 1.0, out=rho)
        value = np.zeros_like(c)
        for h, g in zip(left.h.T[::-1], right.h.T[::-1], strict=True):
            value *= rho
            value += np.outer(h[rows], g)
        size = np.abs(rho, out=rho) ** (left.h.shape[1])
        size *= np.sqrt(left.rest[rows, None] * right.rest)
        for i, j in np.argwhere(size > _NEGLIGIBLE):
            x, z = a[rows][i], b[j]
            value[i, j] = act.dual(activation, _clip(c[i, j], x, z), x, z, derivative)
        return value

    return expanded


class _Expansion:
    """Coefficients h (n, K + 1) of each variance and the relative rest of E s^2 beyond them."""

    def __init__(self, h: Array, second: Array) -> None:
        total = (h**2).sum(axis=1)
        rest = np.maximum(second - total, 0.0)
        self.rest = np.divide(rest, second, out=np.zeros_like(rest), where=second > 0)
        # a negligible rest goes to the others: correlations of 1 and -1 meet the diagonal to rounding
        grown = np.sqrt(np.divide(second, total, out=np.ones_like(rest), where=total > 0))
        self.h = h * np.where(self.rest <= _NEGLIGIBLE, grown, 1.0)[:, None]


def _coefficients(
    activation: act.ActivationLike, variance: Array, degree: int, derivative: bool
) -> _Expansion:
    table = _each(variance, lambda a: np.concatenate(_expand(activation, a, degree, derivative), axis=1))
    return _Expansion(table[:, :-1], table[:, -1])


def _each(variance: Array, of: Callable[[Array], Array]) -> Array:
    """`of` on the distinct variances only: on a sphere there is one."""
    distinct, inverse = np.unique(variance, return_inverse=True)
    return of(distinct)[inverse.ravel()]


def _expand(
    activation: act.ActivationLike, variance: Array, degree: int, derivative: bool
) -> tuple[Array, Array]:
    """Hermite coefficients (n, degree + 1) of s(sqrt(a) .), or of its slope, and E s^2 (n, 1)."""
    s = act.slope(activation) if derivative else act.function(activation)
    scale = np.sqrt(variance)
    if not isinstance(activation, str):  # kinks anywhere: panels are cut until each settles
        rows = [_adaptive(s, a, degree, activation) for a in scale]
        table = np.reshape(rows, (len(scale), degree + 2))
        return table[:, :-1], table[:, -1:]
    # a large variance makes a smooth activation steep
    g, weight = act._line(max(ceil(min(scale.max(initial=1.0), 40.0)), 1 + degree // 60))
    table = act._hermite_table(degree, g).T
    h, second = np.empty((len(scale), degree + 1)), np.empty((len(scale), 1))
    for start in range(0, len(scale), 16):  # some at a time, for the memory
        some = slice(start, start + 16)
        values = act._finite(s(scale[some, None] * g), activation)
        h[some] = (values * weight) @ table
        second[some, 0] = values**2 @ weight
    return h, second


def _adaptive(s: act.Function, scale: float, degree: int, activation: act.ActivationLike) -> Array:
    def integrand(g: Array) -> Array:
        values = s(scale * g)
        return np.concatenate([act._hermite_table(degree, g) * values, values[None] ** 2])

    return act._adaptive_mean(integrand, activation)


def _clip(c: Array, a: Array, b: Array) -> Array:
    limit = np.sqrt(a) * np.sqrt(b)
    return np.clip(c, -limit, limit)
