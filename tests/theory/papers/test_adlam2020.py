"""Adlam, Pennington 2020, the variance decomposition: the core at any dimension, and its limits."""

from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from tests.strategies import decades, maybe, ratios
from theory import Problem, random_features
from theory.activation import moments
from theory.papers import adlam2020


@given(ratios, ratios, decades(-4, 2), maybe(decades(-2, 1)))
def test_adlam2020_is_the_core_at_any_d(phi: float, psi: float, gamma: float, noise: float) -> None:
    """K = F'F/N + gamma I: gamma = n ridge, with the eigenvalue mu1^2/d of multiplicity d."""
    d, mu = 200.0, moments("tanh")
    problem = Problem([mu.mu1**2 / d], [1.0], [d], tail=mu.mu_star2, noise=noise)
    core = random_features(problem, d / phi, d / psi, gamma * phi / d)
    found = adlam2020.decomposition(phi, psi, gamma, "tanh", noise=noise)
    names = ("bias", "var_features", "var_samples", "var_samples_features")
    names += ("var_noise_samples", "var_noise_samples_features", "test")
    assert_allclose(found, [getattr(core, name) for name in names], rtol=1e-9)


def test_adlam2020_limits_and_claims() -> None:
    def terms(*args: Any, **kwargs: Any) -> Any:
        return np.array(adlam2020.decomposition(*args, noise=0.2, **kwargs))

    assert_allclose(terms(0.5, 0.0, 0.1), terms(0.5, 1e-12, 0.1), rtol=1e-9, atol=1e-9)
    assert_allclose(terms(0.0, 0.5, 0.1), terms(1e-12, 0.5, 0.1), rtol=1e-9, atol=1e-9)
    assert_allclose(terms(0.5, 0.5, inf), [1, 0, 0, 0, 0, 0, 1.2], rtol=1e-14)
    assert terms(0.0, 0.5, inf)[-1] == 1.2
    peak = adlam2020.decomposition(0.5, 0.5, 0.0, noise=0.2)
    assert peak.V_PX == peak.V_PXe == peak.test == inf
    assert np.isfinite([peak.B, peak.V_P, peak.V_X, peak.V_Xe]).all()
    assert (np.diff(adlam2020.decomposition(0.5, np.geomspace(10, 0.01, 40), 0.1).B) <= 0).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: adlam2020.decomposition(-0.5, 0.5, 0.1), "phi = -0.5"),
        (lambda: adlam2020.decomposition(0.5, inf, 0.1), "psi = inf"),
        (lambda: adlam2020.decomposition(0.5, 0.5, -0.1), "gamma = -0.1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(lambda *a: adlam2020.decomposition(*a[:3], "erf", *a[3:]), [0.5, 0.4, 0.1, 1.0, 0.2])
