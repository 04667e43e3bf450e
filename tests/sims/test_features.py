"""Feature maps give the kernels that they are named for."""

import numpy as np
import pytest

from sims import features
from theory import activation

RNG = np.random.default_rng(11)


def test_inputs() -> None:
    x = features.sphere(50, 7, RNG)
    np.testing.assert_allclose((x**2).sum(axis=1), 7)
    z = features.gaussian(4000, 3, RNG)
    # standard error of a variance of n normals is sqrt(2/n); 6 of them
    np.testing.assert_allclose(z.var(axis=0), 1, atol=6 * np.sqrt(2 / 4000))


@pytest.mark.parametrize("name", ["relu", "tanh", "sign", "cos"])
def test_random_features_average_to_the_dual_kernel(name: str) -> None:
    d, p = 6, 40_000
    X = features.sphere(2, d, np.random.default_rng(1))
    H = features.random_features(X, features.gaussian(p, d, np.random.default_rng(2)), name)
    product = H[0] * H[1]
    expected = activation.dual(name, float(X[0] @ X[1]) / d)
    assert abs(product.mean() - expected) < 5 * product.std() / np.sqrt(p)


@pytest.mark.parametrize("paired", [True, False])
def test_random_fourier_features_average_to_the_gaussian_kernel(paired: bool) -> None:
    x = np.array([[0.3, -0.2], [0.9, 0.4]])
    rng = np.random.default_rng(3)
    W = rng.standard_normal((50_000, 2))
    H = features.random_fourier(x, W, None if paired else rng.uniform(0, 2 * np.pi, len(W)))
    assert H.shape == (2, len(W) * (1 + paired))
    product = H[0] * H[1]
    # a pair's product is one draw: cos a cos b + sin a sin b
    draws = product.reshape(-1, 1 + paired).mean(axis=1)
    kernel = np.exp(-((x[0] - x[1]) ** 2).sum() / 2)
    assert abs(draws.mean() - kernel) < 5 * draws.std() / np.sqrt(len(draws))


def test_fourier_series_is_a_block_of_a_unitary_matrix() -> None:
    d = 12
    A = features.fourier_series(np.arange(d), np.arange(d), d) / np.sqrt(d)
    np.testing.assert_allclose(A @ A.conj().T, np.eye(d), atol=1e-13)
    np.testing.assert_allclose(A * np.sqrt(d), np.fft.fft(np.eye(d)), atol=1e-12)


def test_weak_coordinates_are_nested() -> None:
    X = RNG.standard_normal((3, 20))
    few = features.weak_coordinates(X, 5, np.random.default_rng(0))
    many = features.weak_coordinates(X, 9, np.random.default_rng(0))
    np.testing.assert_array_equal(many[:, :5], few)
