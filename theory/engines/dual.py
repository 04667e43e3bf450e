"""Dual kernels E s(u) s(v) of whole blocks of pairs, for `theory.kernel`.

Named activations have closed forms. For callables, and for moderate variances where the closed form is a
long sum, they come from Mehler's expansion sum_k h_k(a) h_k(b) rho^k: the coefficients are a matter of single
inputs, so a pair costs a polynomial. What the expansion leaves out is at most sqrt(t_i t_j) |rho|^(K + 1),
t the rest of E s^2 beyond the last coefficient; pairs for which that is not negligible are integrated one
by one.
"""

from collections.abc import Callable
from functools import cache
from math import ceil

import numpy as np

from theory import activation as act
from theory.arguments import Array
from theory.engines.pairs import Pairs, same
from theory.engines.piecewise import Piecewise

Block = Callable[[slice, Pairs], Array]  # rows, and these rows with the first columns

# variance up to which Mehler's expansion settles in few terms and costs less than the closed form
_MODERATE = {"tanh": 4.0, "softplus": 16.0, "sigmoid": 16.0}
_TERMS = 512
_NEGLIGIBLE = 1e-11  # of sqrt(E s(u)^2 E s(v)^2)


def squares(activation: act.ActivationLike, variance: Array, derivative: bool) -> Array:
    """E s(sqrt(a) g)^2, or of the slope, for every variance a."""
    if isinstance(activation, str):
        entry = act.REGISTRY[activation]
        return (entry.dual_slope if derivative else entry.dual)(same(variance))
    return _each(variance, lambda a: _expand(activation, a, 0, derivative)[1][:, 0])


def pairs(activation: act.ActivationLike, a: Array, b: Array, derivative: bool) -> Block:
    """Function of (rows, pairs) that returns the dual of each pair, variances a (n,) and b (m,)."""
    if isinstance(activation, str):
        entry = act.REGISTRY[activation]
        closed = entry.dual_slope if derivative else entry.dual
        largest = max(a.max(initial=0.0), b.max(initial=0.0))
        if largest > _MODERATE.get(activation, -1.0):
            return lambda rows, p: closed(p)
    terms = 32
    while True:
        left = _coefficients(activation, a, terms, derivative)
        right = left if b is a else _coefficients(activation, b, terms, derivative)
        if terms == _TERMS or (left.rest.max(initial=0) <= _NEGLIGIBLE >= right.rest.max(initial=0)):
            break
        terms *= 2

    side = cache(lambda variance: Piecewise(act.function(activation), np.sqrt(variance), derivative))

    def expanded(rows: slice, p: Pairs) -> Array:
        columns = slice(p.e.shape[1])
        rho = p.s * (1 - p.e)
        value = np.zeros_like(rho)
        for h, g in zip(left.h.T[::-1], right.h.T[::-1], strict=True):
            value *= rho
            value += np.outer(h[rows], g[columns])
        size = np.abs(rho, out=rho) ** (left.h.shape[1])
        size *= np.sqrt(left.rest[rows, None] * right.rest[columns])
        for i, j in np.argwhere(size > _NEGLIGIBLE):
            value[i, j] = side(a[rows][i]).dual(side(b[j]), p.e[i, j], p.s[i, j])
        return value

    return expanded


def defect(activation: act.ActivationLike, p: Pairs, value: Array, squares: tuple[Array, Array]) -> Array:
    """1 - |V|/sqrt(S_a S_b) of the dual V, S_a = E s(u)^2."""
    closed = act.REGISTRY[activation].defect if isinstance(activation, str) else None
    if closed:
        return np.clip(closed(p), 0.0, 1.0)
    size = np.sqrt(squares[0]) * np.sqrt(squares[1])
    cosine = np.divide(np.abs(value), size, out=np.zeros_like(value), where=size > 0)
    return np.clip(1 - cosine, 0.0, 1.0)


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
    scale = np.sqrt(variance)
    if not isinstance(activation, str):  # kinks anywhere: panels end on them
        s = act.function(activation)
        sides = [Piecewise(s, a, derivative).expand(degree, act._hermite_table) for a in scale.tolist()]
        h = np.reshape([side[0] for side in sides], (len(scale), degree + 1))
        return h, np.reshape([side[1] for side in sides], (-1, 1))
    s = act.slope(activation) if derivative else act.function(activation)
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
