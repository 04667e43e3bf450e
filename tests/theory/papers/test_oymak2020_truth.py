"""Widths that suffice: the certificate of drawn networks, and the steps of the count of sign changes."""

import numpy as np
import pytest

from theory import descent, kernel
from theory.papers import oymak2020

CURVATURE = 4 / (3 * np.sqrt(3))  # of tanh


def _sphere(n: int, d: int, rng: np.random.Generator, stretch: float = 1.0) -> np.ndarray:
    X = rng.standard_normal((n, d))
    X[:, 0] *= stretch
    return X / np.linalg.norm(X, axis=1, keepdims=True)


def _drift(X: np.ndarray, misfit: np.ndarray, k: int, rng: np.random.Generator) -> float:
    """Of a drawn network v.tanh(W x), |v| = 1."""
    v = rng.choice([-1.0, 1.0], k) / np.sqrt(k)
    slopes = (1 - np.tanh(X @ rng.standard_normal((X.shape[1], k))) ** 2) * v
    J = (slopes[:, :, None] * X[:, None, :]).reshape(len(X), -1)
    return descent.certify(J, misfit, descent.two_layer_lipschitz(X, v, "tanh")).drift


@pytest.mark.parametrize(
    ("n", "d", "stretch"), [(10, 10, 1.0), (20, 10, 1.0), (20, 40, 1.0), (10, 10, 6.0), (10, 10, 20.0)]
)
def test_smooth_width_is_where_the_certificate_begins(n: int, d: int, stretch: float) -> None:
    """drift = 1 at the width; it falls like 1/sqrt(k), so that it is known from one larger network."""
    rng = np.random.default_rng(n + d)
    X, k, delta = _sphere(n, d, rng, stretch), 20_000, 0.5
    misfit = rng.standard_normal(n)
    misfit *= (1 + delta) * np.sqrt(n) / np.linalg.norm(misfit)
    kappa = oymak2020.condition(X, "tanh")
    width = oymak2020.smooth_width(n, d, kappa, delta, constant=8 * CURVATURE)
    assert np.sqrt(width / k) == pytest.approx(_drift(X, misfit, k, rng), rel=0.25)


def test_sign_changes_need_a_width_of_n4_over_d3() -> None:
    """n |X|^6/lambda^4 over the width stays within a factor for four orthonormal bases: |X|^2 = n/d."""
    rng = np.random.default_rng(0)
    ratios = []
    for d in (80, 160, 320):
        X = np.vstack([np.linalg.qr(rng.standard_normal((d, d)))[0] for _ in range(4)])
        least = oymak2020.minimum_eigenvalue(X)
        ratios.append(4 * d * np.linalg.norm(X, 2) ** 6 / least**4 / oymak2020.relu_width(4 * d, d))
    assert max(ratios) < 1.3 * min(ratios)


def test_sign_changes_within_a_radius() -> None:
    """The worst weights within R change the sign of no more than (k R)^(2/3) units, in order of magnitude."""
    rng = np.random.default_rng(1)
    counts = {}
    for k, R in [(10_000, 1.0), (80_000, 1.0), (10_000, 8.0)]:
        distance = np.sort(np.abs(rng.standard_normal(k)))  # of w.x from 0 is what a unit must move
        counts[k, R] = np.searchsorted(np.cumsum(distance**2), R**2)
        assert counts[k, R] <= 1.5 * 2 ** (1 / 3) * (2 / np.pi * k**2 * R**2) ** (1 / 3)
    assert counts[80_000, 1.0] / counts[10_000, 1.0] == pytest.approx(4, rel=0.1)
    assert counts[10_000, 8.0] / counts[10_000, 1.0] == pytest.approx(4, rel=0.1)


def test_the_mean_jacobian_is_the_kernel() -> None:
    rng = np.random.default_rng(2)
    X = _sphere(5, 5, rng)
    slopes = (X @ rng.standard_normal((5, 400_000)) > 0).astype(float)
    assert slopes @ slopes.T / 400_000 * (X @ X.T) == pytest.approx(kernel.first_layer(X), abs=5e-3)
