"""Activations under a Gaussian, against quadrature of our own, closed forms and Hermite series."""

from collections.abc import Callable
from math import erfc, exp, factorial, inf, pi, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.special import factorial2, ndtr

from tests.strategies import decades
from theory import ConvergenceError
from theory.activation import NAMES, dual, function, hermite, moments, slope

Function = Callable[[np.ndarray], np.ndarray]

few = settings(max_examples=15)  # of each name

KINKED = ("relu", "leaky_relu", "sign", "abs")  # at 0
SMOOTH = tuple(name for name in NAMES if name not in KINKED)
POLYNOMIALS = {"quadratic": 2, "identity": 1, "cubic": 3}  # name -> degree

# callables: function, where it has its kink, (mu0, mu1, second, slope2)
B = 0.3
TAIL, DENSITY = erfc(B / sqrt(2)) / 2, exp(-(B**2) / 2) / sqrt(2 * pi)
CALLABLES: dict[str, tuple[Function, float, tuple[float, float, float, float]]] = {
    "leaky": (
        lambda x: np.where(x > 0, x, 0.1 * x),
        0.0,
        (0.9 / sqrt(2 * pi), 0.55, 0.505, 0.505),
    ),
    "shifted": (
        lambda x: np.maximum(x - B, 0.0),
        B,
        (DENSITY - B * TAIL, TAIL, (1 + B**2) * TAIL - B * DENSITY, TAIL),
    ),
    "step": (lambda x: np.where(x > B, 1.0, 0.0), B, (TAIL, DENSITY, TAIL, inf)),
    "small step": (lambda x: np.where(x > B, 1e-4, 0.0), B, (1e-4 * TAIL, 1e-4 * DENSITY, 1e-8 * TAIL, inf)),
    "bent": (lambda x: np.abs(x - B), B, (2 * DENSITY + B * (1 - 2 * TAIL), 2 * TAIL - 1, 1 + B**2, 1.0)),
    "exp": (np.exp, 0.0, (exp(0.5), exp(0.5), exp(2), exp(2))),
    "fifth power": (lambda x: x**5, 0.0, (0.0, 15.0, 945.0, 2625.0)),
}


