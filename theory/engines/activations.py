"""The named activations: function, slope, and what has a closed form.

Duals take (covariance, variance, variance); see `theory.activation.dual`.
"""

from collections.abc import Callable
from math import exp, inf, pi, sqrt
from typing import NamedTuple

import numpy as np

from theory.arguments import Array

Function = Callable[[Array], Array]

LEAK = 0.01  # slope of leaky_relu below 0


class Named(NamedTuple):
    """An activation; `moments` is (mu0, mu1, mu_star2, slope2) and the duals are there where closed."""

    function: Function
    slope: Function
    moments: tuple[float, float, float, float] | None
    dual: Callable[[Array, Array, Array], Array] | None
    dual_slope: Callable[[Array, Array, Array], Array] | None


def _erf(x: Array) -> Array:
    from scipy.special import erf as special

    return special(x)


def _normal_cdf(x: Array) -> Array:
    from scipy.special import ndtr

    return ndtr(x)


def _sigmoid(x: Array) -> Array:
    from scipy.special import expit

    return expit(x)


def _angle(c: Array, a: Array, b: Array) -> tuple[Array, Array, Array]:
    """(norm, sine, angle) of a covariance; zero vectors count as orthogonal."""
    norm = np.sqrt(a) * np.sqrt(b)
    rho = np.divide(c, norm, out=np.zeros_like(norm), where=norm > 0)
    sine = np.sqrt((1 - rho) * (1 + rho))
    return norm, sine, np.arctan2(sine, rho)


def _relu_dual(c: Array, a: Array, b: Array) -> Array:
    norm, sine, angle = _angle(c, a, b)
    return norm * (sine + (pi - angle) * np.cos(angle)) / (2 * pi)


def _abs_dual(c: Array, a: Array, b: Array) -> Array:
    norm, sine, angle = _angle(c, a, b)
    return 2 * norm / pi * (sine + (pi / 2 - angle) * np.cos(angle))


def _abs_dual_slope(c: Array, a: Array, b: Array) -> Array:
    return 2 / pi * (pi / 2 - _angle(c, a, b)[2])


def _sign_dual(c: Array, a: Array, b: Array) -> Array:
    norm, _, angle = _angle(c, a, b)
    return np.where(norm > 0, 2 / pi * (pi / 2 - angle), 0.0)


def _sign_dual_slope(c: Array, a: Array, b: Array) -> Array:
    norm, sine, _ = _angle(c, a, b)
    return 2 / (pi * norm * sine)


def _erf_root(c: Array, a: Array, b: Array) -> Array:
    """sqrt((1 + 2a)(1 + 2b) - 4c^2), multiplied out so that large variances do not cancel."""
    return np.sqrt(1 + 2 * a + 2 * b + 4 * np.maximum(a * b - c * c, 0.0))


def _erf_dual(c: Array, a: Array, b: Array) -> Array:
    return 2 / pi * np.arctan2(2 * c, _erf_root(c, a, b))


def _erf_dual_slope(c: Array, a: Array, b: Array) -> Array:
    return 4 / pi / _erf_root(c, a, b)


def _exponent(c: Array, a: Array, b: Array) -> Array:
    """|c| - (a + b)/2 <= 0 as a sum of negative terms: no overflow at huge variances."""
    return -((np.sqrt(a) - np.sqrt(b)) ** 2) / 2 - np.maximum(np.sqrt(a) * np.sqrt(b) - np.abs(c), 0.0)


def _sin_dual(c: Array, a: Array, b: Array) -> Array:
    return np.sign(c) * np.exp(_exponent(c, a, b)) * -np.expm1(-2 * np.abs(c)) / 2


def _cos_dual(c: Array, a: Array, b: Array) -> Array:
    return np.exp(_exponent(c, a, b)) * (1 + np.exp(-2 * np.abs(c))) / 2


def _gelu_dual(c: Array, a: Array, b: Array) -> Array:
    A, B = a + 1, b + 1
    gap = np.maximum(a * b - c * c, 0.0)
    D = 1 + a + b + gap  # = A B - c^2
    angle = np.arctan2(np.sqrt(D), c)
    back = pi - angle
    orthant = back / (2 * pi)
    Q = np.sqrt(A) * np.sqrt(B) / (2 * pi) * (np.sin(angle) + back * np.cos(angle))
    S = (back + np.sin(angle) * np.cos(angle)) / (2 * pi)
    p, q, r = (a + gap) / D, (b + gap) / D, c / D
    return r * orthant + (p * q + r * r) * Q + p * r * A * S + q * r * B * S


