"""The named activations: function, slope, and what has a closed form.

Duals take `Pairs`; those of kinked and steep activations see the angle through e = 1 - |correlation|.
"""

import re
from collections.abc import Callable
from functools import cache
from math import exp, inf, isfinite, pi, sqrt
from typing import NamedTuple

import numpy as np

from theory.arguments import Array
from theory.engines import elu, logistic
from theory.engines.pairs import Pairs, same

Function = Callable[[Array], Array]
Dual = Callable[[Pairs], Array]

LEAK = 0.01  # slope of leaky_relu below 0


class Named(NamedTuple):
    """An activation s; `moments` is (mu0, mu1, mu_star2, slope2) where closed.

    `dual` and `dual_slope` are E s(u) s(v) and E s'(u) s'(v) of pairs. `defect` is 1 - |dual|/sqrt(S_a S_b),
    S_a = E s(u)^2, without cancellation where the difference loses what matters. `rectified` is a smooth
    activation that is nearly a relu at large arguments.
    """

    function: Function
    slope: Function
    moments: tuple[float, float, float, float] | None
    dual: Dual
    dual_slope: Dual
    defect: Dual | None = None
    rectified: bool = False


def _erf(x: Array) -> Array:
    from scipy.special import erf as special

    return special(x)


def _normal_cdf(x: Array) -> Array:
    from scipy.special import ndtr

    return ndtr(x)


def _sigmoid(x: Array) -> Array:
    from scipy.special import expit

    return expit(x)


def _relu_angle(p: Pairs) -> tuple[Array, Array, Array]:
    """(norm, sine, angle) of a covariance; zero vectors count as orthogonal."""
    norm = np.sqrt(p.a) * np.sqrt(p.b)
    rho = np.divide(p.covariance, norm, out=np.zeros_like(norm), where=norm > 0)
    sine = np.sqrt((1 - rho) * (1 + rho))
    return norm, sine, np.arctan2(sine, rho)


def _relu_dual(p: Pairs) -> Array:
    norm, sine, angle = _relu_angle(p)
    return norm * (sine + (pi - angle) * np.cos(angle)) / (2 * pi)


def _relu_dual_slope(p: Pairs) -> Array:
    return (pi - _relu_angle(p)[2]) / (2 * pi)


def _abs_dual(p: Pairs) -> Array:
    return p.norm * (1 - p.e + 2 * p.angles[1])


def _sign_dual(p: Pairs) -> Array:
    return np.where(p.norm > 0, p.s * (1 - 2 * p.angles[0]), 0.0)


def _sign_dual_slope(p: Pairs) -> Array:
    return 2 / (pi * p.norm * np.sqrt(p.sine2))


def leaky(slope: float) -> Named:
    """x above 0, slope x below: odd x + even |x| with odd = (1 + slope)/2, even = (1 - slope)/2."""
    odd2, even2 = ((1 + slope) / 2) ** 2, ((1 - slope) / 2) ** 2  # odd2 - even2 is the slope

    def dual(p: Pairs) -> Array:
        return p.norm * (np.where(p.s > 0, odd2 + even2, -slope) * (1 - p.e) + 2 * even2 * p.angles[1])

    def defect(p: Pairs) -> Array:
        total, even = odd2 + even2, 2 * even2 * p.angles[1]
        return np.where(p.s > 0, p.e - even / total, 1 - np.abs(even - slope * (1 - p.e)) / total)

    return Named(
        lambda x: np.where(x > 0, x, slope * x),
        lambda x: np.where(x > 0, 1.0, slope),
        (
            (1 - slope) / sqrt(2 * pi),
            (1 + slope) / 2,
            (1 - slope) ** 2 * (1 / 4 - 1 / (2 * pi)),
            (1 + slope**2) / 2,
        ),
        dual,
        lambda p: odd2 + even2 * p.s * (1 - 2 * p.angles[0]),
        defect,
    )


def _erf_dual(p: Pairs) -> Array:
    return 2 / pi * p.s * np.arctan2(*p.smoothed(0.5))


def _erf_dual_slope(p: Pairs) -> Array:
    return 4 / pi / (np.sqrt(1 + 2 * p.a) * np.sqrt(1 + 2 * p.b) * p.smoothed(0.5)[1])


def _erf_defect(p: Pairs) -> Array:
    """arcsin x - arcsin y by its sine: x belongs to e = 0, and its own defect is that of a != b."""
    x, sine_x = Pairs(p.a, p.b, np.zeros_like(p.e), p.s).smoothed(0.5)
    y, sine_y = p.smoothed(0.5)
    far_a, far_b = p.a / (p.a + 0.5), p.b / (p.b + 0.5)
    # x^2 - y^2 = x^2 (1 - (1 - e)^2)
    sine = far_a * far_b * p.sine2 / np.maximum(x * sine_y + y * sine_x, 1e-300)
    angle = np.arctan2(sine, sine_x * sine_y + x * y)
    size = np.sqrt(_erf_square(p.a)) * np.sqrt(_erf_square(p.b))
    uneven = np.where(p.a == p.b, 0.0, np.maximum(size - 2 / pi * np.arctan2(x, sine_x), 0.0))
    return np.divide(uneven + 2 / pi * angle, size, out=np.ones_like(p.e), where=size > 0)


def _erf_square(a: Array) -> Array:
    return _erf_dual(same(a))


def _sin_dual(p: Pairs) -> Array:
    return p.s * np.exp(-p.distance / 2) * -np.expm1(-2 * np.abs(p.covariance)) / 2


