"""TODO test_first_layer.py"""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose

from tests.samples import gaussian, sphere
from tests.strategies import decades
from theory import kernel
from theory.activation import dual, slope
from theory.papers import du2019


def test_relu_kernel_is_its_formula() -> None:
    X, _ = gaussian(6, 4, 0)
    norm = np.linalg.norm(X, axis=1)
    angle = np.arccos(np.clip(X @ X.T / np.outer(norm, norm), -1, 1))
    expected = X @ X.T * (np.pi - angle) / (2 * np.pi)
    K = kernel.first_layer(X)
    assert_allclose(K, expected, atol=1e-7)  # arccos near 1
    assert_allclose(K - np.diag(np.diag(K)), expected - np.diag(np.diag(expected)), rtol=1e-12)
    assert (np.diag(K) == np.vecdot(X, X) / 2).all()
    assert (K == K.T).all()


def test_equal_and_opposite_rows_are_exact() -> None:
    """Bit by bit, wherever the rows stand and however long they are."""
    for d in (3, 17, 1000):
        X = sphere(9, d, 1)
        X = np.vstack([X, X[4], -X[2], X[4], np.zeros(d)])
        for K in (kernel.first_layer(X), kernel.first_layer(X, X)):
            assert (K[4] == K[9]).all()
            assert (K[4] == K[11]).all()
            assert (K[:, 4] == K[:, 9]).all()
            assert K[2, 10] == 0.0
            assert (K[12] == 0).all()
            assert not np.signbit(K[12]).any()
        K = kernel.first_layer(X)
        assert abs(np.linalg.eigvalsh(K)[0]) < 1e-15
        assert du2019.minimum_eigenvalue(X) == 0.0


@pytest.mark.parametrize("name", ["relu", "tanh", "erf", "softplus", "quadratic"])
def test_kernel_is_the_mean_of_slopes(name: str) -> None:
    """Against 4e5 draws; |z| <= 5 for 12 entries and 5 kernels fails once in 30 000."""
    X, Z = gaussian(3, 4, 2)[0], gaussian(4, 4, 3)[0]
    w = np.random.default_rng(23).standard_normal((4, 400_000))
    s = slope(name)
    left, right = s(X @ w), s(Z @ w)
    K = kernel.first_layer(X, Z, name)
    for i, j in np.ndindex(3, 4):
        draws = left[i] * right[j] * (X[i] @ Z[j])
        assert abs(draws.mean() - K[i, j]) <= 5 * draws.std() / sqrt(400_000)


def test_kernel_of_callables_and_types() -> None:
    X, _ = gaussian(2, 2, 4)
    assert_allclose(
        kernel.first_layer(X, activation=np.tanh),
        kernel.first_layer(X, activation="tanh"),
        rtol=1e-6,
    )
    assert_allclose(kernel.first_layer(X.astype(int)), kernel.first_layer(X.astype(int).astype(float)))
    one = kernel.first_layer([[0.3]], [[2.0], [-1.0]], "gelu")
    assert_allclose(one[0, 1], -0.3 * dual("gelu", -0.3, 0.09, 1.0, derivative=True))


@given(decades(-6, 6), decades(-6, 6))
def test_relu_kernel_is_homogeneous(a: float, b: float) -> None:
    X, Z = sphere(3, 4, 5), sphere(2, 4, 6)
    assert_allclose(kernel.first_layer(a * X, b * Z), a * b * kernel.first_layer(X, Z), rtol=1e-11)