REGISTRY = {
    "relu": Named(
        lambda x: np.maximum(x, 0.0),
        lambda x: np.where(x > 0, 1.0, 0.0),
        (1 / sqrt(2 * pi), 0.5, 1 / 4 - 1 / (2 * pi), 0.5),
        _relu_dual,
        lambda c, a, b: (pi - _angle(c, a, b)[2]) / (2 * pi),
    ),
    "leaky_relu": Named(  # = (1 + LEAK)/2 x + (1 - LEAK)/2 |x|, an odd and an even part
        lambda x: np.where(x > 0, x, LEAK * x),
        lambda x: np.where(x > 0, 1.0, LEAK),
        (
            (1 - LEAK) / sqrt(2 * pi),
            (1 + LEAK) / 2,
            (1 - LEAK) ** 2 * (1 / 4 - 1 / (2 * pi)),
            (1 + LEAK**2) / 2,
        ),
        lambda c, a, b: ((1 + LEAK) / 2) ** 2 * c + ((1 - LEAK) / 2) ** 2 * _abs_dual(c, a, b),
        lambda c, a, b: ((1 + LEAK) / 2) ** 2 + ((1 - LEAK) / 2) ** 2 * _abs_dual_slope(c, a, b),
    ),
    "tanh": Named(np.tanh, lambda x: 1 - np.tanh(x) ** 2, None, None, None),
    "erf": Named(
        _erf,
        lambda x: 2 / sqrt(pi) * np.exp(-(x**2)),
        (0.0, 2 / sqrt(3 * pi), 2 / pi * np.arcsin(2 / 3) - 4 / (3 * pi), 4 / (pi * sqrt(5))),
        _erf_dual,
        _erf_dual_slope,
    ),
    "sign": Named(
        np.sign,
        lambda x: np.zeros_like(x),
        (0.0, sqrt(2 / pi), 1 - 2 / pi, inf),
        _sign_dual,
        _sign_dual_slope,
    ),
    "abs": Named(
        np.abs,
        np.sign,
        (sqrt(2 / pi), 0.0, 1 - 2 / pi, 1.0),
        _abs_dual,
        _abs_dual_slope,
    ),
    "cos": Named(
        np.cos,
        lambda x: -np.sin(x),
        (exp(-0.5), 0.0, (1 + exp(-2)) / 2 - exp(-1), (1 - exp(-2)) / 2),
        _cos_dual,
        _sin_dual,
    ),
    "sin": Named(
        np.sin,
        np.cos,
        (0.0, exp(-0.5), (1 - exp(-2)) / 2 - exp(-1), (1 + exp(-2)) / 2),
        _sin_dual,
        _cos_dual,
    ),
    "quadratic": Named(
        np.square,
        lambda x: 2 * x,
        (1.0, 0.0, 2.0, 4.0),
        lambda c, a, b: a * b + 2 * c**2,
        lambda c, a, b: 4 * c,
    ),
    "identity": Named(
        lambda x: np.array(x, dtype=float),
        np.ones_like,
        (0.0, 1.0, 0.0, 1.0),
        lambda c, a, b: c.copy(),
        lambda c, a, b: np.ones_like(c),
    ),
    "cubic": Named(
        lambda x: x**3,
        lambda x: 3 * x**2,
        (0.0, 3.0, 6.0, 27.0),
        lambda c, a, b: 9 * a * b * c + 6 * c**3,
        lambda c, a, b: 9 * (a * b + 2 * c**2),
    ),
    "gelu": Named(
        lambda x: x * _normal_cdf(x),
        lambda x: _normal_cdf(x) + x * np.exp(-(x**2) / 2) / sqrt(2 * pi),
        None,
        _gelu_dual,
        None,
    ),
    "softplus": Named(lambda x: np.logaddexp(0.0, x), _sigmoid, None, None, None),
    "sigmoid": Named(_sigmoid, lambda x: _sigmoid(x) * _sigmoid(-x), None, None, None),
}
