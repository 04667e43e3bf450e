"""Dual kernels E s(u) s(v) of whole blocks of pairs, for `theory.kernel`.

Named activations have closed forms. For callables, and for moderate variances where the closed form is a
long sum, they come from Mehler's expansion sum_k h_k(a) h_k(b) rho^k: the coefficients are a matter of single
inputs, so a pair costs a polynomial. What the expansion leaves out is at most sqrt(t_i t_j) |rho|^(K + 1),
t the rest of E s^2 beyond the last coefficient; pairs for which that is not negligible have the closed form,
or are integrated one by one.
"""

from collections.abc import Callable
from functools import lru_cache
from math import ceil, sqrt

import numpy as np

from theory import activation as act
from theory.arguments import Array
from theory.engines.pairs import Pairs, same
from theory.engines.piecewise import Piecewise

Block = Callable[[slice, Pairs], Array]  # rows, and these rows with the first columns
Pieces = Callable[[float, bool], Piecewise]  # of a callable at a variance, or of its slope

# variance up to which Mehler's expansion settles in few terms and costs less than the closed form
_MODERATE = {"tanh": 4.0, "softplus": 16.0, "sigmoid": 16.0, "silu": 16.0, "elu": 16.0}
_TERMS = 512
_NEGLIGIBLE = 1e-11  # of sqrt(E s(u)^2 E s(v)^2)
_NEAR = 1e-4  # defect of a callable below which the difference of cosines has lost what a kink makes of it


def pieces(activation: act.ActivationLike) -> Pieces:
    """A callable as piecewise polynomials, each variance once."""
    s = act.function(activation)
    return lru_cache(maxsize=1024)(lambda variance, derivative: Piecewise(s, sqrt(variance), derivative))


def squares(activation: act.ActivationLike, variance: Array, derivative: bool, of: Pieces) -> Array:
    """E s(sqrt(a) g)^2, or of the slope, for every variance a."""
    if isinstance(activation, str):
        entry = act.named(activation)
        return (entry.dual_slope if derivative else entry.dual)(same(variance))
    return _each(variance, lambda a: _expand(activation, a, 0, derivative, of)[1][:, 0])


def pairs(activation: act.ActivationLike, a: Array, b: Array, derivative: bool, of: Pieces) -> Block:
    """Function of (rows, pairs) that returns the dual of each pair, variances a (n,) and b (m,)."""
    closed = None
    if isinstance(activation, str):
        entry = act.named(activation)
        closed = entry.dual_slope if derivative else entry.dual
        largest = max(a.max(initial=0.0), b.max(initial=0.0))
        if largest > _MODERATE.get(activation, -1.0):
            return lambda rows, p: closed(p)
    terms = 32
    while True:
        left = _coefficients(activation, a, terms, derivative, of)
        right = left if b is a else _coefficients(activation, b, terms, derivative, of)
        if terms == _TERMS or (left.rest.max(initial=0) <= _NEGLIGIBLE >= right.rest.max(initial=0)):
            break
        terms *= 2

    def expanded(rows: slice, p: Pairs) -> Array:
        columns = slice(p.e.shape[1])
        rho = p.s * (1 - p.e)
        value = np.zeros_like(rho)
        for h, g in zip(left.h.T[::-1], right.h.T[::-1], strict=True):
            value *= rho
            value += np.outer(h[rows], g[columns])
        size = np.abs(rho, out=rho) ** (left.h.shape[1])
        size *= np.sqrt(left.rest[rows, None] * right.rest[columns])
        rest = np.argwhere(size > _NEGLIGIBLE)
        if closed and rest.size:
            i, j = rest.T
            value[i, j] = closed(Pairs(a[rows][i], b[j], p.e[i, j], p.s[i, j]))
            return value
        for i, j in rest:
            first, second = of(a[rows][i], derivative), of(b[j], derivative)
            value[i, j] = first.dual(second, p.e[i, j], p.s[i, j])
        return value

    return expanded


def defect(
    activation: act.ActivationLike, p: Pairs, value: Array, squares: tuple[Array, Array], of: Pieces
) -> Array:
    """1 - |V|/sqrt(S_a S_b) of the dual V, S_a = E s(u)^2."""
    entry = act.named(activation) if isinstance(activation, str) else None
    if entry and entry.defect:
        return np.clip(entry.defect(p), 0.0, 1.0)
    a, b = np.sqrt(squares[0]), np.sqrt(squares[1])
    size = a * b
    cosine = np.divide(np.abs(value), size, out=np.zeros_like(value), where=size > 0)
    rest = 1 - cosine
    if entry and entry.rectified:
        # nearly parallel inputs of huge variance have e far below rounding that still turns the slope by
        # sqrt e: there it is that of relu, up to e/sqrt(a)
        kinked = (np.minimum(p.a, p.b) > 1e10) & (p.e < 1e-10) & (p.s > 0)
        rest = np.where(kinked, p.e - p.angles[1], np.clip(rest, 0.0, 1.0))
    elif entry is None:
        for i, j in np.argwhere((rest < _NEAR) & (size > 0)):
            first, second = of(p.a[i, 0], False), of(p.b[j], False)
            others = np.copysign(b[j], value[i, j])
            rest[i, j] = first.defect(second, p.e[i, j], p.s[i, j], a[i, 0], others)
    return np.clip(rest, 0.0, 1.0)


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
    activation: act.ActivationLike, variance: Array, degree: int, derivative: bool, of: Pieces
) -> _Expansion:
    table = _each(variance, lambda a: np.concatenate(_expand(activation, a, degree, derivative, of), axis=1))
    return _Expansion(table[:, :-1], table[:, -1])


def _each(variance: Array, of: Callable[[Array], Array]) -> Array:
    """`of` on the distinct variances only: on a sphere there is one."""
    distinct, inverse = np.unique(variance, return_inverse=True)
    return of(distinct)[inverse.ravel()]


def _expand(
    activation: act.ActivationLike, variance: Array, degree: int, derivative: bool, of: Pieces
) -> tuple[Array, Array]:
    """Hermite coefficients (n, degree + 1) of s(sqrt(a) .), or of its slope, and E s^2 (n, 1)."""
    scale = np.sqrt(variance)
    if not isinstance(activation, str):  # kinks anywhere: panels end on them
        sides = [of(a, derivative).expand(degree, act._hermite_table) for a in variance.tolist()]
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
