"""Functions on the sphere: harmonics by degree, and the spectrum of kernels and activations.

x uniform on the unit sphere of R^d, t = <x, z> the cosine to a fixed direction. P_k is the Legendre
polynomial of dimension d with P_k(1) = 1, N(d, k) the number of harmonics of degree k, and
E_t[P_j P_k] = (j == k) / N(d, k).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.activation import ActivationLike, function
from theory.arguments import Array, between, broadcast, integer, non_negative, share, whole
from theory.engines import zonal as closed_forms
from theory.names import own_names

__dir__ = own_names(globals())

Kernel = str | Callable[[Array], Array]

# Angles are cut into panels so that kinks at t = 0 lie on an edge; the panels around the equator
# follow the concentration of t, the outer ones see only exponentially small weight.
_PANELS = np.array([-1.0, -0.5, -0.25, -0.125, 0.0, 0.125, 0.25, 0.5, 1.0])
_NOISE = 1e-14  # rounding of the coefficient of degree k of a unit function, over k + 1


def multiplicity(degree: ArrayLike, d: int) -> Array:
    """Number of linearly independent spherical harmonics of a degree.

        N(d, k) = (2k + d - 2)/k binom(k + d - 3, d - 2),   N(d, 0) = 1.

    Parameters
    ----------
    degree : array_like of int >= 0
    d : int >= 2
        Dimension of the ambient space.

    Returns
    -------
    float array of the shape of `degree`; exact up to 2^53.

    Source: [bietti2019, App. C†].

    >>> multiplicity([0, 1, 2, 3], d=3)
    array([1., 3., 5., 7.])
    """
    d = integer("d", d, low=2)
    return np.vectorize(_harmonics, otypes=[float])(_degrees(degree), d)[()]


def legendre(degree: ArrayLike, d: int, t: ArrayLike) -> Array:
    """Legendre polynomial P_k of dimension d with P_k(1) = 1.

        P_{k+1} = ((2k + d - 2) t P_k - k P_{k-1})/(k + d - 2);

    for d = 2 it is cos(k arccos t).

    Parameters
    ----------
    degree : array_like of int >= 0
    d : int >= 2
    t : array_like in [-1, 1]
        Cosine; broadcasts with `degree`.

    Source: [bietti2019, App. C†].

    >>> float(legendre(2, 3, 0.5))
    -0.125
    """
    d = integer("d", d, low=2)
    order, cosine = broadcast(degree=whole("degree", degree, low=0), t=between("t", t, -1, 1))
    table = _legendre_table(int(order.max(initial=0)), d, cosine)
    return np.take_along_axis(table, order.astype(int)[None], axis=0)[0][()]


def eigenvalues(kernel: Kernel, degree: ArrayLike, d: int, depth: int = 1) -> Array:
    """Eigenvalues of a zonal kernel on the sphere, by the Funk-Hecke formula.

        mu_k = E_t[kernel(t) P_k(t)],   kernel(<x, z>) = sum_k mu_k N(d, k) P_k(<x, z>).

    Parameters
    ----------
    kernel : str or callable
        A name of `zonal`, or a function of the cosine, vectorised, smooth apart from a kink at 0 and at the
        ends.
    degree : array_like of int >= 0
    d : int >= 2
    depth : int >= 1
        Hidden layers, for "ntk" and "nngp".

    Returns
    -------
    float array of the shape of `degree`. Names at depth 1 have closed forms. Else values below
    1e-14 (k + 1)/sqrt(N(d, k)) of the kernel's root mean square are rounding and returned as exact zero.

    Source: [bietti2019] for the relu kernels; Funk-Hecke quadrature.

    >>> eigenvalues(lambda t: 3 * t, [0, 1, 2], d=3)
    array([0., 1., 0.])
    >>> eigenvalues("ntk", [0, 1, 2, 3, 4], d=3)  # no odd degree above 1
    array([0.5       , 0.33333333, 0.078125  , 0.        , 0.00520833])
    """
    degrees, d = _degrees(degree), integer("d", d, low=2)
    function = zonal(kernel, depth)
    if isinstance(kernel, str) and depth == 1:
        return closed_forms.closed(kernel, degrees, d)[()]
    top = int(degrees.max(initial=0))
    t, weight = _quadrature(d, top)
    values = np.asarray(function(t), dtype=float)
    if values.shape != t.shape or not np.isfinite(values).all():
        raise ValueError("kernel must return one finite number per cosine in [-1, 1]")
    return _coefficients(values, top, d, t, weight)[degrees][()]


def zonal(kernel: Kernel, depth: int = 1) -> Callable[[Array], Array]:
    """A named kernel on the unit sphere as a function of the cosine t.

    With kappa0 = (pi - arccos t)/pi and kappa1 = (t (pi - arccos t) + sqrt(1 - t^2))/pi: "nngp" is kappa1,
    composed with itself `depth` times; "ntk" is t kappa0 + kappa1 at depth 1 and depth + 1 at t = 1: that of
    a relu network with sigma_w2 = 2, no biases, K_1 = t; "first_layer" is t kappa0/2, "first_layer_bias"
    (1 + t) kappa0/4, "arc_cosine0" kappa0 and "arc_cosine1" kappa1.

    Parameters
    ----------
    kernel : str or callable
        A callable is returned as it is.
    depth : int >= 1
        Hidden layers, for "ntk" and "nngp"; 1 for the others.

    Source: [cho2009]; [bietti2019]; [basri2020] for "first_layer_bias".

    >>> zonal("ntk", depth=3)(np.array([1.0]))
    array([4.])
    """
    depth = integer("depth", depth, low=1)
    if callable(kernel):
        if depth != 1:
            raise ValueError(f"depth = {depth} must be 1 for a function; compose it yourself")
        return kernel
    if not isinstance(kernel, str):
        raise ValueError(f"kernel = {kernel!r} is neither a name nor a function of the cosine")
    return closed_forms.function(kernel, depth)


def learning_time(
    kernel: Kernel, degree: ArrayLike, d: int, fraction: ArrayLike = 0.01, depth: int = 1
) -> Array:
    """Time until gradient flow has learnt a degree up to a fraction of its residual.

    t = log(1/fraction)/mu_k, of the population flow on E (f - y)^2/2. With n samples in the mean-loss
    convention the same holds for the degrees that are resolved: the harmonics up to k are far fewer than n.

    Parameters
    ----------
    kernel : str or callable
        See `zonal`.
    degree : array_like of int >= 0
    d : int >= 2
    fraction : array_like in (0, 1]
        Share of the residual that is left.
    depth : int >= 1

    Returns
    -------
    array; inf for a degree that is never learnt, 0 at fraction 1.

    Source: [basri2019]; [basri2020].

    >>> learning_time("ntk", [1, 2, 3], d=3).round(2)
    array([13.82, 58.95,   inf])
    """
    left = share("fraction", fraction)
    mu, left = broadcast(degree=np.asarray(eigenvalues(kernel, degree, d, depth)), fraction=left)
    if (mu < 0).any():
        raise ValueError(f"kernel has the eigenvalue {mu.min():g}; pass a positive definite kernel")
    needed = -np.log(left)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(needed == 0, 0.0, needed / mu)[()]


def decay_exponent(kernel: str, d: int) -> int:
    """Exponent a of the eigenvalues, mu_k ~ k^-a for large k (of the degrees that are not absent).

    d for kernels with a kink of slope (ntk, first layer, arc-cosine 0) and d + 2 for those with a kink in the
    slope (nngp, arc-cosine 1), at any depth.

    Parameters
    ----------
    kernel : str
        See `zonal`.
    d : int >= 2

    Source: [bietti2019]; at any depth [bietti2021].

    >>> decay_exponent("ntk", d=3)
    3
    """
    d = integer("d", d, low=2)
    if not isinstance(kernel, str):
        raise ValueError(f"kernel = {kernel!r} must be a name: the exponent of a function is not known")
    zonal(kernel)
    return d + 2 if kernel in ("nngp", "arc_cosine1") else d


class ActivationSpectrum(NamedTuple):
    """Gegenbauer coefficients of an activation by degree, and the power beyond the last one."""

    coefficients: Array
    rest: float


def activation_spectrum(activation: ActivationLike, degree: int, d: int) -> ActivationSpectrum:
    """Gegenbauer coefficients xi_0..xi_degree of an activation at dimension d, and the rest.

    xi_k = E_t[activation(sqrt(d) t) P_k(t)] and rest = E_t[(activation - its degrees <= degree)^2],
    so that E_w activation(<w, x>/sqrt d) activation(<w, z>/sqrt d) has the eigenvalue xi_k^2 with
    multiplicity N(d, k), and sum_k xi_k^2 N(d, k) + rest = E activation^2.

    Parameters
    ----------
    activation : str or callable
        A name of `theory.activation` or a vectorised function of one real variable.
    degree : int >= 0
    d : int >= 2

    Returns
    -------
    ActivationSpectrum(coefficients, rest)

    Source: [mei2022, App. A†].

    >>> activation_spectrum("identity", 2, d=4)
    ActivationSpectrum(coefficients=array([0. , 0.5, 0. ]), rest=0.0)
    """
    degree, d = integer("degree", degree, low=0), integer("d", d, low=2)
    t, weight = _quadrature(d, degree)
    values = function(activation)(np.sqrt(d) * t)
    coefficients = _coefficients(values, degree, d, t, weight)
    expansion = (coefficients * multiplicity(np.arange(degree + 1), d)) @ _legendre_table(degree, d, t)
    rest = float(weight @ (values - expansion) ** 2)  # a sum of squares keeps its digits
    negligible = rest <= ((degree + 1) * _NOISE) ** 2 * float(weight @ values**2)
    return ActivationSpectrum(coefficients, 0.0 if negligible else rest)


def activation_coefficients(activation: ActivationLike, degree: ArrayLike, d: int) -> Array:
    """Gegenbauer coefficients xi_k of an activation at dimension d.

    xi_k = E_t[activation(sqrt(d) t) P_k(t)]. Use it for single degrees; `activation_spectrum` also has the
    power that is left beyond them.

    Parameters
    ----------
    activation : str or callable
    degree : array_like of int >= 0
    d : int >= 2

    Source: [mei2022, App. A†].

    >>> float(activation_coefficients("sign", 2, d=5))
    0.0
    """
    degrees = _degrees(degree)
    return activation_spectrum(activation, int(degrees.max(initial=0)), d).coefficients[degrees][()]


class Kurtosis(NamedTuple):
    """Kurtosis of random features and of their kernel; see `kurtosis`."""

    features: Array
    kernel: Array


def kurtosis(activation: ActivationLike, kappa: ArrayLike, degree: int, d: int) -> Kurtosis:
    """Kurtosis E f^4/(E f^2)^2 of an activation and of its kernel, levels below kappa shrunk.

    features: f(t) = sum_k xi_k N(d, k) P_k(t)/sqrt(xi_k^2 + kappa) + rest(t)/sqrt(kappa),
    kernel:   f(t) = sum_k xi_k^2 N(d, k) P_k(t)/(xi_k^2 + kappa),  k <= degree.
    A deterministic equivalent treats both as Gaussian, kurtosis 3; the 1/n terms that it leaves out grow
    with what is beyond: heavy tails of the activation, and samples that see only their neighbours.

    Parameters
    ----------
    activation : str or callable
    kappa : array_like >= 0
        The shrinkage, `gamma_eff` of a `Risk`; 0 keeps every level that is not 0 as it is, without rest.
    degree : int >= 0
        Last degree with a level of its own; the rest of the activation is f's tail.
    d : int >= 2

    Returns
    -------
    Kurtosis(features, kernel), each of the shape of `kappa`; 1 where f is constant or 0.

    Source: own derivation, in the notation of [mei2022, App. A†].

    >>> float(kurtosis("cubic", kappa=1e3, degree=3, d=100).features.round(1))
    38.9
    """
    shrinkage = non_negative("kappa", kappa)
    degree, d = integer("degree", degree, low=0), integer("d", d, low=2)
    spectrum = activation_spectrum(activation, degree, d)
    t, weight = _quadrature(d, degree)
    coefficients = spectrum.coefficients
    levels = multiplicity(np.arange(degree + 1), d)[:, None] * _legendre_table(degree, d, t)
    rest = function(activation)(np.sqrt(d) * t) - coefficients @ levels
    column = shrinkage.reshape(-1, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(coefficients != 0, coefficients / np.sqrt(coefficients**2 + column), 0.0)
        share = np.where((column > 0) & (spectrum.rest > 0), 1 / np.sqrt(column), 0.0)
    moments = (_fourth_moment(f, weight) for f in (gain @ levels + share * rest, gain**2 @ levels))
    return Kurtosis(*(moment.reshape(shrinkage.shape)[()] for moment in moments))


def _fourth_moment(values: Array, weight: Array) -> Array:
    """E f^4/(E f^2)^2 along the last axis, 1 for f = 0."""
    size = np.abs(values).max(axis=-1, keepdims=True)
    squares = (values / np.where(size > 0, size, 1.0)) ** 2  # no overflow
    second = squares @ weight
    return np.where(second > 0, squares**2 @ weight / np.where(second > 0, second, 1.0) ** 2, 1.0)


def _harmonics(degree: int, d: int) -> float:
    if degree == 0:
        return 1.0
    if d == 2:
        return 2.0
    try:
        return float((2 * degree + d - 2) * comb(degree + d - 3, d - 2) // degree)
    except OverflowError:
        return np.inf


def _degrees(degree: ArrayLike) -> np.ndarray:
    return whole("degree", degree, low=0).astype(int)


def _legendre_table(degree: int, d: int, t: Array) -> Array:
    """P_0..P_degree at t, along a new first axis."""
    table = np.empty((degree + 1, *t.shape))
    table[0] = 1.0
    if degree >= 1:
        table[1] = t
    for k in range(1, degree):
        # k + d - 2 >= 1 because d >= 2 and k >= 1
        table[k + 1] = ((2 * k + d - 2) * t * table[k] - k * table[k - 1]) / (k + d - 2)
    return table


@cache
def _quadrature(d: int, degree: int) -> tuple[Array, Array]:
    """Nodes t and probability weights of the cosine: t = sin(a), weight cos(a)^(d-2) da."""
    # P_k turns k times over the circle and the widest panel is an eighth of it
    nodes, weights = np.polynomial.legendre.leggauss(64 + degree // 2)
    # half-width of the bulk: beyond 13 standard deviations the weight is below 1e-36
    bulk = min(np.pi / 2, 13.0 / np.sqrt(d))
    edges = np.unique(np.concatenate([bulk * _PANELS, [-np.pi / 2, np.pi / 2]]))
    half = np.diff(edges)[:, None] / 2
    angle = (edges[:-1, None] + half + half * nodes).ravel()
    t = np.sin(angle)
    with np.errstate(under="ignore"):
        # cos(a)^(d-2) through log1p: a power would multiply the rounding of the cosine by d
        weight = (half * weights).ravel() * np.exp((d - 2) / 2 * np.log1p(-(t**2)))
    return t, weight / weight.sum()


def _coefficients(values: Array, degree: int, d: int, t: Array, weight: Array) -> Array:
    """E_t[values P_k] for k = 0..degree, rounding noise set to zero."""
    table = _legendre_table(degree, d, t)
    raw = table @ (weight * values)
    degrees = np.arange(degree + 1)
    # in the orthonormal basis P_k sqrt(N) the rounding does not depend on d
    size = np.sqrt(multiplicity(degrees, d))
    noise = (degrees + 1) * _NOISE * np.sqrt(weight @ values**2)
    with np.errstate(invalid="ignore"):  # N(d, k) = inf beyond 1e308
        return np.where(np.abs(raw) * size <= noise, 0.0, raw)
