"""Harmonics by degree, and the spectrum of kernels and activations against closed forms."""

from math import comb, inf, pi, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.special import beta, eval_legendre, poch, roots_gegenbauer

from theory.activation import NAMES, function, hermite, moments
from theory.sphere import (
    activation_coefficients,
    activation_spectrum,
    eigenvalues,
    kurtosis,
    legendre,
    multiplicity,
)

DIMENSIONS = (2, 3, 5, 10, 100)


def cosine_rule(d: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Gauss rule of the cosine's law (1 - t^2)^((d - 3)/2): exact on polynomials of degree < 2 count."""
    if d == 2:
        return np.cos((np.arange(count) + 0.5) * pi / count), np.full(count, 1 / count)
    t, weight = roots_gegenbauer(count, (d - 2) / 2)
    return t, weight / weight.sum()


# -- harmonics -------------------------------------------------------------------------------------


@given(st.integers(2, 60), st.integers(2, 60))
def test_multiplicity_counts_polynomials(d: int, k: int) -> None:
    """Homogeneous polynomials of degree k, less those that are |x|^2 times one of degree k - 2."""
    assert multiplicity(k, d) == float(comb(d + k - 1, k) - comb(d + k - 3, k - 2))


def test_multiplicity_in_low_dimension() -> None:
    k = np.arange(200)
    assert multiplicity(k, 2).tolist() == [1.0] + [2.0] * 199
    assert multiplicity(k, 3).tolist() == (2 * k + 1.0).tolist()
    assert multiplicity(k, 4).tolist() == ((k + 1.0) ** 2).tolist()


@pytest.mark.parametrize("d", [2, 7, 10_000])
def test_multiplicity_of_constants_and_linear_functions(d: int) -> None:
    assert multiplicity([0, 1], d).tolist() == [1.0, d]


def test_multiplicity_may_be_infinite() -> None:
    assert multiplicity(1000, 1000) == inf


@given(st.integers(0, 200), st.integers(2, 300), st.floats(-1, 1))
def test_legendre_is_bounded_even_or_odd_and_one_at_one(k: int, d: int, t: float) -> None:
    assert abs(legendre(k, d, t)) <= 1 + 1e-12
    assert legendre(k, d, -t) == (-1) ** k * legendre(k, d, t)
    assert_allclose(legendre(k, d, 1.0), 1.0, rtol=1e-12)


@given(st.integers(1, 100), st.integers(2, 300), st.floats(-1, 1))
def test_legendre_recurrence(k: int, d: int, t: float) -> None:
    below, here, above = legendre([k - 1, k, k + 1], d, t)
    assert_allclose((k + d - 2) * above + k * below, (2 * k + d - 2) * t * here, rtol=0, atol=1e-11 * (k + d))


def test_legendre_in_low_dimension() -> None:
    k, t = np.arange(40)[:, None], np.linspace(-1, 1, 21)
    assert_allclose(legendre(k, 2, t), np.cos(k * np.arccos(t)), rtol=0, atol=1e-12)
    assert_allclose(legendre(k, 3, t), eval_legendre(k, t), rtol=0, atol=1e-12)
    sine = np.sin(np.arccos(t[1:-1]))
    assert_allclose(
        legendre(k, 4, t[1:-1]), np.sin((k + 1) * np.arccos(t[1:-1])) / ((k + 1) * sine), rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("d", DIMENSIONS)
def test_legendre_polynomials_are_orthogonal(d: int) -> None:
    k = np.arange(13)
    t, weight = cosine_rule(d, 40)
    table = legendre(k[:, None], d, t)
    gram = (table * weight) @ table.T * np.sqrt(np.outer(multiplicity(k, d), multiplicity(k, d)))
    assert_allclose(gram, np.eye(13), rtol=0, atol=1e-11)


# -- kernels ---------------------------------------------------------------------------------------


def arc_cosine0(t: np.ndarray) -> np.ndarray:
    return 1 - np.arccos(t) / pi


def arc_cosine1(t: np.ndarray) -> np.ndarray:
    return (t * (pi - np.arccos(t)) + np.sqrt((1 - t) * (1 + t))) / pi


def neural_tangent(t: np.ndarray) -> np.ndarray:
    return t * arc_cosine0(t) + arc_cosine1(t)


def closed0(k: int, d: int) -> float:
    """Eigenvalues of arc_cosine0: Gamma(d/2) Gamma(k/2) / Gamma((k + d)/2) is B(d/2, k/2)."""
    if k == 0:
        return 0.5
    return float(beta(d / 2, k / 2)) ** 2 / (2 * pi**2) if k % 2 else 0.0


def closed1(k: int, d: int) -> float:
    if k == 0:  # 2 d Gamma(d/2)^2 / (pi (d-1)^2 Gamma((d-1)/2)^2)
        return float(2 * d / (pi * (d - 1) ** 2) * poch((d - 1) / 2, 0.5) ** 2)
    if k == 1:
        return 1 / (2 * d)
    # Gamma(d/2) Gamma((k-1)/2) / Gamma((k+d+1)/2) = B(d/2 + 1, (k-1)/2) / (d/2)
    return float(d * (beta(d / 2 + 1, (k - 1) / 2) * 2 / d) ** 2 / (8 * pi**2)) if k % 2 == 0 else 0.0


def closed_tangent(k: int, d: int) -> float:
    """By the rule for the product with t."""
    up = (k + d - 2) / (2 * k + d - 2) if k else 1.0
    down = k / (2 * k + d - 2) if k else 0.0
    return down * (closed0(k - 1, d) if k else 0.0) + up * closed0(k + 1, d) + closed1(k, d)


@pytest.mark.parametrize("d", DIMENSIONS)
@pytest.mark.parametrize(
    ("kernel", "closed"),
    [(arc_cosine0, closed0), (arc_cosine1, closed1), (neural_tangent, closed_tangent)],
)
def test_funk_hecke(kernel: Any, closed: Any, d: int) -> None:
    """The parity rule holds exactly: zero is zero."""
    k = np.arange(13)
    expected = np.array([closed(int(degree), d) for degree in k])
    found = eigenvalues(kernel, k, d)
    scale = float(kernel(np.ones(1))[0]) / np.sqrt(multiplicity(k, d))
    assert (np.abs(found - expected) <= 1e-12 * expected + 3e-14 * scale).all()
    assert (found[expected == 0] == 0).all()


def test_funk_hecke_as_printed() -> None:
    """The two-layer tangent kernel on the sphere of R^3, and its half on the circle."""
    assert_allclose(
        eigenvalues(neural_tangent, [0, 1, 2, 3, 4], 3), [1 / 2, 1 / 3, 5 / 64, 0, 1 / 192], rtol=1e-12
    )
    circle = [1 / pi**2, 1 / 8] + [
        (k**2 + 1) / (pi**2 * (k**2 - 1) ** 2) if k % 2 == 0 else 0 for k in range(2, 9)
    ]
    assert_allclose(eigenvalues(lambda t: t * arc_cosine0(t) / 2, np.arange(9), 2), circle, rtol=1e-12)


@pytest.mark.parametrize("d", DIMENSIONS)
@given(coefficients=st.lists(st.floats(-3, 3).map(lambda x: round(x, 3)), min_size=1, max_size=8))
def test_the_eigenvalues_give_back_a_polynomial(d: int, coefficients: list[float]) -> None:
    def kernel(t: np.ndarray) -> np.ndarray:
        return np.polynomial.polynomial.polyval(t, coefficients)

    k, t = np.arange(12), np.linspace(-1, 1, 7)
    found = eigenvalues(kernel, k, d)
    assert (found[len(coefficients) :] == 0).all()
    series = (found * multiplicity(k, d)) @ legendre(k[:, None], d, t)
    size = sum(map(abs, coefficients))
    assert_allclose(series, kernel(t), rtol=0, atol=1e-11 * size)


@pytest.mark.parametrize("d", DIMENSIONS)
def test_high_degrees_do_not_matter_to_low_ones(d: int) -> None:
    low, high = eigenvalues(np.exp, [0, 1, 2], d), eigenvalues(np.exp, [0, 1, 2, 300], d)
    assert_allclose(high[:3], low, rtol=1e-12)
    assert high[3] == 0  # below 1e-600


@pytest.mark.parametrize("d", [2, 3, 10])
def test_rounding_is_returned_as_zero(d: int) -> None:
    """A positive definite kernel has no negative eigenvalue, however high the degree."""
    k = np.arange(513)
    for kernel in (np.exp, lambda t: (1 + t) ** 2, neural_tangent, arc_cosine1):
        assert eigenvalues(kernel, k, d).min() == 0


def test_large_dimension() -> None:
    """t is nearly N(0, 1/d): mu_1 = 1/d for k(t) = t, and E exp(t) = exp(1/(2d)) to 1/d^2."""
    d = 10_000
    assert_allclose(eigenvalues(lambda t: t, [0, 1, 2], d), [0, 1 / d, 0], rtol=1e-12)
    assert_allclose(eigenvalues(np.exp, 0, d), 1 + 1 / (2 * d) + 1 / (8 * d * (d + 2)), rtol=1e-12)


# -- activations -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("d", DIMENSIONS)
def test_parseval(name: str, d: int) -> None:
    """What the degrees carry and the rest are E s(sqrt(d) t)^2."""
    degree = 15
    xi, rest = activation_spectrum(name, degree, d)
    # the law of t in the angle: smooth apart from the equator, which splits the panels
    angle, w = np.polynomial.legendre.leggauss(150)
    angle, w = (angle + 1) * pi / 4, w / 2
    weight = np.tile(w * np.cos(angle) ** (d - 2), 2)
    values = function(name)(sqrt(d) * np.concatenate([np.sin(angle), -np.sin(angle)]))
    second = weight @ values**2 / weight.sum()
    assert_allclose(xi**2 @ multiplicity(np.arange(degree + 1), d) + rest, second, rtol=1e-11)
    assert rest >= 0


@pytest.mark.parametrize("d", DIMENSIONS)
@pytest.mark.parametrize(
    ("name", "zero"),
    [
        *[(name, 0) for name in ("tanh", "erf", "sign", "sin", "identity", "cubic")],
        *[(name, 1) for name in ("abs", "cos", "quadratic")],
    ],
)
def test_parity(name: str, zero: int, d: int) -> None:
    """Odd functions have no even degrees, even ones no odd, exactly."""
    xi = activation_coefficients(name, np.arange(20), d)
    assert (xi[zero::2] == 0).all()
    assert xi[1 - zero] != 0


@pytest.mark.parametrize("d", DIMENSIONS)
def test_relu_is_half_linear_half_even(d: int) -> None:
    xi = activation_coefficients("relu", np.arange(20), d)
    assert (xi[3::2] == 0).all()
    assert_allclose(xi[1], 1 / (2 * sqrt(d)), rtol=1e-13)  # sqrt(d) E t^2 / 2
    assert_allclose(xi[0::2], activation_coefficients("abs", np.arange(0, 20, 2), d) / 2, rtol=1e-11)


@pytest.mark.parametrize("d", [*DIMENSIONS, 10_000])
def test_polynomials_are_exact(d: int) -> None:
    """x^2 = 1 + (d - 1) P_2 and x^3 = 3 d^(3/2) t/(d + 2) + ..., with x = sqrt(d) t."""
    assert_allclose(activation_spectrum("identity", 3, d).coefficients, [0, 1 / sqrt(d), 0, 0], rtol=1e-12)
    quadratic = activation_spectrum("quadratic", 3, d)
    assert_allclose(quadratic.coefficients, [1, 0, (d - 1) / multiplicity(2, d), 0], rtol=1e-12)
    assert quadratic.rest == activation_spectrum("identity", 1, d).rest == 0
    assert_allclose(activation_coefficients("cubic", 1, d), 3 * sqrt(d) / (d + 2), rtol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_large_dimension_is_gaussian(name: str) -> None:
    """xi_k sqrt(N(d, k)) -> the Hermite coefficient, with a gap of order 1/d."""
    k = np.arange(5)
    gaps = []
    for d in (1000, 10_000):
        scaled = activation_coefficients(name, k, d) * np.sqrt(multiplicity(k, d))
        gaps.append(np.abs(scaled - hermite(name, 4)).max())
    assert gaps[1] <= gaps[0] / 9 + 1e-12
    assert gaps[1] <= 1e-2 * sqrt(moments(name).second)


def test_the_circle() -> None:
    """d = 2: Fourier coefficients of relu(sqrt(2) cos(a)), half of them |cos|'s."""
    xi = activation_coefficients("relu", [0, 1, 2, 4], 2)
    assert_allclose(xi, [sqrt(2) / pi, sqrt(2) / 4, sqrt(2) / (3 * pi), -sqrt(2) / (15 * pi)], rtol=1e-12)


def test_coefficients_are_those_of_the_spectrum() -> None:
    spectrum = activation_spectrum("gelu", 6, 9)
    assert_allclose(
        activation_coefficients("gelu", [6, 0, 2], 9), spectrum.coefficients[[6, 0, 2]], rtol=1e-13
    )
    assert np.shape(activation_coefficients("gelu", 3, 9)) == ()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: multiplicity(-1, 3), "degree = -1"),
        (lambda: multiplicity(1.5, 3), "degree = 1.5"),
        (lambda: multiplicity([0, inf], 3), "degree = .*inf"),
        (lambda: multiplicity("k", 3), "degree = 'k'"),
        (lambda: multiplicity(1, 1), "d = 1"),
        (lambda: multiplicity(1, 2.5), "d = 2.5"),  # type: ignore[arg-type]
        (lambda: multiplicity(1, inf), "d = inf"),  # type: ignore[arg-type]
        (lambda: legendre(2, 3, 1.5), "t = 1.5"),
        (lambda: legendre(2, 3, [0.0, -1.01]), "t = -1.01"),
        (lambda: legendre(2, 3, np.nan), "t = nan"),
        (lambda: legendre(-2, 3, 0.0), "degree = -2"),
        (lambda: legendre([1, 2], 3, [0.1, 0.2, 0.3]), r"degree \(2,\), t \(3,\)"),
        (lambda: eigenvalues(np.exp, 1, 1), "d = 1"),
        (lambda: eigenvalues(np.exp, -1, 3), "degree = -1"),
        (lambda: eigenvalues(lambda t: 1.0, 1, 3), "kernel must return"),  # type: ignore[arg-type,return-value]
        (lambda: eigenvalues(lambda t: np.where(t > 0, np.nan, 0), 1, 3), "kernel must return"),
        (lambda: activation_spectrum("relu", 1.5, 3), "degree = 1.5"),  # type: ignore[arg-type]
        (lambda: activation_spectrum("relu", 2, 0), "d = 0"),
        (lambda: activation_coefficients("rely", 2, 3), "activation = 'rely'"),
    ],
)
def test_bad_argument_is_named(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


# -- kurtosis --------------------------------------------------------------------------------------


@pytest.mark.parametrize("d", DIMENSIONS)
@pytest.mark.parametrize("activation", ["cubic", "quadratic", "identity"])
def test_kurtosis_of_polynomials(d: int, activation: str) -> None:
    """f itself at a large kappa, by a Gauss rule that is exact on f^4."""
    t, weight = cosine_rule(d, 20)
    f = function(activation)(sqrt(d) * t)
    expected = weight @ f**4 / (weight @ f**2) ** 2
    assert_allclose(kurtosis(activation, 1e12, 3, d).features, expected, rtol=1e-9)
    # half of it in the rest: the same f
    assert_allclose(kurtosis(activation, 1e12, 1, d).features, expected, rtol=1e-9)


@pytest.mark.parametrize("kappa", [0.0, 1e-6, 0.1, 1e300])
def test_kurtosis_of_shrunk_levels(kappa: float) -> None:
    d, degree = 7, 4
    t, weight = cosine_rule(d, 40)
    xi = activation_coefficients("quadratic", np.arange(degree + 1), d)
    harmonics = multiplicity(np.arange(degree + 1), d)[:, None] * np.array(
        [legendre(k, d, t) for k in range(degree + 1)]
    )
    live = xi != 0
    gain = xi[live] / np.sqrt(xi[live] ** 2 + kappa)
    got = kurtosis("quadratic", kappa, degree, d)
    for power, value in ((1, got.features), (2, got.kernel)):
        f = gain**power @ harmonics[live]
        f /= np.abs(f).max()
        assert_allclose(value, weight @ f**4 / (weight @ f**2) ** 2, rtol=1e-9)


def test_kurtosis_of_gaussian_and_local_kernels() -> None:
    # linear features on the sphere: E t^4 / (E t^2)^2 = 3 d/(d + 2)
    got = kurtosis("identity", [0.0, 1.0], 3, d=50)
    assert_allclose(got.features, 150 / 52, rtol=1e-12)
    assert_allclose(got.kernel, 150 / 52, rtol=1e-12)
    # the smaller kappa, the fewer neighbours a sample sees
    local = kurtosis("relu", np.geomspace(1, 1e-8, 9), 100, d=3).kernel
    assert (np.diff(local) > 0).all()
    assert local[-1] > 50


def test_kurtosis_of_nothing_is_one() -> None:
    assert kurtosis(lambda x: 0 * x, 1.0, 3, d=5) == (1.0, 1.0)
    assert kurtosis(lambda x: 1 + 0 * x, 1.0, 3, d=5) == pytest.approx((1.0, 1.0))


@pytest.mark.parametrize("bad", [-1.0, inf])
def test_kurtosis_needs_a_kappa(bad: float) -> None:
    with pytest.raises(ValueError, match="kappa = "):
        kurtosis("relu", bad, 3, d=5)
