"""Gradient descent on a linear model, mode by mode: f = J theta, r_t = (I - step JJ')^t r_0.

With J = sum s u v', c = u.r_0 and e = step s^2 of each mode,

    |r_t|^2 = sum (1 - e)^2t c^2 + outside^2,   |theta_t - theta_0|^2 = sum [(1 - (1 - e)^t) c/s]^2,
    path = sum_{m<t} g(m),   g(m) = step |J' r_m| = sqrt(sum_j (step s c)^2 e^(-k m)),   k = -2 log|1 - e|.

g extends to real m, analytic with |g(m + iu)| <= g(m) for |u| < pi/max|k|. So on a block of N <= 4/max|k|
steps a polynomial of degree 47 is off by less than 1e-17 of g, and 24 nodes that are exact for such
polynomials replace the sum over the block: 1e8 steps, or infinitely many, cost a few hundred blocks.
"""

from functools import lru_cache
from math import expm1, floor, inf, log2
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import SAME, Array, broadcast, non_negative, pair, positive
from theory.engines import singular
from theory.errors import ConvergenceError

_NODES = 24
_UNSEEN = 44.0  # e^-44: a share of the sum of squares that rounding does not see
_BLOCKS = 100_000


class Modes(NamedTuple):
    """The modes with s > 0 and c != 0, the norm of the residual outside the range of J, and |J|."""

    s: Array
    c: Array
    outside: float
    norm: float


def latest(step: Array, steps: Array) -> float:
    """The longest time, step times steps."""
    with np.errstate(over="ignore"):
        return float((step * steps).max(initial=0.0))


def modes(jacobian: ArrayLike, residual: ArrayLike, time: float) -> Modes:
    """`residual` (n,) in the left singular basis of `jacobian` (n, P).

    Warns where a mode that counts as 0 would move by this time.
    """
    J, r = pair("jacobian", jacobian, "residual", residual)
    U, s, _ = np.linalg.svd(J, full_matrices=False)
    singular.check_jacobian("jacobian", J, s, SAME * float(s[0]), time)
    c = r @ U
    inside = s > SAME * s[0]
    beyond = r - U @ c if J.shape[0] > J.shape[1] else np.zeros(1)
    outside = float(np.hypot(np.linalg.norm(c[~inside]), np.linalg.norm(beyond)))
    inside &= np.abs(c) > 1e-15 * np.linalg.norm(r)  # rounding of 0, which a large step would blow up
    return Modes(s[inside], c[inside], outside, float(s[0]))


def jacobian_bounds(
    alpha: ArrayLike, beta: ArrayLike, lipschitz: ArrayLike, misfit: ArrayLike
) -> list[Array]:
    """alpha, beta, the Lipschitz constant (0 without a misfit) and |r_0|, checked and broadcast."""
    alpha, beta, lipschitz, misfit = broadcast(
        alpha=non_negative("alpha", alpha),
        beta=positive("beta", beta, finite=True),
        lipschitz=non_negative("lipschitz", lipschitz, finite=False),
        misfit=non_negative("misfit", misfit),
    )
    if (alpha > beta).any():
        i = np.flatnonzero((alpha > beta).ravel())[0]
        raise ValueError(f"alpha = {alpha.ravel()[i]:g} must not exceed beta = {beta.ravel()[i]:g}")
    return [alpha, beta, np.where(misfit == 0, 0.0, lipschitz), misfit]


def decay(name: str, rate: Array, misfit: Array, steps: Array) -> Array:
    """(1 - rate)^(steps/2) misfit."""
    if (rate > 1 + 1e-12).any():
        raise ValueError(f"{name} = {rate.max():g} must not exceed 1; use a smaller step")
    return shrink(np.minimum(rate, 1.0), steps / 2) * misfit


def shrink(e: Array, steps: Array) -> Array:
    """|1 - e|^steps, with all its digits for small e and many steps."""
    with np.errstate(over="ignore"):
        return np.exp(_exponent(e, steps))


def moved(e: Array, steps: Array) -> Array:
    """1 - (1 - e)^steps; at steps inf nan for e = 2, which swings for ever."""
    exponent = _exponent(e, steps)
    with np.errstate(over="ignore", invalid="ignore"):
        odd = (e > 1) & (np.mod(steps, 2) == 1)
        value = np.where(odd, 1 + np.exp(exponent), -np.expm1(exponent))
    return np.where(np.isinf(steps) & (e == 2), np.nan, value)


def _exponent(e: Array, steps: Array) -> Array:
    log = log_factor(e)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.where((steps == 0) | (log == 0), 0.0, steps * log)


def log_factor(e: Array) -> Array:
    """log|1 - e|."""
    with np.errstate(divide="ignore"):
        return np.log1p(np.where(e < 1, -e, e - 2))


def path(s: Array, c: Array, step: float, steps: float) -> float:
    """sum_{m < steps} g(m) to rounding; `steps` may be inf."""
    if steps == 0 or s.size == 0:
        return 0.0
    with np.errstate(over="ignore"):
        return _path(-2 * log_factor(step * s**2), 2 * np.log(step * s * np.abs(c)), steps)


def _path(k: Array, level: Array, steps: float) -> float:
    """`path` by its rates k and the logarithms of the squares."""
    total, start = float(np.exp(np.logaddexp.reduce(level) / 2)), 1.0
    order = np.argsort(-k)[np.isinf(k).sum() :]  # fastest first; e = 1 ends after its first step
    k, level = k[order], level[order] - k[order]
    if k.size and k[-1] <= 0 and steps == inf:
        return inf
    for _ in range(_BLOCKS):
        rest = steps - start
        if k.size == 0 or rest <= 0 or total == inf:
            return total
        # the share of the fastest modes only falls: once unseen, always unseen
        sums = np.logaddexp.accumulate(level)
        unseen = int((sums < sums[-1] - _UNSEEN).sum())
        k, level, size = k[unseen:], level[unseen:], np.exp(sums[-1] / 2)
        if k[0] == k[-1]:
            return float(total + size * _geometric(k[0] / 2, rest))
        if k[-1] > 0 and size * _geometric(k[-1] / 2, rest) <= 1e-17 * total:
            return total  # g falls by e^(-k/2) or faster from step to step
        length = min(rest, max(_NODES, 2.0 ** floor(log2(4 / np.abs(k).max()))))
        offset, weight = _rule(length)
        total += float(weight @ np.exp(np.logaddexp.reduce(level[:, None] - k[:, None] * offset) / 2))
        start, level = start + length, level - k * length
    raise ConvergenceError(
        f"the path length of {steps:g} steps was not summed after {_BLOCKS} blocks ({start:g} steps); "
        "use fewer steps"
    )


def _geometric(h: float, count: float) -> float:
    """sum_{m < count} e^(-h m)."""
    if h == 0:
        return count
    return inf if -h * count > 700 else expm1(-h * count) / expm1(-h)


@lru_cache(maxsize=128)
def _rule(count: float) -> tuple[Array, Array]:
    """Nodes and positive weights: sums over 0..count-1, exact for polynomials of degree 47.

    Gauss's rule for the discrete Chebyshev polynomials; few steps are taken one by one.
    """
    if count <= _NODES:
        return np.arange(count), np.ones(int(count))
    n = np.arange(1.0, _NODES)
    beside = n / 2 * np.sqrt((1 - (n / count) ** 2) / (4 * n**2 - 1))
    values, vectors = np.linalg.eigh(np.diag(beside, 1) + np.diag(beside, -1))
    return (count - 1) / 2 + count * values, count * vectors[0] ** 2
