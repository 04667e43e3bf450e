"""The root g of the scalar equation n ridge = g (1 - T/p)(n - T), jitted, as g0 and u = g - g0.

`threshold` finds g0 = `base`, the root without a ridge; `distance` the u > 0 that a ridge adds, and
`negative_distance` the u < 0 of a negative ridge. lam and mult are the positive levels, weight = mult lam and
tilted = weight/(lam + base).
"""

from math import exp, inf, isinf, log, sqrt
from typing import NamedTuple

import numpy as np

from theory.arguments import SAME
from theory.engines.jit import njit, njit_sums


class _Factors(NamedTuple):
    """The equation g (n - T)(p - T) = target in logarithms, a factor for each size that is not infinite.

    `left_n` and `left_p` are n - r and p - r, inf for an infinite size; `order` factors vanish with u.
    """

    base: float
    left_n: float
    left_p: float
    log_target: float
    order: int


@njit
def threshold(size, rank, lam, mult, tail):
    """g0: the root of T = size, or 0 where the rank does not exceed it."""
    if isinf(size) or (not isinf(rank) and rank - size <= SAME * rank):  # as `gap` decides
        return 0.0
    return _positive_threshold(size, rank, lam, mult, tail)


@njit
def _positive_threshold(size, rank, lam, mult, tail):
    """g0 > 0 with T(g0) = size, for rank > size."""
    if lam.size == 1:
        return threshold_of_one(size, lam[0], mult[0], tail)
    smallest, trace = inf, tail
    for i in range(lam.size):
        smallest = min(smallest, lam[i])
        trace += mult[i] * lam[i]
    # T <= trace/g, and T >= tail/g or rank smallest/(smallest + g)
    high = log(trace / size)
    low = log(tail / size) if tail > 0 else log(smallest * (rank - size) / size)
    x = (low + high) / 2
    for _ in range(200):
        g = exp(x)
        above, plus, minus, w = _split_sums(g, lam, mult)
        if tail > 0:
            minus += tail / g
            w += tail / g
        value = (size - above + plus) - minus  # size - T
        if value > 0:
            high = x
        else:
            low = x
        new = x - value / w
        newton = low <= new <= high
        if not newton:
            new = (low + high) / 2
        step = abs(new - x)
        x = new
        if (newton and step <= 1e-8) or high - low <= 4e-16 * max(abs(x), 1.0):
            break
    return exp(x)


@njit
def threshold_of_one(size, lam, mult, tail):
    """g0 > 0 for one level: the positive root of size g^2 + b g = tail lam."""
    b = (size - mult) * lam - tail
    root = _hypotenuse(abs(b), 2 * sqrt(size * tail) * sqrt(lam))
    return 2 * tail * (lam / (b + root)) if b > 0 else (root - b) / (2 * size)


@njit
def _hypotenuse(a, b):
    """sqrt(a^2 + b^2) for a, b >= 0, not both 0; `hypot` of Python is not the one of compiled code."""
    longest, shortest = (a, b) if a > b else (b, a)
    ratio = shortest / longest
    return longest * sqrt(1 + ratio * ratio)


@njit_sums
def _split_sums(g, lam, mult):
    """T = above - plus + minus, and -dT/dlog g.

    Levels above g enter as m - m g/(lam + g): in size - T only whole numbers cancel.
    """
    above = plus = minus = w = 0.0
    for i in range(lam.size):
        inverse = 1 / (lam[i] + g)
        share = mult[i] * min(lam[i], g) * inverse
        w += share * max(lam[i], g) * inverse
        if lam[i] > g:
            above += mult[i]
            plus += share
        else:
            minus += share
    return above, plus, minus, w


@njit
def distance(n, p, ridge, base, rank, trace, lam, weight, tilted, tail):
    """u = g - g0 at the root; nan where there is none. tilted = weight/(lam + base)."""
    if ridge == 0.0:
        return 0.0
    if isinf(n) and isinf(p):
        return ridge
    slope, _ = _spectral_sums(base, base, lam, weight, tilted, tail)  # of X at u = 0
    if slope == 0.0:  # no eigenvalues: T = 0
        return ridge
    added = trace * (1 / n + 1 / p)  # ridge <= g <= ridge + added, and base <= added
    if added <= 1e-16 * ridge:  # far from every level the sums below would leave the range of floats
        return ridge

    r = min(n, p) if base > 0 else rank
    left_n = inf if isinf(n) else gap(n, r)
    left_p = inf if isinf(p) else gap(p, r)
    log_target = _log_product(ridge, 1.0 if isinf(n) else n, 1.0 if isinf(p) else p)
    guess, low, order = _start(base, left_n, left_p, log_target, slope)
    high = log(ridge + added)
    factors = _Factors(base, left_n, left_p, log_target, order)
    return _newton(min(max(guess, low), high), low, high, factors, lam, weight, tilted, tail)


