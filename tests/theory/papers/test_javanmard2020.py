"""Javanmard et al. 2020: adversarial training by descent, weak and strong adversaries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.checks import mean_is_near
from theory.papers import javanmard2020


@pytest.mark.parametrize(("gamma", "epsilon"), [(0.5, 0.3), (1.5, 0.5)])
def test_adversarial_training(gamma: float, epsilon: float) -> None:
    from scipy.optimize import minimize

    p = 120
    n, beta = round(p / gamma), np.ones(p) / np.sqrt(p)
    found = javanmard2020.risk(gamma, epsilon, 0.25)

    def losses(rng: np.random.Generator) -> tuple[float, float]:
        X = rng.standard_normal((n, p))
        y = X @ beta + 0.5 * rng.standard_normal(n)

        def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
            size, left = np.sqrt(w @ w + 1e-24), y - X @ w
            at = np.abs(left) + epsilon * size
            slope = 2 / n * (-(X.T @ (at * np.sign(left))) + epsilon * at.sum() * w / size)
            return float(at @ at) / n, slope

        w = minimize(loss, beta / 2, jac=True, method="L-BFGS-B", options={"maxiter": 3000, "ftol": 1e-12}).x
        return 0.25 + float(((w - beta) ** 2).sum()), float(loss(w)[0])

    mean_is_near(lambda rng: losses(rng)[0], float(found.test), 12, 4 / n)
    mean_is_near(lambda rng: losses(rng)[1], float(found.train), 12, 4 / n)


@given(st.floats(0.1, 4), st.floats(0.01, 5))
def test_weak_and_strong_adversaries(gamma: float, noise: float) -> None:
    weak = javanmard2020.risk(gamma, [0.0, 1e-5], noise)
    if abs(gamma - 1) > 0.05:
        assert_allclose(weak.test[1], weak.test[0], rtol=1e-2)
    edge = np.sqrt(np.pi / 2 * (1 / (1 + noise) + gamma))
    strong = javanmard2020.risk(gamma, edge * np.array([1 - 1e-4, 1.0, 10.0]), noise)
    assert_allclose(strong.test, 1 + noise, rtol=1e-2)
    assert_allclose([strong.adversarial[1], strong.train[2]], 1 + noise, rtol=1e-12)
