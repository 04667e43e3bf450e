"""Li, Soltanolkotabi, Oymak 2020: clusters fitted by the flow, and early stopping under label noise."""

from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.checks import refuses
from tests.samples import gaussian, sphere, unit_rows
from tests.strategies import decades
from theory import kernel
from theory.papers import li2020


@given(st.integers(1, 5), st.integers(0, 99), st.integers(0, 10), decades(-2, 2) | st.just(0.0))
def test_cluster_fit_is_the_flow_on_all_samples(K: int, seed: int, wrong: int, time: float) -> None:
    m = 10
    centers, labels = sphere(K, 6, seed), np.sign(gaussian(K, 6, seed)[1])
    H = np.kron(kernel.first_layer(centers), np.ones((m, m)))
    flips = np.where(np.arange(m) < wrong, -1.0, 1.0)
    e, V = np.linalg.eigh(H)
    expected = (V * -np.expm1(-e * time)) @ (V.T @ np.outer(labels, flips).ravel())
    fit = li2020.cluster_fit(centers, labels, m, wrong / m, time)
    assert_allclose(np.repeat(fit, m), expected, atol=1e-12)


def test_cluster_fit_at_the_edges() -> None:
    centers, labels = sphere(4, 5, 0), np.array([1, -1, 1, -1])
    assert_allclose(li2020.cluster_fit(centers, labels, 3, 0.3, inf), 0.4 * labels, rtol=1e-12)
    assert (li2020.cluster_fit(centers, labels, 3, 0.5, [0.0, 1.0, inf]) == 0).all()
    twice = np.vstack([centers[:1], centers[:1]])  # one place with two labels: the average, at any time
    assert_allclose(li2020.cluster_fit(twice, [1, -1], 3, 0.0, [1.0, inf]), np.zeros((2, 2)), atol=1e-15)


X2 = [[1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize("spread", [0.0, 0.02, 0.1])
def test_early_stopping_ignores_label_noise(spread: float) -> None:
    """K = 8 clusters of 30, a fifth of the labels flipped: clean first, memorised later or never."""
    rng = np.random.default_rng(36)
    K, m, d, rho = 8, 30, 20, 0.2
    centers, labels = unit_rows(rng, K, d), np.tile([1.0, -1.0], K // 2)
    X = np.repeat(centers, m, axis=0) + spread * unit_rows(rng, K * m, d)
    X /= np.linalg.norm(X, axis=1, keepdims=True) if spread else 1.0
    clean = np.repeat(labels, m)
    flips = np.tile(np.where(np.arange(m) < rho * m, -1.0, 1.0), K)
    e, V = np.linalg.eigh(kernel.first_layer(X))
    e = np.maximum(e, 0)
    early = 5 / e[-K]

    def fit(time: float) -> Any:
        return (V * -np.expm1(-np.where(e > 1e-12 * e[-1], e, 0.0) * time)) @ (V.T @ (clean * flips))

    assert (np.sign(fit(early)) == clean).all()
    end = np.sign(fit(1e7))
    if spread == 0:
        assert (end == clean).all()
        expected = li2020.cluster_fit(centers, labels, m, rho, early)
        assert_allclose(fit(early), np.repeat(expected, m), atol=1e-10)
    else:
        assert (end == clean * flips).all()
        # until the memorisation the clusters behave as points
        assert_allclose(fit(early).reshape(K, m).mean(axis=1), 0.6 * labels, atol=0.15)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: li2020.cluster_fit(X2, [1.0], 3, 0.1, 1.0), "centers .*2.* labels .*1"),
        (lambda: li2020.cluster_fit(X2, [1, -1], 0, 0.1, 1.0), "copies = 0"),
        (
            lambda: li2020.cluster_fit(X2, [1, -1], 3, 1.1, 1.0),
            r"corruption = 1\.1",
        ),
        (lambda: li2020.cluster_fit(X2, [1, -1], 3, 0.1, -1.0), "time = -1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