def gaussian(kink: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of a standard normal mean: panels of at most 1/4, one edge at the kink."""
    x, w = np.polynomial.legendre.leggauss(20)
    edges = np.unique(np.concatenate([np.arange(-14, 14.25, 0.25), [kink]]))
    half = np.diff(edges)[:, None] / 2
    g = (edges[:-1, None] + half * (1 + x)).ravel()
    return g, (half * w).ravel() * np.exp(-(g**2) / 2) / sqrt(2 * pi)


def smooth_dual(s: Function, c: float, a: float, b: float) -> float:
    """E s(u) s(v) by the trapezoidal rule, exact to rounding for smooth s at variances of order 1."""
    g = np.arange(-12, 12.05, 0.1)
    weight = np.exp(-(g**2) / 2) * 0.1 / sqrt(2 * pi)
    u, rest = sqrt(a) * g[:, None], sqrt(b - c**2 / a)
    return float(weight @ (s(u) * s(c / a * u + rest * g)) @ weight)


# -- moments ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_moments_are_integrals(name: str) -> None:
    g, weight = gaussian()
    values, rises = function(name)(g), slope(name)(g)
    mu0, mu1, second = weight @ values, weight @ (g * values), weight @ values**2
    star = weight @ (values - mu0 - mu1 * g) ** 2
    found = moments(name)
    assert_allclose(found[:4], [mu0, mu1, second, star], rtol=1e-13, atol=1e-14)
    assert_allclose(found.slope2, inf if name == "sign" else weight @ rises**2, rtol=1e-13)
    assert found.zeta2 == (inf if name == "identity" else found.mu1**2 / found.mu_star2)


@pytest.mark.parametrize("name", CALLABLES)
def test_moments_of_callables(name: str) -> None:
    s, _, (mu0, mu1, second, slope2) = CALLABLES[name]
    found = moments(s)
    assert_allclose(found[:3], [mu0, mu1, second], rtol=1e-12, atol=1e-13)
    assert_allclose(found.mu_star2, second - mu0**2 - mu1**2, rtol=1e-11)
    assert_allclose(found.slope2, slope2, rtol=1e-8)  # central differences


@pytest.mark.parametrize("name", [name for name in NAMES if name != "sign"])
def test_moments_of_a_name_are_those_of_its_function(name: str) -> None:
    assert_allclose(moments(function(name)), moments(name), rtol=1e-9, atol=1e-12)


def test_nearly_linear_activation_keeps_its_digits() -> None:
    """s = g + e (g^2 - 1): mu_star2 = 2 e^2, far below the rounding of E s^2."""
    assert_allclose(moments(lambda g: g + 1e-9 * (g**2 - 1)).mu_star2, 2e-18, rtol=1e-6)


@few
@given(decades(-6, 6), st.floats(-5, 5))
def test_moments_of_an_affine_function(scale: float, shift: float) -> None:
    found = moments(lambda g: scale * g + shift)
    assert_allclose(found.mu0, shift, atol=1e-13 * (scale + abs(shift)))
    assert_allclose(found[1], scale, rtol=1e-12, atol=1e-13 * abs(shift))
    assert found.mu_star2 == 0
    assert found.zeta2 == inf


EVEN = {
    "constant": lambda g: np.full_like(g, 2.0),
    "abs": np.abs,
    "dead zone": lambda g: np.maximum(np.abs(g) - 0.3, 0.0),
    "scaled": lambda g: 1e8 * np.exp(-(g**2)),
}


@pytest.mark.parametrize("name", EVEN)
def test_even_activation_has_no_linear_part(name: str) -> None:
    """Rounding in place of mu1 = 0 would be an eigenvalue, which counts in the rank."""
    found = moments(EVEN[name])
    assert found.mu1 == 0.0
    assert found.zeta2 == (inf if name == "constant" else 0.0)
    assert (found.mu_star2 == 0.0) == (name == "constant")


def test_odd_activation_has_no_mean() -> None:
    assert moments("tanh").mu0 == moments(np.sin).mu0 == 0.0


# -- Hermite ---------------------------------------------------------------------------------------


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


# -- dual ------------------------------------------------------------------------------------------

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


def test_dual_of_the_slope_of_a_callable() -> None:
    rho = np.array([-0.5, 0.2, 0.9])
    leaky = CALLABLES["leaky"][0]
    same, opposite = 0.25 + np.arcsin(rho) / (2 * pi), 0.25 - np.arcsin(rho) / (2 * pi)
    assert_allclose(dual(leaky, rho, derivative=True), 1.01 * same + 0.2 * opposite, rtol=1e-6)


def test_mean_that_does_not_exist_is_told() -> None:
    with pytest.raises(ConvergenceError, match="did not settle"):
        moments(lambda x: np.exp(x**2))


def test_dual_broadcasts() -> None:
    assert dual("gelu", np.zeros((2, 1)), np.ones(3)).shape == (2, 3)
    assert dual("tanh", np.zeros((2, 1)), np.ones(3)).shape == (2, 3)
    assert np.shape(dual("tanh", 0.5)) == ()


# -- functions, slopes, bad arguments --------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_slope_is_the_derivative(name: str) -> None:
    x = np.array([-3.1, -1.0, -0.2, 0.3, 1.7, 4.0])
    s = function(name)
    assert_allclose(slope(name)(x), (s(x + 1e-5) - s(x - 1e-5)) / 2e-5, rtol=1e-8, atol=1e-9)
    assert_allclose(slope(s)(x), slope(name)(x), rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: moments("rely"), "activation = 'rely' is unknown; choose from relu"),
        (lambda: dual("rely", 0.0), "activation = 'rely'"),
        (lambda: function("rely"), "activation = 'rely'"),
        (lambda: slope("rely"), "activation = 'rely'"),
        (lambda: hermite("rely", 2), "activation = 'rely'"),
        (lambda: moments(3.0), "activation = 3.0 is neither"),  # type: ignore[arg-type]
        (lambda: moments(lambda x: 1.0), r"activation returned shape \(\)"),  # type: ignore[arg-type,return-value]
        (lambda: moments(lambda x: np.where(x > 0, np.nan, 0)), "not finite"),
        (lambda: hermite(lambda x: np.where(x > 0, np.inf, 0), 2), "not finite"),
        (lambda: hermite("relu", -1), "degree = -1"),
        (lambda: hermite("relu", 1.5), "degree = 1.5"),  # type: ignore[arg-type]
        (lambda: hermite("relu", 2, -0.5), "variance = -0.5"),
        (lambda: hermite("relu", 2, inf), "variance = inf"),
        (lambda: dual("relu", 1.1), "covariance = 1.1"),
        (lambda: dual("relu", [0.0, -3.0], 4.0), "covariance = -3"),
        (lambda: dual("relu", 0.0, -2.0), "variance_x = -2"),
        (lambda: dual("relu", 0.0, 1.0, [1.0, -7.0]), "variance_z = -7"),
        (lambda: dual("relu", np.nan), "covariance = nan"),
        (lambda: dual("relu", 0.0, inf), "variance_x = inf"),
        (lambda: dual("relu", [0.0, 0.0], np.ones(3)), r"covariance \(2,\), variance_x \(3,\)"),
    ],
)
def test_bad_argument_is_named(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
