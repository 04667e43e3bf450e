"""Mallinar et al. 2022: benign, tempered, or catastrophic overfitting.

The overfitting coefficient E0 = n/(n - df2) of kernel regression (test = E0 (bias + noise)) for three
infinite spectra: benign means E0 -> 1 as n grows, tempered a finite limit above 1, catastrophic infinity.
A power law that is cut off anywhere is another problem: it tells nothing about the limit.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, exp, expm1, inf, isinf, log, log1p, pi, sin
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, between, broadcast, non_negative, positive, real
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="mallinar2022",
    title="Benign, tempered, or catastrophic: a taxonomy of overfitting",
    authors=("Mallinar", "Simon", "Abedsoltan", "Pandit", "Belkin", "Nakkiran"),
    error="test",
    note="as its ratio E0 to bias + noise",
    penalty="ridge beside the mean squared error: kappa (n - T) = n ridge",
    statements={
        "power_law": "verified; the limit E0 -> exponent is proved",
        "exponential": "verified; E0 ~ n log(1/ratio)",
        "logarithmic": "verified; the limit E0 -> 1 is proved",
    },
    topics=("benign overfitting", "tempered overfitting"),
)


class Overfitting(NamedTuple):
    """Effective ridge and overfitting coefficient E0 = n/(n - df2)."""

    kappa: Array
    overfitting: Array


def power_law(n: ArrayLike, exponent: ArrayLike, ridge: ArrayLike = 0.0) -> Overfitting:
    """Tempered: eigenvalues i^-a, i = 1, 2, ... without end.

    T = sum 1/(1 + kappa i^a), kappa (n - T) = n ridge. At ridge 0, E0 -> a and
    kappa ~ [(n + 1/2) (a/pi) sin(pi/a)]^-a.

    Parameters
    ----------
    n : array_like > 0
        Samples; may be inf.
    exponent : array_like > 1
        a.
    ridge : array_like >= 0
        May be inf.

    Returns
    -------
    Overfitting(kappa, overfitting); n = inf returns the limit: E0 = a at ridge 0, else 1. kappa underflows
    to 0 below 1e-308, E0 does not suffer.

    Source: [mallinar2022, Thm 3.1†].

    >>> power_law(10, 2.0).overfitting.round(6)
    np.float64(1.904762)
    """
    a = real("exponent", exponent)
    if (a <= 1).any() or np.isinf(a).any():
        culprit = a[(a <= 1) | np.isinf(a)].flat[0]
        raise ValueError(f"exponent = {culprit:g} must be finite and greater than 1")
    return _each(_power_law, n, "exponent", a, ridge, lambda a: a)


def exponential(n: ArrayLike, ratio: ArrayLike, ridge: ArrayLike = 0.0) -> Overfitting:
    """Catastrophic: eigenvalues r^i, i = 0, 1, ... without end.

    T = sum 1/(1 + kappa r^-i), kappa (n - T) = n ridge. At ridge 0, E0 ~ n log(1/r).

    Parameters
    ----------
    n : array_like > 0
        Samples; may be inf.
    ratio : array_like in (0, 1)
        r.
    ridge : array_like >= 0
        May be inf.

    Returns
    -------
    Overfitting(kappa, overfitting); n = inf returns the limit: E0 = inf at ridge 0, else 1. kappa
    underflows to 0 below 1e-308, E0 does not suffer.

    Source: [mallinar2022, Thm 3.1†].

    >>> exponential(20, 0.5).overfitting.round(6)
    np.float64(13.862957)
    """
    r = between("ratio", ratio, 0, 1, "()")
    return _each(_exponential, n, "ratio", r, ridge, lambda _: inf)


def logarithmic(n: ArrayLike, exponent: ArrayLike, ridge: ArrayLike = 0.0) -> Overfitting:
    """Benign without a ridge: eigenvalues 1/(i log^a i), i = 2, 3, ... without end.

    T = sum 1/(1 + kappa i log^a i), kappa (n - T) = n ridge. At ridge 0 the many small eigenvalues are a
    ridge themselves, and E0 -> 1, but no faster than E0 - 1 ~ (a - 1)/log n: of a = 2, E0 is still 1.18 with
    1000 samples and 1.05 with 1e9.

    Parameters
    ----------
    n : array_like > 0
        Samples; may be inf.
    exponent : array_like in (1, 20]
        a; the spectrum has a finite sum only above 1.
    ridge : array_like >= 0
        May be inf.

    Returns
    -------
    Overfitting(kappa, overfitting); n = inf returns the limit: E0 = 1.

    Source: [mallinar2022] (names the spectrum as benign†); own calculation, checked
    against direct sums and simulation.

    >>> logarithmic([1e2, 1e4, 1e8], 2.0).overfitting.round(4)
    array([1.267 , 1.1304, 1.0612])
    """
    a = between("exponent", exponent, 1, 20, "(]")
    return _each(_logarithmic, n, "exponent", a, ridge, lambda _: 1.0)


def _each(
    solve: Callable[[float, float, float], tuple[float, float]],
    n: ArrayLike,
    name: str,
    shape: Array,
    ridge: ArrayLike,
    limit: Callable[[float], float],
) -> Overfitting:
    """`solve` at every point, and the limits at infinite n or ridge."""
    points = broadcast(
        **{"n": positive("n", n), name: shape, "ridge": non_negative("ridge", ridge, finite=False)}
    )
    fields = np.empty((2, points[0].size))
    for i, (size, form, penalty) in enumerate(zip(*(a.ravel().tolist() for a in points), strict=True)):
        if isinf(size) or isinf(penalty):
            fields[:, i] = penalty, 1.0 if penalty > 0 else limit(form)
        else:
            fields[:, i] = solve(size, form, penalty)
    return Overfitting(*(field.reshape(points[0].shape)[()] for field in fields))


# ---------------------------------------------------------------- power law, X = kappa^(-1/a)


def _power_law(n: float, a: float, ridge: float) -> tuple[float, float]:
    from scipy.optimize import brentq

    whole = _integral(a)
    # whole X - 1 < T < whole X
    low, high = log(n / whole), log((n + 1) / whole)
    if ridge > 0:
        low, high = min(low - log(2), -log(2 * ridge) / a), min(high, -log(ridge) / a)
    # a steep spectrum is counted from the integer nearest to the threshold: n - T stays accurate
    centre = round(min(n, whole * exp(high))) if a >= 6 else 0

    def penalty(x: float) -> float:  # n ridge/kappa
        return exp(log(n * ridge) + a * x) if ridge > 0 else 0.0

    def excess(x: float) -> float:
        return _power_sums(exp(x), a, centre)[0] + penalty(x) - (n - centre)

    x = brentq(excess, low - 1e-9, high + 1e-9, xtol=1e-15, rtol=1e-15)
    _, w = _power_sums(exp(x), a, centre)
    return exp(-a * x), n / (penalty(x) + w)


def _integral(a: float) -> float:
    """Integral of 1/(1 + t^a) over t > 0."""
    return pi / a / sin(min(pi / a, pi * (a - 1) / a))


def _power_sums(X: float, a: float, centre: int) -> tuple[float, float]:
    """T - centre and w = sum s_i (1 - s_i) with s_i = 1/(1 + (i/X)^a), i >= 1."""
    from scipy.special import expit, zeta

    if X * sin(pi / max(a, 2.0)) >= 8:
        # Euler-Maclaurin at 0: the integral plus sum_j (-1)^j zeta(-a j) X^(-a j), good to exp(-2 pi 8)
        s = a * np.arange(1.0, 26 / a + 1e-9)
        terms = (-1) ** np.arange(1, len(s) + 1) * zeta(-s) * X**-s
        main = _integral(a) * X
        return main - centre - 0.5 + float(terms.sum()), (main - float(s @ terms)) / a
    # directly while (i/X)^a <= bound; beyond, the geometric series of s_i gives Hurwitz zetas
    bound, order = (4.0, 30) if a < 6 else (1e18, 0)
    last = int(max(X, centre + 1) * bound ** (1 / a))
    z = a * np.log(np.arange(1.0, last + 1) / X)
    j = np.arange(1.0, order + 1)
    far = -((-1) ** j) * X ** (a * j) * zeta(a * j, last + 1)
    missing, present = expit(z[:centre]), expit(-z[centre:])
    w = (expit(z) * expit(-z)).sum() + j @ far
    return float(present.sum() - missing.sum() + far.sum()), float(w)


# ---------------------------------------------------------------- geometric, kappa = r^y


def _exponential(n: float, ratio: float, ridge: float) -> tuple[float, float]:
    from scipy.optimize import brentq

    decay = -log(ratio)
    low, high = _bracket(n, decay, ridge)
    # levels are counted from the integer nearest to the threshold: n - T stays accurate for large decay
    centre = float(max(0, round(min(n, high)))) if decay >= 0.05 else 0.0
    reach = ceil(45 / decay + high - low) + 2
    low, high = low - centre, high - centre

    def penalty(t: float) -> float:
        return exp(log(n * ridge) + decay * (centre + t)) if ridge > 0 else 0.0

    def excess(t: float) -> float:
        return _geometric_sums(t, centre, decay, reach)[0] + penalty(t) - (n - centre)

    slack = 1e-9 * (1 + 1 / decay)
    t = brentq(excess, low - slack, high + slack, xtol=1e-15, rtol=1e-15)
    _, w = _geometric_sums(t, centre, decay, reach)
    return exp(-decay * (centre + t)), n / (penalty(t) + w) if penalty(t) + w > 0 else inf


def _bracket(n: float, decay: float, ridge: float) -> tuple[float, float]:
    """Bounds of y, from 0 < T - log(1 + e^(decay y))/decay < 1 and T < e^(decay y)/(1 - r)."""

    def inverse(count: float) -> float:  # log(e^(decay count) - 1)/decay
        return count + log(-expm1(-decay * count)) / decay

    def below(count: float) -> float:
        y = log(-count * expm1(-decay)) / decay
        return max(y, inverse(count - 1)) if count > 1 else y

    high = inverse(n)
    if ridge == 0:
        return below(n), high
    # a part of n for T, the rest for n ridge/kappa
    splits = [n / 2, n - 1] if n > 1 else [n / 2]
    low = max(min(below(part), log((n - part) / (n * ridge)) / decay) for part in splits)
    return low, min(high, -log(ridge) / decay)


def _geometric_sums(t: float, centre: float, decay: float, reach: int) -> tuple[float, float]:
    """T - centre and w = sum s_i (1 - s_i), s_i = 1/(1 + e^(decay (i - centre - t))), i >= 0."""
    from scipy.special import expit

    if decay < 0.05:  # centre = 0: Euler-Maclaurin at i = 0, the next term is below 1e-16
        z = decay * t
        s = float(expit(z))
        v, odd = s * (1 - s), 1 - 2 * s
        soft = max(z, 0.0) + log1p(exp(-abs(z)))
        h, h3, h5 = decay / 12, decay**3 / 720, decay**5 / 30240
        return (
            soft / decay + s / 2 + v * (h - h3 * (1 - 6 * v) + h5 * (1 - 30 * v + 120 * v**2)),
            s / decay + v / 2 + odd * v * (h - h3 * (1 - 12 * v) + h5 * (1 - 60 * v + 360 * v**2)),
        )
    missing = expit(-decay * (t + np.arange(1.0, min(centre, reach) + 1)))  # 1 - s_i below the centre
    present = expit(decay * (t - np.arange(reach + 1.0)))
    w = (missing * (1 - missing)).sum() + (present * (1 - present)).sum()
    return float(present.sum() - missing.sum()), float(w)


# ---------------------------------------------------------------- 1/(i log^a i), x = log kappa

_DIRECT = 4000
"""Eigenvalues that are summed one by one; the others are an integral over u = log i."""
_FAR = 45.0
"""exp(-45) is below rounding."""


def _logarithmic(n: float, a: float, ridge: float) -> tuple[float, float]:
    from scipy.optimize import brentq

    def penalty(x: float) -> float:  # ridge/kappa
        return float(np.exp(log(ridge) - x)) if ridge > 0 else 0.0

    def excess(x: float) -> float:
        return _logarithmic_sums(x, a)[0] / n + penalty(x) - 1

    with np.errstate(over="ignore"):  # an infinite sum is too large, as it should be
        high = 0.0
        while excess(high) > 0:
            high += 8.0
        low = high - 8.0
        while excess(low) < 0:
            low -= 8.0
        x = brentq(excess, low, high, xtol=1e-14, rtol=1e-15)
        return exp(x), 1 / (_logarithmic_sums(x, a)[1] / n + penalty(x))


def _logarithmic_sums(x: float, a: float) -> tuple[float, float]:
    """T and w = sum s (1 - s) with s = 1/(1 + kappa i log^a i), log kappa = x.

    Euler-Maclaurin from the middle between two eigenvalues. With z = x + u + a log u the integrand of T is
    exp(u)/(1 + exp(z)): exp(u) where z < -45 and u^-a/kappa where z > 45.
    """
    from scipy.special import expit, wrightomega

    i = np.arange(2.0, _DIRECT + 1)
    z = x + np.log(i) + a * np.log(np.log(i))
    T, w = expit(-z).sum(), (expit(-z) * expit(z)).sum()
    start = log(_DIRECT + 0.5)
    first, last = (max(start, a * float(wrightomega((far - x) / a - log(a)))) for far in (-_FAR, _FAR))
    nodes, weights = np.polynomial.legendre.leggauss(20)
    edges = np.linspace(first, last, 91)
    half = (last - first) / 180
    u = ((edges[:-1] + edges[1:]) / 2 + half * nodes[:, None]).ravel()
    z, mass = x + u + a * np.log(u), half * np.repeat(weights, 90)
    # in logarithms, because exp(u) may exceed the floats
    density = u - np.logaddexp(0.0, z)
    rest = np.exp((1 - a) * log(last) - x) / (a - 1)
    T += np.exp(first) - np.exp(start) + mass @ np.exp(density) + rest
    w += mass @ np.exp(density - np.logaddexp(0.0, -z)) + rest
    # the first correction f'/24, of s and of s (1 - s)
    s, slope = float(expit(-x - start - a * log(start))), (1 + a / start) / (_DIRECT + 0.5)
    v = s * (1 - s)
    return float(T - v * slope / 24), float(w - v * (1 - 2 * s) * slope / 24)
