"""Hermite coefficients of activations, against closed forms, quadrature, and Parseval."""

from math import exp, factorial, pi, sqrt

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import factorial2

from tests.activations import CALLABLES, KINKED, POLYNOMIALS, SMOOTH, gaussian
from theory.activation import NAMES, function, hermite, moments


def closed_hermite(name: str, k: int) -> float:
    """Orthonormal coefficients of the formula sheet, k >= 2."""
    odd = k % 2
    below = float(factorial2(k - 3 + odd)) if k - 3 + odd > 0 else 1.0  # (k-3)!! or (k-2)!!
    if name in ("relu", "abs"):
        return (
            0.0
            if odd
            else (-1) ** (k // 2 - 1) * below * {"relu": 1, "abs": 2}[name] / sqrt(2 * pi * factorial(k))
        )
    if name == "sign":
        return sqrt(2 / pi) * (-1) ** (k // 2) * below / sqrt(factorial(k)) if odd else 0.0
    if name == "erf":
        return 2 / sqrt(3 * pi) * (-2 / 3) ** (k // 2) * below / sqrt(factorial(k)) if odd else 0.0
    return (-1) ** (k // 2) * exp(-0.5) / sqrt(factorial(k)) if odd == (name == "sin") else 0.0


@pytest.mark.parametrize("name", ["relu", "abs", "sign", "erf", "sin", "cos"])
def test_hermite_closed_forms(name: str) -> None:
    expected = [closed_hermite(name, k) for k in range(2, 60)]
    assert_allclose(hermite(name, 59)[2:], expected, rtol=1e-11, atol=2e-14)


@pytest.mark.parametrize("k", [0, 1, 7, 20])
def test_hermite_polynomials_are_orthonormal(k: int) -> None:
    """The coefficients of He_k/sqrt(k!) are a unit vector."""
    unit = np.zeros(k + 1)
    unit[k] = 1.0
    scale = exp(-0.5 * float(np.sum(np.log(np.arange(1, k + 1)))))
    found = hermite(lambda g: np.polynomial.hermite_e.hermeval(g, unit) * scale, k + 5)
    assert_allclose(found, np.append(unit, np.zeros(5)), atol=1e-11)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("variance", [0.3, 1.0, 4.0])
def test_hermite_begins_with_the_moments(name: str, variance: float) -> None:
    g, weight = gaussian()
    values = function(name)(sqrt(variance) * g)
    expected = [weight @ values, weight @ (g * values), weight @ (values * (g**2 - 1)) / sqrt(2)]
    assert_allclose(hermite(name, 2, variance), expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", [name for name in SMOOTH if name != "softplus"])
def test_hermite_parseval(name: str) -> None:
    assert_allclose(np.sum(hermite(name, 120) ** 2), moments(name).second, rtol=1e-10)
    k = np.arange(121)
    assert_allclose(k @ hermite(name, 120) ** 2, moments(name).slope2, rtol=1e-8)


@pytest.mark.parametrize("name", KINKED)
def test_hermite_parseval_of_a_kink(name: str) -> None:
    """Squares fall as k^-5/2 (kink) or k^-3/2 (jump), every other one: the rest is known to 1/k."""
    rest = moments(name).second - np.sum(hermite(name, 300) ** 2)
    last = np.sum(hermite(name, 300)[-2:] ** 2)
    power = 1.5 if name == "sign" else 2.5
    assert_allclose(rest, last / 2 * 300 / (power - 1), rtol=0.02)


@pytest.mark.parametrize("name", POLYNOMIALS)
def test_hermite_of_a_polynomial_ends(name: str) -> None:
    assert (hermite(name, 30)[POLYNOMIALS[name] + 1 :] == 0).all()


@pytest.mark.parametrize("name", CALLABLES)
def test_hermite_of_callables(name: str) -> None:
    s, kink, _ = CALLABLES[name]
    g, weight = gaussian(kink)
    third = weight @ (s(g) * (g**3 - 3 * g)) / sqrt(6)
    size = sqrt(weight @ s(g) ** 2)
    assert_allclose(hermite(s, 3)[3], third, rtol=1e-9, atol=1e-11 * size)
    assert_allclose(hermite(s, 3)[:2], moments(s)[:2], rtol=1e-9, atol=1e-11 * size)


def test_hermite_at_variance_zero_is_the_value_at_zero() -> None:
    assert_allclose(hermite("softplus", 3, 0.0), [np.log(2), 0, 0, 0], rtol=1e-13)
