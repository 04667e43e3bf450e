"""The root of `theory.engines.root` for a spectrum of one level, for many points at once.

The same few steps for every point, without a branch, a logarithm or an exponential, so that the compiler does
several points in one instruction. With r = g (n - T)(p - T)/target, Newton's step in log u is log r over the
steepness W of log r. Close rational functions stand for logarithm and exponential,

    log r ~ 3 (r^2 - 1)/(r^2 + 4r + 1),   e^-s ~ (1 - s/2 + s^2/12)/(1 + s/2 + s^2/12),

which are exact to fourth order at the root, so that the steps stay quadratic and the root is that of the
equation itself; far from it they go less far. A point that is not there after `STEPS` of them is left to
`root.distance`.
"""

from math import inf, isinf, nan, sqrt

from theory.arguments import SAME
from theory.engines.jit import njit
from theory.engines.root import threshold_of_one

STEPS = 6
_FAR = 1e12  # r is taken for this where it is more: its fourth power is no overflow
_THERE = 1e-8  # of the last step; its square is below rounding


@njit
def thresholds(n, p, lam, mult, tail, bases):
    """g0 of every point, as `root.threshold` has it."""
    for i in range(n.size):
        size = n[i] if n[i] < p[i] else p[i]
        spanned = isinf(size) or (tail == 0.0 and mult - size <= SAME * mult)
        bases[i] = 0.0 if spanned else threshold_of_one(size, lam, mult, tail)


@njit
def distances(n, p, ridge, bases, lam, mult, tail, moved):
    """u = g - g0 of every point with a positive ridge, nan where it is left to `root.distance`.

    A kernel of its own: inlined beside another loop, the compiler takes the points one by one.
    """
    weight = mult * lam
    trace = weight + tail
    for i in range(n.size):
        base = bases[i]
        size = mult if base == 0.0 else (n[i] if n[i] < p[i] else p[i])
        finite_n, finite_p = 0.0 if isinf(n[i]) else 1.0, 0.0 if isinf(p[i]) else 1.0
        per_n, per_p = 1 / n[i] if finite_n > 0 else 1.0, 1 / p[i] if finite_p > 0 else 1.0
        left_n, left_p = _left(n[i], size), _left(p[i], size)
        per_target = per_n * per_p / ridge[i]
        tilted, tail_tilted = weight / (lam + base), tail / base if tail > 0 else 0.0
        slope = tilted / (lam + base) + (tail_tilted / base if tail > 0 else 0.0)
        # with every factor as at u = 0, except those that vanish there
        of_g, of_n, of_p = _or(base, 1.0), _or(left_n, slope), _or(left_p, slope)
        guess = 1 / (per_target * of_g * of_n * of_p)
        squared = (left_n == 0.0 and left_p == 0.0) or (base == 0.0 and (left_n == 0.0 or left_p == 0.0))
        guess = sqrt(guess) if squared else guess
        high = ridge[i] + trace * (finite_n * per_n + finite_p * per_p)
        u = guess if guess < high else high
        step = inf
        for _ in range(STEPS):
            g = base + u
            inverse = 1 / ((lam + g) * g)
            per_level, per_g = g * inverse, (lam + g) * inverse
            s = tilted * per_level + tail_tilted * per_g
            w = weight * per_level * per_level + tail * per_g * per_g
            factor_n, factor_p = left_n + finite_n * u * s, left_p + finite_p * u * s
            pair = factor_n * factor_p
            r = per_target * g * pair
            r = r if r < _FAR else _FAR
            steepness = u * per_g + u * w * (finite_n * factor_p + finite_p * factor_n) / pair
            step = 3 * (r - 1) * (r + 1) / ((r * r + 4 * r + 1) * steepness)
            even, odd = 1 + step * step / 12, step / 2
            u *= (even - odd) / (even + odd)
        there = -_THERE < step < _THERE and finite_n + finite_p > 0  # else u is the ridge, to the last bit
        moved[i] = u if there else nan


@njit
def _left(size, smallest):
    """size - smallest as `root.gap` has it, and 1 for an infinite size, whose factor is gone."""
    gap = size - smallest
    return 1.0 if isinf(size) else (0.0 if abs(gap) <= SAME * smallest else gap)


@njit
def _or(value, instead):
    """`value`, and `instead` where it is 0."""
    return instead if value == 0.0 else value
