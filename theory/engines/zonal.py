"""The named kernels on the sphere as functions of the cosine, and their eigenvalues in closed form.

kappa0 = (pi - arccos t)/pi and kappa1 = (t (pi - arccos t) + sqrt(1 - t^2))/pi are the arc-cosine kernels of
order 0 and 1; all others are made of them.
"""

from collections.abc import Callable

import numpy as np

from theory.arguments import Array

Zonal = Callable[[Array], Array]


def _kappa0(t: Array) -> Array:
    return 1 - np.arccos(t) / np.pi


def _kappa1(t: Array) -> Array:
    return t * _kappa0(t) + np.sqrt((1 - t) * (1 + t)) / np.pi


def function(name: str, depth: int) -> Zonal:
    """The kernel `name` of the cosine; layers are composed for "ntk" and "nngp"."""

    def network(t: Array) -> Array:
        covariance = tangent = t
        for _ in range(depth):
            kappa = np.minimum(_kappa1(covariance), 1.0)
            covariance, tangent = kappa, kappa + tangent * _kappa0(covariance)
        return tangent if name == "ntk" else covariance

    simple: dict[str, Zonal] = {
        "first_layer": lambda t: t * _kappa0(t) / 2,
        "first_layer_bias": lambda t: (1 + t) * _kappa0(t) / 4,
        "arc_cosine0": _kappa0,
        "arc_cosine1": _kappa1,
    }
    if name in ("ntk", "nngp"):
        return network
    if name not in simple:
        raise ValueError(
            f"kernel = {name!r} is unknown; choose from ntk, nngp, {', '.join(simple)}, or pass a function"
        )
    if depth != 1:
        raise ValueError(f"depth = {depth} must be 1 for kernel = {name!r}; only ntk and nngp have layers")
    return simple[name]


def closed(name: str, degree: Array, d: int) -> Array:
    """Eigenvalues of the kernels of depth 1, relative accuracy about 1e-13."""
    k = degree.astype(float)
    zero, one = _order0(k, d), _order1(k, d)
    times = _times_cosine(k, d)
    return {
        "ntk": times + one,
        "nngp": one,
        "first_layer": times / 2,
        "first_layer_bias": (zero + times) / 4,
        "arc_cosine0": zero,
        "arc_cosine1": one,
    }[name]


def _order0(k: Array, d: int) -> Array:
    """1/2; [Gamma(d/2) Gamma(k/2)/Gamma((k + d)/2)]^2/(2 pi^2) for odd k; 0."""
    odd = np.where(k % 2 == 1, k, 1.0)
    value = np.exp(2 * _log_beta(odd / 2, d / 2)) / (2 * np.pi**2)
    return np.where(k % 2 == 1, value, np.where(k == 0, 0.5, 0.0))


def _order1(k: Array, d: int) -> Array:
    """d [Gamma(d/2) Gamma((k - 1)/2)/Gamma((k + d + 1)/2)]^2/(8 pi^2) for even k; 1/(2d) for k = 1; 0."""
    even = np.where(k % 2 == 0, k, 0.0)
    # k = 0 by Gamma(x + 1) = x Gamma(x): Gamma(-1/2)/Gamma((d + 1)/2) = -(d + 1) Gamma(1/2)/Gamma((d + 3)/2)
    half = np.where(even > 0, (even - 1) / 2, 0.5)
    beta = np.exp(2 * _log_beta(half, d / 2 + 1)) / (d / 2) ** 2
    value = d * beta / (8 * np.pi**2) * np.where(even > 0, 1.0, (d + 1.0) ** 2)
    return np.where(k % 2 == 0, value, np.where(k == 1, 1 / (2 * d), 0.0))


def _log_beta(a: Array, b: float) -> Array:
    """log of Gamma(a) Gamma(b)/Gamma(a + b)."""
    from scipy.special import betaln

    return betaln(a, b)


def _times_cosine(k: Array, d: int) -> Array:
    """Eigenvalues of t kappa0(t), from the recurrence of the Legendre polynomials."""
    below, above = _order0(np.maximum(k - 1, 0.0), d), _order0(k + 1, d)
    share = np.where(k == 0, 0.0, k / np.maximum(2 * k + d - 2, 1.0))
    return share * below + (1 - share) * above
