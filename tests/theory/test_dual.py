"""Duals of activations, against integrals, the Mehler series, ends, limits and scaling."""

from math import inf, pi, sqrt

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.special import ndtr

from tests.activations import CALLABLES, POLYNOMIALS, SMOOTH, B, Function, few, gaussian
from tests.strategies import decades
from theory import ConvergenceError
from theory.activation import NAMES, dual, function, hermite, slope


def smooth_dual(s: Function, c: float, a: float, b: float) -> float:
    """E s(u) s(v) by the trapezoidal rule, exact to rounding for smooth s at variances of order 1."""
    g = np.arange(-12, 12.05, 0.1)
    weight = np.exp(-(g**2) / 2) * 0.1 / sqrt(2 * pi)
    u, rest = sqrt(a) * g[:, None], sqrt(b - c**2 / a)
    return float(weight @ (s(u) * s(c / a * u + rest * g)) @ weight)


correlations = st.floats(-0.999, 0.999)


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("derivative", [False, True])
@few
@given(rho=correlations, a=decades(-1, 0.7), b=decades(-1, 0.7))
def test_dual_is_an_integral(name: str, derivative: bool, rho: float, a: float, b: float) -> None:
    c = rho * sqrt(a * b)
    s = slope(name) if derivative else function(name)
    size = sqrt(dual(name, a, a, a, derivative) * dual(name, b, b, b, derivative))
    assert_allclose(dual(name, c, a, b, derivative), smooth_dual(s, c, a, b), atol=1e-11 * size)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("a", "b"), [(1.0, 1.0), (0.5, 2.0)])
def test_dual_is_the_mehler_series(name: str, a: float, b: float) -> None:
    """It converges as rho^k, so up to |rho| = 0.8 within 150 terms."""
    rho = np.linspace(-0.8, 0.8, 9)
    series = (hermite(name, 150, a) * hermite(name, 150, b)) @ rho ** np.arange(151)[:, None]
    found = dual(name, rho * sqrt(a * b), a, b)
    assert_allclose(found, series, atol=1e-12 * np.abs(series).max())


@pytest.mark.parametrize("name", NAMES)
@few
@given(rho=st.floats(-0.99, 0.99), a=decades(-1, 1), b=decades(-1, 1))
def test_price(name: str, rho: float, a: float, b: float) -> None:
    """d dual / d covariance is the dual of the derivative."""
    limit = sqrt(a * b)
    h = 1e-4 * limit * (1 - abs(rho))
    c = rho * limit
    rise = dual(name, [c + h, c - h, c + 2 * h, c - 2 * h], a, b)
    difference = (8 * (rise[0] - rise[1]) - (rise[2] - rise[3])) / (12 * h)
    rounding = 1e-15 * np.abs(rise).max() / h
    assert_allclose(dual(name, c, a, b, derivative=True), difference, rtol=1e-8, atol=4 * rounding + 1e-12)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("derivative", [False, True])
@few
@given(rho=st.floats(-1, 1), a=decades(-4, 4), b=decades(-4, 4))
def test_dual_is_symmetric_and_below_cauchy_schwarz(
    name: str, derivative: bool, rho: float, a: float, b: float
) -> None:
    c = rho * sqrt(a) * sqrt(b)
    found, other = dual(name, c, a, b, derivative), dual(name, c, b, a, derivative)
    if name == "sign" and derivative:
        assert_allclose(found, other, rtol=1e-9)
    else:
        limit = sqrt(dual(name, a, a, a, derivative)) * sqrt(dual(name, b, b, b, derivative))
        assert_allclose(found, other, rtol=1e-9, atol=1e-13 * limit)
        assert abs(found) <= limit * (1 + 1e-9)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("derivative", [False, True])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("a", "b"), [(1.0, 1.0), (0.2, 3.0)])
