"""d'Ascoli et al. 2020, double trouble: order parameters, ensembles, and what diverges."""

from collections.abc import Callable
from math import inf

import numpy as np
import pytest
from hypothesis import assume, given
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from tests.strategies import decades, maybe, pairs, ratios
from theory import Problem, ensemble
from theory.activation import moments
from theory.papers import dascoli2020, mei2022


@given(ratios, ratios, maybe(decades(-4, 1)), pairs, maybe(decades(-1, 1)), decades(-1, 1), decades(0, 3))
def test_dascoli2020_order_parameters(
    psi1: float, psi2: float, lam: float, pair: tuple[float, float], nonlinear: float, noise: float, K: float
) -> None:
    """error = F1^2 (1 - 2 Psi1 + Psi2) + (F*^2 + tau^2) Psi3 + F*^2 and its ensemble form."""
    assume(abs(psi1 - psi2) > 1e-6)
    fit = mei2022.risk(psi1, psi2, lam, pair)
    V = mei2022.coefficients(psi1, psi2, lam, pair).V
    Psi1 = pair[0] ** 2 / (pair[0] ** 2 + fit.gamma_eff)
    Psi5 = fit.df2 / (psi2 - fit.df2)
    found = dascoli2020.decomposition(psi1, psi2, lam, pair, 0.0, nonlinear, noise, K)
    excess = (nonlinear + noise) * (V / K + (1 - 1 / K) * Psi5) + nonlinear
    assert_allclose(found.test - noise, excess, rtol=1e-7)
    clean = dascoli2020.decomposition(psi1, psi2, lam, pair, 2.0)
    assert_allclose(clean.bias, 2 * (1 - Psi1) ** 2, rtol=1e-7, atol=1e-14)


def test_dascoli2020_is_an_ensemble() -> None:
    mu = moments("relu")
    problem = Problem([mu.mu1**2], [2.0], tail=mu.mu_star2, tail_power=0.3, noise=0.4)
    K = np.array([1.0, 3.0, inf])
    found = dascoli2020.decomposition(2.0, 1.5, 0.01, "relu", 2.0, 0.3, 0.4, K)
    assert_allclose(found.test, ensemble(problem, 1.5, 2.0, 0.01, feature_draws=K), rtol=1e-13)
    assert_allclose(found.test[0], mei2022.risk(2.0, 1.5, 0.01, "relu", 2.0, 0.3, 0.4).test, rtol=1e-13)
    assert found.bias.shape == found.sampling.shape == (3,)


def test_dascoli2020_claims() -> None:
    """Only noise and initialization diverge; bias, sampling and K = inf are flat beyond the threshold."""
    peak = dascoli2020.decomposition(1.0, 1.0, noise=0.5)
    assert peak.noise == peak.initialization == peak.test == inf
    assert np.isfinite([peak.sampling, peak.bias]).all()
    assert np.isfinite(dascoli2020.decomposition(1.0, 1.0, noise=0.5, members=inf).test)
    assert dascoli2020.decomposition(1.0, 1.0).noise == 0
    wide = dascoli2020.decomposition([1.5, 3.0, 30.0], 1.0, noise=0.5, members=inf)
    for curve in (wide.bias, wide.sampling, wide.test):
        assert_allclose(curve, curve[0], rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dascoli2020.decomposition(-1.0, 1.0), "psi1 = -1"),
        (lambda: dascoli2020.decomposition(1.0, 2.0, members=[1, 0.5]), "members = 0.5"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(
        lambda *a: dascoli2020.decomposition(*a[:3], "relu", *a[3:]), [2.0, 3.0, 0.1, 1.0, 0.2, 0.3, 2.0]
    )
