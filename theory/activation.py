"""Activations under a Gaussian: moments, Hermite coefficients, dual kernels.

g is standard normal; (u, v) is Gaussian with variances a, b and covariance c.
"""

from __future__ import annotations

from functools import cache, wraps
from math import inf, pi, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, flag, integer, non_negative, option, real, scalar, show
from theory.engines.activations import REGISTRY, Function, Named, find
from theory.engines.pairs import of_covariance
from theory.engines.piecewise import Piecewise
from theory.errors import ConvergenceError
from theory.names import own_names

__dir__ = own_names(globals())

ActivationLike = str | Function


NAMES = tuple(REGISTRY)


class Moments(NamedTuple):
    """Gaussian moments of an activation; see `moments`."""

    mu0: float
    mu1: float
    second: float
    mu_star2: float
    slope2: float
    zeta2: float


def moments(activation: ActivationLike) -> Moments:
    """Gaussian moments of an activation s.

        mu0 = E s,   mu1 = E g s,   second = E s^2,   mu_star2 = second - mu0^2 - mu1^2,
        slope2 = E s'^2,   zeta2 = mu1^2/mu_star2.

    Parameters
    ----------
    activation : str or callable
        "relu", "leaky_relu" (slope 0.01 below 0) or "leaky_relu(0.2)" with a slope of your own, "tanh",
        "erf", "sign", "abs", "cos", "sin", "quadratic", "identity", "cubic", "gelu", "silu" (swish),
        "elu", "softplus", "sigmoid", or a vectorised function of one real variable.

    Returns
    -------
    Moments; slope2 is inf where the activation jumps, zeta2 is inf where mu_star2 = 0. Means below 1e-14
    of the root mean square are returned as zero.

    Raises
    ------
    ValueError
        Unknown name, or a callable that is not finite.
    ConvergenceError
        A callable whose integrals do not settle.

    Source: [mei2022, Eq. 5† and Def. 1†]; closed forms by direct integration.

    >>> moments("relu").zeta2
    2.751938393884109
    """
    closed = named(activation).moments if isinstance(activation, str) else None
    mu0, mu1, mu_star2, slope2 = closed or _numeric_moments(activation)
    zeta2 = mu1**2 / mu_star2 if mu_star2 > 0 else inf
    return Moments(mu0, mu1, mu0**2 + mu1**2 + mu_star2, mu_star2, slope2, zeta2)


