"""The risk of deep random features at one point: the equation with a factor for each layer.

Names as in `theory.engines.equation`; `left` holds the factors 1 - T/size of n and of the layers.
"""

from __future__ import annotations

from math import exp, inf, isinf, log, prod
from typing import NamedTuple

from theory.arguments import Array
from theory.engines import equation, monotone, root
from theory.engines.curve import chosen
from theory.engines.spectral import unlearnable
from theory.problem import Problem
from theory.risk import Risk

_SMALLEST = -740.0  # of log u
ratio = equation.ratio.plain


class _Sums(NamedTuple):
    """Sums over the spectrum at the root g."""

    g: float
    z: float
    """T, the degrees of freedom."""
    q: float
    """df2."""
    w_over_g: float
    """(T - df2)/g."""
    c_over_g: float
    """C/g."""
    bias: float
    """A."""


class _Layers(NamedTuple):
    """Products over the layers; where factors vanish with g, both are divided by them."""

    whole: float
    """prod_l (1 - T/p_l)"""
    lossy: float
    """sum_l (w/p_l) prod_(k != l) (1 - T/p_k), w = T - df2"""
    vanishing: int
    """How many factors vanish with g."""
    loss: float
    """lossy/w"""


def risk(problem: Problem, n: float, widths: tuple[float, ...], ridge: float) -> Risk:
    """All fields, floats; sizes and ridge may be inf. Parts of the variance of several layers are folded."""
    learnable = problem.eigenvalues > 0
    lam, m, power = (a[learnable] for a in (problem.eigenvalues, problem.multiplicity, problem.power))
    if isinf(ridge) or (lam.size == 0 and problem.tail == 0):
        return _nothing_learnt(problem, ridge)
    finite = tuple(p for p in widths if not isinf(p))
    g, left_n, left = _root(lam, m, problem.tail, n, finite, ridge)
    shrink, tail = 1 / (lam + g), problem.tail
    share, rest = lam * shrink, (tail / g if g > 0 else inf) if tail > 0 else 0.0
    sums = _Sums(
        g,
        z=float(m @ share) + rest,
        q=float(m @ share**2),
        w_over_g=float(m @ (share * shrink)) + (rest / g if g > 0 else 0.0),
        c_over_g=float(power @ (share * shrink)),
        bias=float(power @ (g * shrink) ** 2) + unlearnable(problem),
    )
    return _assembled(n, left_n, sums, _layers(finite, left, sums), problem.noise)


def _root(
    lam: Array, m: Array, tail: float, n: float, widths: tuple[float, ...], ridge: float
) -> tuple[float, float, list[float]]:
    """g, 1 - T/n there, and 1 - T/p for each layer, without cancellation."""
    rank = inf if tail > 0 else float(m.sum())
    sizes = (n, *widths)
    threshold = chosen(root.threshold, lam.size, 20 * (10 + 10 * lam.size))  # some 20 steps
    base = float(threshold(min(sizes), rank, lam, m, tail))
    r = min(sizes) if base > 0 else rank
    gaps = [1.0 if isinf(size) else float(root.gap.plain(size, r)) / size for size in sizes]
    tilted = m * lam / (lam + base)

    def left(u: float) -> list[float]:
        x = float(tilted @ (u / (lam + base + u)))
        if tail > 0 and base > 0:
            x += tail / base * (u / (base + u))
        return [share + (0.0 if isinf(size) else x / size) for share, size in zip(gaps, sizes, strict=True)]

    def excess(z: float) -> float:
        return log(base + exp(z)) + sum(map(log, left(exp(z)))) - log(ridge)

    if ridge == 0:
        return base, gaps[0], gaps[1:]
    high = log(ridge + (tail + float(m @ lam)) * sum(1 / size for size in sizes)) + 1
    low = high - 10
    while low > _SMALLEST and excess(low) > 0:
        low = high - 2 * (high - low)
    if low <= _SMALLEST:  # less than a float can hold
        return base, gaps[0], gaps[1:]
    u = exp(monotone.root(excess, low, high))
    here = left(u)
    return base + u, here[0], here[1:]


def _layers(widths: tuple[float, ...], left: list[float], sums: _Sums) -> _Layers:
    vanishing = left.count(0.0)
    if sums.g == 0 and vanishing:
        return _Layers(1.0, float(vanishing), vanishing, inf)
    w = sums.w_over_g * sums.g if sums.g > 0 else 0.0
    loss = sum(prod(left[:i] + left[i + 1 :]) / p for i, p in enumerate(widths))
    return _Layers(prod(left), w * loss, 0, loss)


def _assembled(n: float, left: float, sums: _Sums, layers: _Layers, noise: float) -> Risk:
    """The fields; all differences are written as sums of positive terms. `left` is 1 - T/n."""
    g, whole, lossy = sums.g, layers.whole, layers.lossy
    per_n = 0.0 if isinf(n) else 1 / n
    w, c = (g * x if g > 0 else 0.0 for x in (sums.w_over_g, sums.c_over_g))
    left_q = left + w * per_n  # 1 - df2/n
    size = whole * left_q + left * lossy
    error = noise + sums.bias
    samples, noise_samples = (ratio(x * sums.q * per_n, left_q) for x in (sums.bias, noise))
    both, noise_both = (ratio(x * w * per_n * lossy, size * left_q) for x in (sums.bias, noise))
    features = ratio(c * lossy, whole + lossy)
    z_n, q_n = (x * per_n if per_n > 0 else 0.0 for x in (sums.z, sums.q))
    both += ratio(c * lossy * (whole * q_n + lossy * z_n), size * (whole + lossy))
    norm = ratio(sums.w_over_g * per_n * (error + c) + left * sums.c_over_g, size)
    if layers.vanishing:
        norm = inf if sums.c_over_g > 0 or error > 0 else 0.0
    if g == 0 and left == 0:  # n = rank without a ridge: limits in which ratios of vanishing terms stay
        both, noise_both, norm = _at_rank(n, sums, layers, noise)
    variance = samples + features + both + noise_samples + noise_both
    test = error + variance
    return Risk(*map(float, (
        test, left**2 * test if left > 0 else 0.0, sums.bias, variance, norm, sums.z, sums.q, g * whole, g,
        samples, features, both, noise_samples, noise_both,
    )))  # type: ignore[arg-type]  # fmt: skip


def _at_rank(n: float, sums: _Sums, layers: _Layers, noise: float) -> tuple[float, float, float]:
    """Parts of interactions, of the signal and of the noise, and the norm."""
    if layers.vanishing:
        k = layers.vanishing
        both = inf if sums.bias > 0 else ratio(n * sums.c_over_g * k, (2 + k) * sums.w_over_g)
        return both, inf if noise > 0 else 0.0, inf if noise + sums.bias + sums.c_over_g > 0 else 0.0
    norm = inf if noise + sums.bias > 0 else sums.c_over_g / layers.whole
    both, noise_both = (n * x * layers.loss / (4 * layers.whole) for x in (sums.bias, noise))
    return both, noise_both, norm


def _nothing_learnt(problem: Problem, ridge: float) -> Risk:
    """The predictor is 0."""
    error, zero = problem.noise + problem.signal, 0.0
    learnt = (problem.signal, zero, zero, zero, zero, ridge, ridge, *[zero] * 5)
    return Risk(error, error, *learnt)  # type: ignore[arg-type]
