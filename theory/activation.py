"""Activations under a Gaussian: moments, Hermite coefficients, dual kernels.

g is standard normal; (u, v) is Gaussian with variances a, b and covariance c.
"""

from functools import cache
from math import inf, pi, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory._activations import REGISTRY, Function, Named
from theory._arguments import Array, broadcast, integer, non_negative, real, scalar
from theory.errors import ConvergenceError

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

    mu0 = E s, mu1 = E g s, second = E s^2, mu_star2 = second - mu0^2 - mu1^2, slope2 = E s'^2,
    zeta2 = mu1^2 / mu_star2.

    Parameters
    ----------
    activation : str or callable
        "relu", "tanh", "erf", "sign", "abs", "cos", "sin", "quadratic", "identity", "cubic", "gelu",
        "softplus", "sigmoid", or a vectorised function of one real variable.

    Returns
    -------
    Moments; slope2 is inf where the activation jumps, zeta2 is inf where mu_star2 = 0.

    Raises
    ------
    ValueError
        Unknown name, or a callable that is not finite.
    ConvergenceError
        A callable whose integrals do not settle.

    Source: [mei2022, Eq. 5 and Def. 1]; closed forms by direct integration.

    >>> moments("relu").zeta2
    2.751938393884109
    """
    closed = _named(activation).moments if isinstance(activation, str) else None
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
    # He_k turns about sqrt(k) times per unit length
    g, weight = _line(1 + degree // 60)
    values = _finite(s(scale * g), activation)
    table = np.empty((degree + 1, g.size))
    table[0] = 1.0
    for k in range(degree):  # orthonormal polynomials: no factorials, no overflow
        previous = sqrt(k) * table[k - 1] if k else 0.0
        table[k + 1] = (g * table[k] - previous) / sqrt(k + 1)
    coefficients = table @ (weight * values)
    size = sqrt(float(weight @ values**2))
    return np.where(np.abs(coefficients) <= 1e-14 * size, 0.0, coefficients)


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

    Source: [cho2009, Eq. 1-6] for rectified powers; [lee2019] for erf; gelu and the others by direct
    integration. Activations without a closed form use quadrature in polar coordinates.

    >>> float(dual("relu", 0.0))
    0.15915494309189535
    """
    a, b = non_negative("variance_x", variance_x), non_negative("variance_z", variance_z)
    c, a, b = broadcast(covariance=real("covariance", covariance), variance_x=a, variance_z=b)
    limit = np.sqrt(a) * np.sqrt(b)
    outside = np.abs(c) > limit * (1 + 1e-12)
    if outside.any():
        raise ValueError(
            f"covariance = {c[outside].flat[0]:g} exceeds sqrt(variance_x variance_z) = "
            f"{limit[outside].flat[0]:g}; no Gaussian has it"
        )
    c = np.clip(c, -limit, limit)
    closed = None
    if isinstance(activation, str):
        entry = _named(activation)
        closed = entry.dual_slope if derivative else entry.dual
    if closed is not None:
        with np.errstate(divide="ignore"):
            return closed(c, a, b)[()]
    s = slope(activation) if derivative else function(activation)
    flat = [_polar(s, *point) for point in zip(c.ravel(), a.ravel(), b.ravel(), strict=True)]
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
    return _named(activation).function if isinstance(activation, str) else _callable(activation)


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
        return _named(activation).slope
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
    mu0 = expect(s, activation)
    mu1 = expect(lambda g: g * s(g), activation)
    # the square of the rest, not a difference of squares: nearly linear activations keep their digits
    mu_star2 = expect(lambda g: (s(g) - mu0 - mu1 * g) ** 2, activation)
    if mu_star2 < 1e-24 * (mu0**2 + mu1**2):
        mu_star2 = 0.0
    return mu0, mu1, mu_star2, _slope2(activation)


def _smooth_mean(integrand: Function, activation: ActivationLike) -> float:
    g, weight = _line(1)
    return float(weight @ _finite(integrand(g), activation))