def hermite(activation: ActivationLike, degree: int, variance: float = 1.0) -> Array:
    """Hermite coefficients h_k = E[s(sqrt(variance) g) He_k(g)] / sqrt(k!) for k = 0..degree.

    sum_k h_k^2 = E s^2, and dual(c) = sum_k h_k(a) h_k(b) (c / sqrt(a b))^k.

    Parameters
    ----------
    activation : str or callable
    degree : int >= 0
    variance : float >= 0
        Variance of the argument; coefficients at one variance say nothing about another.

    Returns
    -------
    (degree + 1,) array; coefficients below 1e-14 of the root mean square are returned as zero.

    Source: [cho2009]; Mehler's expansion.

    >>> hermite("sign", 3).round(6)
    array([ 0.      ,  0.797885,  0.      , -0.325735])
    """
    degree = integer("degree", degree, low=0)
    scale = sqrt(scalar("variance", variance, low=0.0))
    s = function(activation)

    def integrand(g: Array) -> Array:
        values = s(scale * g)
        return np.concatenate([_hermite_table(degree, g) * values, values[None] ** 2])

    if isinstance(activation, str) and scale <= 1:  # a large variance makes a smooth activation steep
        g, weight = _line(1 + degree // 60)  # He_k turns about sqrt(k) times per unit length
        means = _finite(integrand(g), activation) @ weight
    else:
        means = _adaptive_mean(integrand, activation)
    coefficients, size = means[:-1], sqrt(means[-1])
    return np.where(np.abs(coefficients) <= 1e-14 * size, 0.0, coefficients)


def _hermite_table(degree: int, g: Array) -> Array:
    """Orthonormal He_0..He_degree at g: no factorials, no overflow."""
    table = np.empty((degree + 1, g.size))
    table[0] = 1.0
    for k in range(degree):
        previous = sqrt(k) * table[k - 1] if k else 0.0
        table[k + 1] = (g * table[k] - previous) / sqrt(k + 1)
    return table


def dual(
    activation: ActivationLike,
    covariance: ArrayLike,
    variance_x: ArrayLike = 1.0,
    variance_z: ArrayLike = 1.0,
    derivative: bool = False,
) -> Array:
    """Dual kernel E s(u) s(v), or E s'(u) s'(v), of Gaussians with a given covariance.

    Parameters
    ----------
    activation : str or callable
    covariance : array_like
        c = E u v, |c| <= sqrt(variance_x variance_z); the correlation at unit variances.
    variance_x, variance_z : array_like >= 0
    derivative : bool
        Dual of the derivative instead.

    Returns
    -------
    array of the broadcast shape; inf for the derivative of "sign" at |correlation| = 1.

    Raises
    ------
    ValueError
        Negative variance, a covariance that no Gaussian has, an unknown name.
    ConvergenceError
        A callable that is not piecewise smooth.

    Source: [cho2009, Eq. 1-6†] for rectified powers; [lee2019] for erf; gelu and the
    others by direct integration. Callables use quadrature on panels that end on their kinks and jumps.

    >>> float(dual("relu", 0.0))
    0.15915494309189535
    """
    a, b = non_negative("variance_x", variance_x), non_negative("variance_z", variance_z)
    derivative = flag("derivative", derivative)
    c, a, b = broadcast(covariance=real("covariance", covariance), variance_x=a, variance_z=b)
    limit = np.sqrt(a) * np.sqrt(b)
    outside = np.abs(c) > limit * (1 + 1e-12)
    if outside.any():
        raise ValueError(
            f"covariance = {c[outside].flat[0]:g} exceeds sqrt(variance_x variance_z) = "
            f"{limit[outside].flat[0]:g}; no Gaussian has it"
        )
    # what rounding keeps from +-1 is +-1: there arccos would make 1e-8 of 1e-16
    c = np.where(np.abs(c) >= limit * (1 - 1e-15), np.sign(c) * limit, c)
    p = of_covariance(c, a, b)
    if isinstance(activation, str):
        entry = named(activation)
        with np.errstate(divide="ignore"):
            return (entry.dual_slope if derivative else entry.dual)(p)[()]
    side = cache(lambda variance: Piecewise(function(activation), sqrt(variance), derivative))
    flat = [
        side(x).dual(side(z), e, sign)
        for x, z, e, sign in zip(a.flat, b.flat, p.e.flat, p.s.flat, strict=True)
    ]
    return np.reshape(flat, c.shape)[()]


def function(activation: ActivationLike) -> Function:
    """The activation as a vectorised function.

    Parameters
    ----------
    activation : str or callable

    Source: names as in [mei2022] and [cho2009].

    >>> function("relu")(np.array([-1.0, 2.0]))
    array([0., 2.])
    """
    return named(activation).function if isinstance(activation, str) else _callable(activation)


def slope(activation: ActivationLike) -> Function:
    """The derivative of the activation; central differences for a callable.

    Parameters
    ----------
    activation : str or callable

    Source: calculus; used by the neural tangent kernel of [jacot2018].

    >>> slope("tanh")(np.array([0.0]))
    array([1.])
    """
    if isinstance(activation, str):
        return named(activation).slope
    s = _callable(activation)
    return lambda x: (s(x + 1e-5) - s(x - 1e-5)) / 2e-5


# ---------------------------------------------------------------- quadrature


@cache
def _line(refine: int) -> tuple[Array, Array]:
    """Nodes and Gaussian weights on [-13, 13], panels cut at the whole numbers (kinks there are exact)."""
    x, w = np.polynomial.legendre.leggauss(24 * refine)
    left = np.arange(-13.0, 13.0)[:, None]
    g = (left + (x + 1) / 2).ravel()
    weight = np.broadcast_to(w / 2, (26, w.size)).ravel() * np.exp(-(g**2) / 2) / sqrt(2 * pi)
    return g, weight


def _numeric_moments(activation: ActivationLike) -> tuple[float, float, float, float]:
    """(mu0, mu1, mu_star2, slope2) by quadrature."""
    s = function(activation)
    expect = _smooth_mean if isinstance(activation, str) else _adaptive_mean
    second = float(expect(lambda g: s(g) ** 2, activation))
    # rounding that stands for a 0 would count in the rank
    mu0, mu1 = (
        0.0 if abs(mean) <= 1e-14 * sqrt(second) else mean
        for mean in (float(expect(s, activation)), float(expect(lambda g: g * s(g), activation)))
    )
    # the square of the rest, not a difference of squares: nearly linear activations keep their digits
    rough = _smooth_mean(lambda g: (s(g) - mu0 - mu1 * g) ** 2, activation)
    rounding = 1e-15 * sqrt(second * rough) + 1e-30 * second
    mu_star2 = float(expect(lambda g: (s(g) - mu0 - mu1 * g) ** 2, activation, rounding))
    if mu_star2 < 1e-24 * (mu0**2 + mu1**2):
        mu_star2 = 0.0
    return mu0, mu1, mu_star2, _slope2(activation)


def _smooth_mean(integrand: Function, activation: ActivationLike, rounding: float = 0.0) -> float:
    g, weight = _line(1)
    return float(weight @ _finite(integrand(g), activation))


def _adaptive_mean(integrand: Function, activation: ActivationLike, rounding: float = 0.0) -> Array:
    """E integrand(g) over its last axis, by bisection of panels: kinks settle wherever they are.

    `rounding` is the size of an integrand that is noise.
    """
    x, w = _panel(24)

    def panels(left: Array, width: float) -> Array:
        g = left[:, None] + width * x
        value = _finite(integrand(g.ravel()), activation)
        value = value.reshape(*value.shape[:-1], *g.shape) * np.exp(-(g**2) / 2) / sqrt(2 * pi)
        return width * (value @ w)

    left, width, total = np.arange(-13.0, 13.0), 1.0, 0.0
    first = np.abs(panels(left, width))
    tolerance = rounding + 1e-15 * first.sum(axis=-1).max()
    if first[..., [0, -1]].max() > 1e-6 * first.max():
        raise ConvergenceError(
            f"the Gaussian mean of {activation!r} did not settle: it lies beyond 13 standard deviations; "
            "use an activation that grows more slowly"
        )
    for _ in range(60):  # a kink halves its panel each time
        half = width / 2
        halves = panels(left, half) + panels(left + half, half)
        settled = np.abs(panels(left, width) - halves) <= tolerance
        settled = settled.reshape(-1, left.size).all(axis=0)
        total = total + halves[..., settled].sum(axis=-1)
        left, width = left[~settled], half
        if not left.size:
            return np.asarray(total)
        left = np.concatenate([left, left + half])
        if left.size > 4000:
            break
    raise ConvergenceError(
        f"the Gaussian mean of {activation!r} did not settle after {left.size} panels; "
        "use a piecewise smooth activation"
    )


def _slope2(activation: ActivationLike) -> float:
    """E s'^2; for a callable by central differences, inf where they show a jump."""
    if isinstance(activation, str):
        return _smooth_mean(lambda g: named(activation).slope(g) ** 2, activation)
    s = _callable(activation)

    if _jumps(s):
        return inf
    second = float(_adaptive_mean(lambda g: s(g) ** 2, activation))

    def differences(h: float) -> float:
        squares = _adaptive_mean(
            lambda g: ((s(g + h) - s(g - h)) / (2 * h)) ** 2, activation, rounding=1e-15 / h * second
        )
        return float(squares)

    # errors in h from kinks and in h^2 from curvature are extrapolated away
    return (differences(2e-4) - 6 * differences(1e-4) + 8 * differences(0.5e-4)) / 3


def _jumps(s: Function) -> bool:
    """Whether one step of a fine grid rises far more than the steps two away on either side."""
    values = s(np.arange(-13.0, 13.0, 1e-5))
    rise = np.abs(np.diff(values))
    around = np.maximum(rise[:-4], rise[4:])
    return bool((rise[2:-2] > 10 * around + 1e-10 * np.abs(values[2:-3])).any())


@cache
def _panel(count: int) -> tuple[Array, Array]:
    x, w = np.polynomial.legendre.leggauss(count)
    return (x + 1) / 2, w / 2


def _finite(values: Array, activation: ActivationLike) -> Array:
    if not np.isfinite(values).all():
        raise ValueError(f"activation {activation!r} is not finite on the range of a Gaussian")
    return values


def _callable(activation: Function) -> Function:
    if not callable(activation):
        raise ValueError(
            f"activation = {show(activation)} is neither a name nor a function; "
            f"pass one of {', '.join(NAMES)}"
        )

    @wraps(activation)
    def checked(x: Array) -> Array:
        values = np.asarray(activation(x), dtype=float)
        if values.shape != np.shape(x):
            raise ValueError(
                f"activation returned shape {values.shape} for an input of shape {np.shape(x)}; "
                "pass a vectorised function"
            )
        return values

    return checked


def named(activation: str) -> Named:
    """What is known of a named activation: function, slope, moments, duals.

    Parameters
    ----------
    activation : str

    Source: names as in [mei2022] and [cho2009].

    >>> named("leaky_relu(0.5)").function(np.array([-2.0, 2.0]))
    array([-1.,  2.])
    """
    known = find(activation) if isinstance(activation, str) else None
    return known or REGISTRY[option("activation", activation, *NAMES)]
