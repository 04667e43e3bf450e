"""The core by itself: decomposition, duality, limits, the peak, derivatives.

Spectrum-free identities use the sums at the root as symbols: z = T, w = T - df2, A, C and the noise s.
They are free: whatever the spectrum, the identity holds.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from theory.names import own_names

__dir__ = own_names(globals())

n, p, z, w, A, C, s, g = sp.symbols("n p z w A C s g", positive=True)


def core() -> list[Any]:
    """D = (n - q)(p - q) - w^2 equals its sum of positive terms (n-z)(p-z) + w[(n-z) + (p-z)]."""
    q = z - w
    return [(n - q) * (p - q) - w**2 - _determinant()]


def decomposition() -> list[Any]:
    """test - noise is the sum of bias and the five variances, as in [adlam2020]."""
    parts = _parts()
    return [_test() - s - A - sum(parts)]


def decomposition_without_features() -> list[Any]:
    """p -> inf: the feature variances vanish and test = n (A + noise)/(n - q), as in [simon2023]."""
    q = z - w
    samples, features, both, noise_samples, noise_both = _parts()
    limits = [sp.limit(term, p, sp.oo) for term in (features, both, noise_both)]
    return [
        *limits,
        sp.limit(_test(), p, sp.oo) - n * (A + s) / (n - q),
        _test_wide() - s - A - samples - noise_samples,
    ]


def errors_from_the_objective() -> list[Any]:
    """From the least objective per ridge, F = (noise + b)/kappa, to both errors: two levels with a tail.

    The least value of the objective is ridge F; by the envelope theorem its slope in the ridge is |a|^2, so
    that train = -ridge^2 dF/d ridge. Left out of the training set a sample has kappa/ridge times its
    residual, hence test = -kappa^2 dF/d ridge.
    """
    l1, l2, m1, m2, v1, v2, t, u = sp.symbols("l1 l2 m1 m2 v1 v2 t u", positive=True)
    levels = [(l1, m1, v1), (l2, m2, v2)]
    total = sum(m * lam / (lam + g) for lam, m, _ in levels) + t / g
    df2 = sum(m * (lam / (lam + g)) ** 2 for lam, m, _ in levels)
    b = u + sum(v * g / (lam + g) for lam, _, v in levels)
    bias = u + sum(v * (g / (lam + g)) ** 2 for lam, _, v in levels)
    kappa = g * (1 - total / p)
    ridge = kappa * (1 - total / n)
    derived = -(kappa**2) * sp.diff((s + b) / kappa, g) / sp.diff(ridge, g)
    return [derived - _test().subs({z: total, w: total - df2, A: bias, C: b - bias}, simultaneous=True)]


def variances_by_averaging() -> list[Any]:
    """V_X and V_W are what is left of the error without features, and without samples; V_XW is the rest.

    Averaged over features the fit is that of all features, test = n (A + noise)/(n - q); averaged over
    samples it is that of all samples, the limit n -> inf. The rest has the form that the paper prints.
    """
    q = z - w
    samples, features, both, _, noise_both = _parts()
    d = (n - q) * (p - q) - w**2
    return [
        _test_wide() - A - s - (A + s) * samples / A,
        sp.limit(_test(), n, sp.oo) - A - s - features,
        both - A * n * w**2 / (d * (n - q)) - C * w * (q * (p - q) + w**2) / (d * (p - q)),
        noise_both - s * n * w**2 / (d * (n - q)),
    ]


def duality() -> list[Any]:
    """The equation n ridge p = g (p - T)(n - T) is symmetric in n and p at fixed n ridge p."""
    left = g * (1 - z / p) * (n - z) * p
    return [left - left.subs({n: p, p: n}, simultaneous=True)]


def objective() -> list[Any]:
    """Attained objective: train + ridge norm = (1 - z/n)(A + C + noise), as in [mei2022]."""
    ridge = g * (1 - z / p) * (n - z) / n
    norm = p * (w * (A + s) + (n - z + w) * C) / (g * _determinant())
    train = (1 - z / n) ** 2 * _test()
    return [train + ridge * norm - (1 - z / n) * (A + C + s)]


def ridgeless() -> list[Any]:
    """Ridge 0: n (A + C + noise)/(n - p) for p < n, and the sum of two poles for p > n [bach2024]."""
    q = z - w
    under = _test().subs(z, p) - n / (n - p) * (A + C + s)
    over = _test().subs(z, n) - (n / (n - q) * (A + s)).subs(z, n) - n / (p - n) * (A + C + s)
    return [under, over]


def peak() -> list[Any]:
    """n = p, ridge -> 0: sqrt(ridge) test -> (A + C + noise)/2 sqrt(g0).

    With n - T = e small, ridge = g e^2/n^2 to leading order, so sqrt(ridge) = sqrt(g) e/n.
    """
    e = sp.symbols("e", positive=True)
    test = _test().subs({p: n}).subs(z, n - e)
    return [sp.limit(sp.cancel(test * e), e, 0) / n - (A + C + s) / 2]


def slope_of_the_equation() -> list[Any]:
    """Without features d kappa/d ridge = n/(n - df2), for any two levels with a tail [dobriban2018]."""
    k, l1, l2, m1, m2, t = sp.symbols("k l1 l2 m1 m2 t", positive=True)
    total = m1 * l1 / (l1 + k) + m2 * l2 / (l2 + k) + t / k
    df2 = m1 * (l1 / (l1 + k)) ** 2 + m2 * (l2 / (l2 + k)) ** 2
    ridge = k * (1 - total / n)
    return [sp.diff(ridge, k) - (n - df2) / n]


def slope_of_the_test_error() -> list[Any]:
    """d test/d ridge = (2/Delta^2)[k sum l v^2/(l+k)^3 - (test/n) sum m l^2/(l+k)^3], two levels."""
    k, l1, l2, m1, m2, v1, v2, u = sp.symbols("k l1 l2 m1 m2 v1 v2 u", positive=True)
    levels = [(l1, m1, v1), (l2, m2, v2)]
    df2 = sum(m * (lam / (lam + k)) ** 2 for lam, m, _ in levels)
    bias = u + sum(v * (k / (lam + k)) ** 2 for lam, _, v in levels)
    delta = 1 - df2 / n
    test = (s + bias) / delta
    gain = k * sum(lam * v / (lam + k) ** 3 for lam, _, v in levels)
    cost = test / n * sum(m * lam**2 / (lam + k) ** 3 for lam, m, _ in levels)
    # d test/d ridge = (d test/d k)/Delta by `slope_of_the_equation`
    return [sp.diff(test, k) / delta - 2 / delta**2 * (gain - cost)]


def optimal_ridge_of_one_level() -> list[Any]:
    """One level of multiplicity m: the slope vanishes at n ridge = noise m lambda/v^2 [hastie2022]."""
    k, lam, m, v = sp.symbols("k lam m v", positive=True)
    df2 = m * (lam / (lam + k)) ** 2
    test = (s + v * (k / (lam + k)) ** 2) / (1 - df2 / n)
    slope = k * lam * v / (lam + k) ** 3 - test / n * m * lam**2 / (lam + k) ** 3
    ridge = k * (1 - m * lam / (lam + k) / n)
    # the slope is a positive factor times ridge - noise m lambda/(n v^2)
    factor = slope / (ridge - s * m * lam / (n * v))
    positive = lam * v * n / ((lam + k) * (n * (lam + k) ** 2 - m * lam**2))
    return [factor - positive]


def full_rank_limits() -> list[Any]:
    """n = rank < p, ridge -> 0: V_XW -> n u/(4 (p - r)); n = p = rank, u = 0: n c/(3 h).

    There n - z = w to leading order, and C = w c/h with h = sum m/lambda, c = sum v^2/lambda.
    """
    e, h, c = sp.symbols("e h c", positive=True)
    both = _parts()[2]
    first = both.subs(w, n - z).subs(C, e * c).subs(z, n - e * h)
    square = both.subs(A, 0).subs(C, w * c / h).subs(p, n).subs(w, n - z).subs(z, n - e * h)
    return [
        sp.limit(sp.cancel(first), e, 0) - n * A / (4 * (p - n)),
        sp.limit(sp.cancel(square), e, 0) - n * c / (3 * h),
    ]


def _determinant() -> Any:
    return (n - z) * (p - z) + w * ((n - z) + (p - z))


def _test() -> Any:
    return n * ((p - z + w) * (A + s) + w * C) / _determinant()


def _test_wide() -> Any:
    return n * (A + s) / (n - z + w)


def _parts() -> tuple[Any, Any, Any, Any, Any]:
    """The five variances: samples, features, both, and label noise through samples and both."""
    q, nq, pq, d = z - w, n - z + w, p - z + w, _determinant()
    both = n * A * w**2 / (d * nq) + w * C * (q * (p - z) + w * z) / (d * pq)
    return A * q / nq, C * w / pq, both, s * q / nq, s * n * w**2 / (d * nq)
