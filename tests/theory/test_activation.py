"""Moments and slopes of activations, against quadrature of our own and closed forms."""

from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.activations import CALLABLES, few, gaussian
from tests.strategies import decades
from theory import ConvergenceError
from theory.activation import NAMES, dual, function, hermite, moments, slope

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


def test_mean_that_does_not_exist_is_told() -> None:
    with pytest.raises(ConvergenceError, match="did not settle"):
        moments(lambda x: np.exp(x**2))


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
        (lambda: moments("rely"), "activation = 'rely'"),
        (lambda: dual("rely", 0.0), "activation = 'rely'"),
        (lambda: function("rely"), "activation = 'rely'"),
        (lambda: slope("rely"), "activation = 'rely'"),
        (lambda: hermite("rely", 2), "activation = 'rely'"),
        (lambda: moments(3.0), "activation = 3.0"),  # type: ignore[arg-type]
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