def test_dual_at_the_ends(name: str, derivative: bool, sign: int, a: float, b: float) -> None:
    """At correlation +-1 it is one Gaussian: E s(sqrt(a) g) s(+-sqrt(b) g)."""
    g, weight = gaussian()
    s = slope(name) if derivative else function(name)
    expected = weight @ (s(sqrt(a) * g) * s(sign * sqrt(b) * g))
    if name == "sign" and derivative:
        expected = inf
    found = dual(name, sign * sqrt(a) * sqrt(b), a, b, derivative)
    assert_allclose(found, expected, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("variance", [0.1, 0.7, 10.0])
def test_dual_on_the_diagonal(name: str, variance: float) -> None:
    """The correlation is 1 although sqrt(0.1)^2 is not 0.1."""
    g, weight = gaussian()
    for s, derivative in ((function(name), False), (slope(name), True)):
        expected = weight @ s(sqrt(variance) * g) ** 2
        if name == "sign" and derivative:
            expected = inf
        assert_allclose(dual(name, variance, variance, variance, derivative), expected, rtol=1e-12)


def test_covariances_just_beyond_the_end_are_clipped() -> None:
    assert dual("relu", 1 + 1e-13) == dual("relu", 1.0)
    assert dual("abs", -1 - 1e-13) == dual("abs", -1.0)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("b", [0.0, 1.7])
def test_dual_at_variance_zero(name: str, b: float) -> None:
    g, weight = gaussian()
    s = function(name)
    expected = float(s(np.zeros(1))[0] * (weight @ s(sqrt(b) * g)))
    assert_allclose(dual(name, 0.0, 0.0, b), expected, rtol=1e-13, atol=1e-14)
    assert_allclose(dual(name, 0.0, b, 0.0), expected, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize(
    ("name", "degree"), [("relu", 1), ("leaky_relu", 1), ("abs", 1), ("sign", 0), *POLYNOMIALS.items()]
)
@few
@given(rho=correlations, a=decades(-60, 60), b=decades(-60, 60))
def test_dual_of_a_homogeneous_function_scales(
    name: str, degree: int, rho: float, a: float, b: float
) -> None:
    size = sqrt(a) * sqrt(b)
    # the kinked ones see the angle, which the rounding of rho near the ends blurs
    assert_allclose(
        dual(name, rho * size, a, b), size**degree * dual(name, rho), rtol=1e-11, atol=1e-13 * size**degree
    )


@pytest.mark.parametrize(
    ("name", "step", "height"),
    [
        ("tanh", "sign", 1.0),
        ("erf", "sign", 1.0),
        ("sigmoid", None, 1.0),
        ("gelu", "relu", 0.0),
        ("softplus", "relu", 0.0),
    ],
)
@pytest.mark.parametrize("rho", [-0.9, 0.0, 0.4])
def test_huge_variances_approach_the_kinked_limit(
    name: str, step: str | None, height: float, rho: float
) -> None:
    variance = 1e12
    orthant = (pi - np.arccos(rho)) / (2 * pi)
    expected = orthant if step is None else dual(step, rho * variance, variance, variance)
    found = dual(name, rho * variance, variance, variance)
    assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    assert height == 0 or abs(found) <= height


@pytest.mark.parametrize("variance", [40.0, 2e3, 1e6])
@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
def test_steep_activations(name: str, variance: float) -> None:
    """At correlation 1 the dual is E s^2: one integral, cut where the activation turns."""
    scale = sqrt(variance)
    edges = np.concatenate([np.linspace(0, 30 / scale, 60), np.geomspace(30 / scale, 14, 40)[1:]])
    x, w = np.polynomial.legendre.leggauss(20)
    g = (edges[:-1, None] + np.diff(edges)[:, None] * (x + 1) / 2).ravel()
    weight = (np.diff(edges)[:, None] * w / 2).ravel() * np.exp(-(g**2) / 2) / sqrt(2 * pi)
    second = weight @ (function(name)(scale * g) ** 2 + function(name)(-scale * g) ** 2)
    assert_allclose(dual(name, variance, variance, variance), second, rtol=1e-10)


@pytest.mark.parametrize("name", [name for name in SMOOTH if name not in ("quadratic", "cubic", "identity")])
@pytest.mark.parametrize("rho", [-1.0, -0.9, 0.0, 0.4, 1.0])
def test_tiny_variances_linearise(name: str, rho: float) -> None:
    variance = 1e-12
    zero = np.zeros(1)
    flat, rise = function(name)(zero)[0], slope(name)(zero)[0]
    found = dual(name, rho * variance, variance, variance)
    if flat == 0:
        assert_allclose(found, rise**2 * rho * variance, rtol=1e-10, atol=1e-23)
    else:
        assert_allclose(found, flat**2, rtol=1e-11)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("derivative", [False, True])
@few
@given(rho=st.floats(-1, 1), a=decades(-100, 100), b=decades(-100, 100))
@example(rho=1.0, a=1e50, b=1e50)  # sqrt(a) sqrt(b) is above a
@example(rho=-1.0, a=1e50, b=1e50)
def test_dual_never_overflows(name: str, derivative: bool, rho: float, a: float, b: float) -> None:
    if name == "cubic":  # its value itself is beyond 1e308
        a, b = a**0.4, b**0.4
    found = dual(name, rho * sqrt(a) * sqrt(b), a, b, derivative)
    assert not np.isnan(found)
    assert np.isfinite(found) or (name == "sign" and derivative and abs(rho) > 1 - 1e-10)


@pytest.mark.jit
@pytest.mark.parametrize("rho", [-0.95, -0.3, 0.0, 0.6, 0.99])
def test_dual_of_callables(rho: float) -> None:
    """Given u, v is Gaussian: one integral is left, cut at the kink."""
    rest = sqrt(1 - rho**2)
    for kink, name in [(0.0, "leaky"), (B, "shifted"), (B, "step")]:
        s = CALLABLES[name][0]
        u, weight = gaussian(kink)
        t = (rho * u - kink) / rest
        above = rest * (t * ndtr(t) + np.exp(-(t**2) / 2) / sqrt(2 * pi))  # E (v - kink)_+
        if name == "leaky":
            below = above - rest * t
            given_u = above - 0.1 * below
        else:
            given_u = above if name == "shifted" else ndtr(t)
        if name == "leaky":
            assert_allclose(dual(s, rho), weight @ (s(u) * given_u), rtol=1e-9, atol=1e-11, err_msg=name)
        else:  # a kink away from 0 is told, not approximated: or the value is right to what was asked
            try:
                found = dual(s, rho)
            except ConvergenceError:
                continue
            assert_allclose(found, weight @ (s(u) * given_u), rtol=1e-6, err_msg=name)


@pytest.mark.jit
def test_dual_of_the_slope_of_a_callable() -> None:
    rho = np.array([-0.5, 0.2, 0.9])
    leaky = CALLABLES["leaky"][0]
    same, opposite = 0.25 + np.arcsin(rho) / (2 * pi), 0.25 - np.arcsin(rho) / (2 * pi)
    assert_allclose(dual(leaky, rho, derivative=True), 1.01 * same + 0.2 * opposite, rtol=1e-6)


def test_dual_broadcasts() -> None:
    assert dual("gelu", np.zeros((2, 1)), np.ones(3)).shape == (2, 3)
    assert dual("tanh", np.zeros((2, 1)), np.ones(3)).shape == (2, 3)
    assert np.shape(dual("tanh", 0.5)) == ()
