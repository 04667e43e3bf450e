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


def test_the_classical_splits_add_up_and_order() -> None:
    terms = adlam2020.decomposition([0.5, 2.0], [0.5, 0.1], 1e-2, "tanh", noise=0.3)
    splits = {over: adlam2020.classical(terms, over) for over in ("PXe", "Xe", "P", "e")}
    for split in splits.values():
        assert_allclose(0.3 + split.bias + split.variance, terms.test, rtol=1e-13)
    assert_allclose(splits["PXe"].bias, terms.B, rtol=0)
    # averaging over more draws leaves less bias
    assert (splits["PXe"].bias < splits["Xe"].bias).all()
    assert (splits["Xe"].bias < splits["e"].bias).all()
    assert (splits["P"].bias > splits["PXe"].bias).all()
    # who calls what infinite: at the peak the given design has a bias without bound, the average none
    peak = adlam2020.decomposition(0.5, 0.5, 0.0, noise=0.2)
    infinite = {over: np.isinf(adlam2020.classical(peak, over)) for over in splits}
    assert [list(infinite[over]) for over in splits] == [[False, True]] * 3 + [[True, True]]


def _sphere(count: int, d: int, rng: np.random.Generator) -> Any:
    x = rng.standard_normal((count, d))
    return x * np.sqrt(d) / np.linalg.norm(x, axis=1, keepdims=True)


@pytest.mark.parametrize("over", ["PXe", "Xe", "P", "e"])
def test_the_bias_is_the_error_of_the_averaged_predictor(over: str) -> None:
    """Two predictors that share what is not averaged over: 5 standard errors and 8/n."""
    rng, n, d, gamma, noise, found = np.random.default_rng(1), 60, 30, 0.3, 0.5, []
    for _ in range(300):
        beta, fresh = rng.standard_normal(d) / np.sqrt(d), _sphere(100, d, rng)
        beta *= np.linalg.norm(beta) ** -1
        missed: list[Any] = []
        for second in (False, True):
            if not second or "P" in over:
                W = _sphere(n, d, rng)
            if not second or "X" in over:
                X = _sphere(n, d, rng)
            if not second or "e" in over:
                e = np.sqrt(noise) * rng.standard_normal(n)
            H, Z = (np.tanh(points @ W.T / np.sqrt(d)) / np.sqrt(n) for points in (X, fresh))
            coefficients = H.T @ np.linalg.solve(H @ H.T + gamma * np.eye(n), X @ beta + e)
            missed.append(Z @ coefficients - fresh @ beta)
        found.append(np.mean(missed[0] * missed[1]))
    terms = adlam2020.decomposition(d / n, d / n, gamma, "tanh", noise=noise)
    expected = adlam2020.classical(terms, over).bias
    error = np.std(found) / np.sqrt(300)
    assert 5 * error < 0.2 * expected
    assert abs(np.mean(found) - expected) < 5 * error + 8 / n * expected


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: adlam2020.decomposition(-0.5, 0.5, 0.1), "phi = -0.5"),
        (lambda: adlam2020.decomposition(0.5, inf, 0.1), "psi = inf"),
        (lambda: adlam2020.decomposition(0.5, 0.5, -0.1), "gamma = -0.1"),
        (
            lambda: adlam2020.classical(adlam2020.decomposition(0.5, 0.5, 0.1), "PX"),
            "over = 'PX' is unknown; choose from PXe, Xe, P, e",
        ),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(lambda *a: adlam2020.decomposition(*a[:3], "erf", *a[3:]), [0.5, 0.4, 0.1, 1.0, 0.2])