@njit
def _start(base, left_n, left_p, log_target, slope):
    """log u with every factor as at u = 0, a lower end of log u, and how many factors vanish there.

    Below `limit` no factor exceeds twice its value at u = 0, or its tangent there.
    """
    of_n, limit_n, vanishing_n = _factor(left_n, slope)
    of_p, limit_p, vanishing_p = _factor(left_p, slope)
    of_g, limit_g, vanishing_g = (base, base, 0) if base > 0 else (1.0, inf, 1)
    order = vanishing_g + vanishing_n + vanishing_p
    limit = min(limit_g, min(limit_n, limit_p))
    guess = (log_target - _log_product(of_g, of_n, of_p)) / order
    return guess, min(guess - 3 * log(2.0) / order, log(limit)), order


@njit
def _factor(left, slope):
    """The factor of a size at u = 0, or its slope; where it is twice that; 1 if it vanishes, else 0."""
    if left == 0.0:
        return slope, inf, 1
    return (1.0, inf, 0) if isinf(left) else (left, left / slope, 0)


@njit
def _newton(x, low, high, factors, lam, weight, tilted, tail):
    """u at the root by Newton's method in x = log u, kept in [low, high] by bisection; nan where it fails."""
    for _ in range(200):
        u = exp(x)
        s, w = _spectral_sums(factors.base, factors.base + u, lam, weight, tilted, tail)
        value, steepness = _log_excess(x, u, s, w, factors)
        if value > 0:
            high = x
        else:
            low = x
        new = x - value / steepness
        newton = low <= new <= high  # not strict: at convergence the root may be an end
        if not newton:
            new = (low + high) / 2
        step = abs(new - x)
        x = new
        # Newton is quadratic: after a step of 1e-8 the next would be below rounding; a bisection is not
        if (newton and step <= 1e-8) or high - low <= 4e-16 * max(abs(x), 1.0):
            return exp(x)
    return np.nan


@njit
def _log_excess(x, u, s, w, factors):
    """log of the left side over the target at x = log u, and its derivative in x.

    A factor that vanishes with u goes without it: a subnormal u has no digits, its logarithm x has.
    """
    g = factors.base + u
    first, of_n, of_p = (g if factors.base > 0 else 1.0), 1.0, 1.0
    steepness = u / g if factors.base > 0 else 1.0
    if factors.left_n == 0.0:
        of_n = s
        steepness += w / s
    elif not isinf(factors.left_n):
        of_n = factors.left_n + u * s
        steepness += u * w / of_n
    if factors.left_p == 0.0:
        of_p = s
        steepness += w / s
    elif not isinf(factors.left_p):
        of_p = factors.left_p + u * s
        steepness += u * w / of_p
    value = factors.order * x + _log_product(first, of_n, of_p) - factors.log_target
    return value, steepness


@njit
def _log_product(a, b, c):
    """log(a b c), by one logarithm where nothing overflows."""
    pair = a * b
    product = pair * c
    if 1e-290 < pair < 1e290 and 1e-290 < product < 1e290:
        return log(product)
    return log(a) + log(b) + log(c)


@njit_sums
def _spectral_sums(base, g, lam, weight, tilted, tail):
    """X/u = sum m lam/((lam + base)(lam + g)) and dX/du = sum m lam/(lam + g)^2, with the tail."""
    s = w = 0.0
    for i in range(lam.size):
        inverse = 1 / (lam[i] + g)
        s += tilted[i] * inverse
        w += weight[i] * inverse * inverse
    if tail > 0:
        s += per_product(tail, base, g)
        w += per_product(tail, g, g)
    return s, w


@njit
def per_product(a, b, c):
    """a/(b c), where b c may leave the range of floats."""
    product = b * c
    return a / product if 1e-290 < product < 1e290 else a / b / c


@njit
def negative_distance(n, ridge, base, lam, weight, tilted):
    """u < 0 for a negative ridge, p = inf, no tail; nan where the risk has diverged or n >= rank."""
    if base == 0.0 or isinf(ridge):
        return np.nan
    # g (n - T(g)) grows with g as long as its slope n - df2(g) is positive: find the end of that
    low, high = 0.0, base
    for _ in range(2000):
        g = high / 2 if low == 0.0 else sqrt(low * high)
        if g <= low or g >= high or g < 1e-300:
            break
        s, w = _spectral_sums(base, g, lam, weight, tilted, 0.0)
        if (g - base) * s + g * w < 0:  # n - df2 = (n - T) + (T - df2)
            low = g
        else:
            high = g
    end = high - base
    left, right = end, 0.0
    for _ in range(2000):
        u = (left + right) / 2
        if u <= left or u >= right:
            break
        s, _ = _spectral_sums(base, base + u, lam, weight, tilted, 0.0)
        if (base + u) * u * s > n * ridge:
            right = u
        else:
            left = u
    # the root must lie inside, not at the end where the risk diverges
    return right if left > end else np.nan


@njit
def gap(size, r):
    """size - r, exactly 0 where the two agree to rounding."""
    return 0.0 if abs(size - r) <= SAME * r else size - r