def _cos_dual(p: Pairs) -> Array:
    return np.exp(-p.distance / 2) * (1 + np.exp(-2 * np.abs(p.covariance))) / 2


def _both_positive(r: Array, sine: Array) -> Array:
    """P(u > 0, v > 0) of a correlation with its sine."""
    return 0.25 + np.arctan2(r, sine) / (2 * pi)


def _gelu_dual(p: Pairs) -> Array:
    """c P + (a b D + c^2)/(2 pi A B sqrt D), A = 1 + a, B = 1 + b, D = A B - c^2, P of u, v with noise."""
    r, sine = p.smoothed(1.0)
    size = np.sqrt(1 + p.a) * np.sqrt(1 + p.b)
    first = p.a / (1 + p.a) * (p.b / (1 + p.b)) * size * sine + r * r / (size * sine)
    return p.covariance * _both_positive(p.s * r, sine) + first / (2 * pi)


def _gelu_dual_slope(p: Pairs) -> Array:
    """P + c (1/A + 1/B + 1/D)/(2 pi sqrt D)."""
    r, sine = p.smoothed(1.0)
    terms = (1 / (1 + p.a) + 1 / (1 + p.b)) / sine + 1 / (1 + p.a) / (1 + p.b) / sine**3
    return _both_positive(p.s * r, sine) + p.s * r * terms / (2 * pi)


def _silu_dual(p: Pairs) -> Array:
    """x sigmoid(x) is the mean of tau gelu(x/tau) over the mixture of the logistic distribution."""
    return logistic.mixed(p, _gelu_dual, 1)


def _silu_dual_slope(p: Pairs) -> Array:
    return logistic.mixed(p, _gelu_dual_slope, 0)


REGISTRY = {
    "relu": Named(
        lambda x: np.maximum(x, 0.0),
        lambda x: np.where(x > 0, 1.0, 0.0),
        (1 / sqrt(2 * pi), 0.5, 1 / 4 - 1 / (2 * pi), 0.5),
        _relu_dual,
        _relu_dual_slope,
    ),
    "leaky_relu": leaky(LEAK),
    "tanh": Named(np.tanh, lambda x: 1 - np.tanh(x) ** 2, None, logistic.tanh, logistic.tanh_slope),
    "erf": Named(
        _erf,
        lambda x: 2 / sqrt(pi) * np.exp(-(x**2)),
        (0.0, 2 / sqrt(3 * pi), 2 / pi * np.arcsin(2 / 3) - 4 / (3 * pi), 4 / (pi * sqrt(5))),
        _erf_dual,
        _erf_dual_slope,
        _erf_defect,
    ),
    "sign": Named(
        np.sign,
        lambda x: np.zeros_like(x),
        (0.0, sqrt(2 / pi), 1 - 2 / pi, inf),
        _sign_dual,
        _sign_dual_slope,
        lambda p: np.where(p.norm > 0, 2 * p.angles[0], 1.0),
    ),
    "abs": Named(
        np.abs,
        np.sign,
        (sqrt(2 / pi), 0.0, 1 - 2 / pi, 1.0),
        _abs_dual,
        lambda p: p.s * (1 - 2 * p.angles[0]),
        lambda p: p.e - 2 * p.angles[1],
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
        lambda p: p.a * p.b + 2 * p.covariance**2,
        lambda p: 4 * p.covariance,
        lambda p: p.e * (4 - 2 * p.e) / 3,
    ),
    "identity": Named(
        lambda x: np.array(x, dtype=float),
        np.ones_like,
        (0.0, 1.0, 0.0, 1.0),
        lambda p: p.covariance.copy(),
        lambda p: np.ones_like(p.e),
        lambda p: p.e.copy(),
    ),
    "cubic": Named(
        lambda x: x**3,
        lambda x: 3 * x**2,
        (0.0, 3.0, 6.0, 27.0),
        lambda p: 9 * p.a * p.b * p.covariance + 6 * p.covariance**3,
        lambda p: 9 * (p.a * p.b + 2 * p.covariance**2),
        lambda p: p.e * (27 - 18 * p.e + 6 * p.e**2) / 15,
    ),
    "gelu": Named(
        lambda x: x * _normal_cdf(x),
        lambda x: _normal_cdf(x) + x * np.exp(-(x**2) / 2) / sqrt(2 * pi),
        None,
        _gelu_dual,
        _gelu_dual_slope,
        rectified=True,
    ),
    "silu": Named(
        lambda x: x * _sigmoid(x),
        lambda x: _sigmoid(x) * (1 + x * _sigmoid(-x)),
        None,
        _silu_dual,
        _silu_dual_slope,
        rectified=True,
    ),
    "elu": Named(
        elu.function,
        elu.slope,
        None,
        elu.dual,
        elu.dual_slope,
        rectified=True,
    ),
    "softplus": Named(
        lambda x: np.logaddexp(0.0, x),
        _sigmoid,
        None,
        logistic.softplus,
        logistic.sigmoid,
        rectified=True,
    ),
    "sigmoid": Named(
        _sigmoid,
        lambda x: _sigmoid(x) * _sigmoid(-x),
        None,
        logistic.sigmoid,
        logistic.sigmoid_slope,
    ),
}

_LEAKY = re.compile(r"leaky_relu\(([^()]+)\)")


@cache
def find(name: str) -> Named | None:
    """The activation of this name, "leaky_relu(0.2)" too; None where there is none."""
    match = _LEAKY.fullmatch(name)
    if match is None:
        return REGISTRY.get(name)
    try:
        slope = float(match[1])
    except ValueError:
        return None
    return leaky(slope) if isfinite(slope) else None
