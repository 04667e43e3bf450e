"""Chizat, Oyallon, Bach 2019: laziness, and training that becomes lazy."""

from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import refuses
from tests.samples import unit_rows
from theory.papers import chizat2019


def test_laziness_broadcasts() -> None:
    table = chizat2019.laziness([[1.0], [10.0]], [2.0, 4.0], 0.5, 3.0)
    assert_allclose(table, np.array([[1, 2], [0.1, 0.2]]) / 9)


def test_lazy_training_moves_as_one_over_alpha() -> None:
    """Motion and gap to the linearised model fall as 1/alpha, and so does the laziness."""
    rng = np.random.default_rng(38)
    n, d, k = 5, 3, 50
    X, X_test, y = unit_rows(rng, n, d), unit_rows(rng, 20, d), rng.standard_normal(n)
    W0, v0 = rng.standard_normal((k, d)), rng.standard_normal(k)

    def jacobian(W: Any, v: Any, Z: Any) -> Any:
        H = np.tanh(Z @ W.T)
        return np.hstack([np.einsum("k,nk,nd->nkd", v, 1 - H**2, Z).reshape(len(Z), -1), H]) / sqrt(k)

    def model(W: Any, v: Any, Z: Any) -> Any:  # centred: h(w_0) = 0
        return (np.tanh(Z @ W.T) @ v - np.tanh(Z @ W0.T) @ v0) / sqrt(k)

    J, J_test = jacobian(W0, v0, X), jacobian(W0, v0, X_test)
    step = 1 / np.linalg.norm(J, 2) ** 2
    alphas = np.array([1.0, 4.0, 16.0, 64.0, 256.0])
    motion, gap = [], []
    for alpha in alphas:
        w, linear = np.zeros(J.shape[1]), np.zeros(J.shape[1])
        for _ in range(1500):
            W, v = W0 + w[: k * d].reshape(k, d), v0 + w[k * d :]
            w = w - step / alpha * jacobian(W, v, X).T @ (alpha * model(W, v, X) - y)
            linear = linear - step / alpha * J.T @ (alpha * J @ linear - y)
        motion.append(np.linalg.norm(w))
        W, v = W0 + w[: k * d].reshape(k, d), v0 + w[k * d :]
        gap.append(np.linalg.norm(alpha * model(W, v, X_test) - alpha * J_test @ linear))
    for values in (motion, gap):
        slopes = np.diff(np.log(values)) / np.diff(np.log(alphas))
        assert np.abs(slopes[2:] + 1).max() <= 0.05
    kappa = chizat2019.laziness(alphas, np.linalg.norm(y), 1.0, np.linalg.norm(J, 2))
    assert_allclose(np.array(motion[2:]) / kappa[2:], motion[-1] / kappa[-1], rtol=0.05)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: chizat2019.laziness(0.0, 1.0, 1.0, 1.0), "alpha = 0"),
        (lambda: chizat2019.laziness(1.0, 1.0, 1.0, 0.0), "jacobian_norm = 0"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