def _adaptive_mean(integrand: Function, activation: ActivationLike) -> float:
    """E integrand(g) by bisection of panels, which settles kinks wherever they are."""
    x, w = _panel(24)
    total, work = 0.0, [(float(left), left + 1.0) for left in range(-13, 13)]
    for _ in range(60):  # a kink halves its panel each time
        again = []
        for left, right in work:
            parts = []
            for low, high in (
                (left, right),
                (left, (left + right) / 2),
                ((left + right) / 2, right),
            ):
                g = low + (high - low) * x
                value = _finite(integrand(g), activation) * np.exp(-(g**2) / 2) / sqrt(2 * pi)
                parts.append(float((high - low) * (w @ value)))
            if abs(parts[0] - parts[1] - parts[2]) <= 1e-15 * (1 + abs(parts[0])):
                total += parts[1] + parts[2]
            else:
                middle = (left + right) / 2
                again += [(left, middle), (middle, right)]
        work = again
        if not work:
            return total
        if len(work) > 4000:
            break
    raise ConvergenceError(
        f"the Gaussian mean of {activation!r} did not settle after {len(work)} panels; "
        "use a piecewise smooth activation"
    )


def _slope2(activation: ActivationLike) -> float:
    g, weight = _line(1)
    value = float(weight @ _finite(slope(activation)(g), activation) ** 2)
    if isinstance(activation, str):
        return value
    # at a jump a central difference of step h is worth jump^2 / (2 h): it shows on a grid of that scale
    h = 1e-5
    near = np.arange(-13.0, 13.0, h)
    rise = np.abs(np.diff(_finite(_callable(activation)(near), activation)))
    return inf if rise.max() > 1e-2 * max(1.0, sqrt(value)) else value


@cache
def _panel(count: int) -> tuple[Array, Array]:
    x, w = np.polynomial.legendre.leggauss(count)
    return (x + 1) / 2, w / 2


def _polar(s: Function, c: float, a: float, b: float) -> float:
    """E s(u) s(v) in polar coordinates: kinks at 0 are rays, on which the angular panels end."""
    if a == 0 or b == 0:
        rest = max(a, b)
        g, weight = _line(1)
        return float(s(np.zeros(1))[0] * (weight @ s(sqrt(rest) * g)))
    angle = np.arctan2(sqrt(max(a * b - c * c, 0.0)), c)
    rays = np.sort(np.mod([pi / 2, 3 * pi / 2, angle + pi / 2, angle - pi / 2], 2 * pi))
    edges = np.concatenate([rays, rays[:1] + 2 * pi])
    x, w = _panel(48)
    theta = (edges[:-1, None] + np.diff(edges)[:, None] * x).ravel()
    w_theta = (np.diff(edges)[:, None] * w).ravel() / (2 * pi)
    # radial panels shrink towards 0 where a large variance makes a smooth activation steep
    radii = np.concatenate([[0.0], np.geomspace(0.1 / sqrt(max(a, b, 1.0)), 2.0, 6), np.arange(4.0, 15, 2)])
    y, v = _panel(20)
    r = (radii[:-1, None] + np.diff(radii)[:, None] * y).ravel()
    w_r = (np.diff(radii)[:, None] * v).ravel() * r * np.exp(-(r**2) / 2)
    value = s(sqrt(a) * np.outer(np.cos(theta), r)) * s(sqrt(b) * np.outer(np.cos(theta - angle), r))
    return float(w_theta @ value @ w_r)


def _finite(values: Array, activation: ActivationLike) -> Array:
    if not np.isfinite(values).all():
        raise ValueError(f"activation {activation!r} is not finite on the range of a Gaussian")
    return values


def _callable(activation: Function) -> Function:
    if not callable(activation):
        raise ValueError(
            f"activation = {activation!r} is neither a name nor a function; pass one of {', '.join(NAMES)}"
        )

    def checked(x: Array) -> Array:
        values = np.asarray(activation(x), dtype=float)
        if values.shape != np.shape(x):
            raise ValueError(
                f"activation returned shape {values.shape} for an input of shape {np.shape(x)}; "
                "pass a vectorised function"
            )
        return values

    return checked


def _named(name: str) -> Named:
    if name not in REGISTRY:
        raise ValueError(f"activation = {name!r} is unknown; choose from {', '.join(NAMES)}")
    return REGISTRY[name]
