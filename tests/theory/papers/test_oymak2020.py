"""Oymak, Soltanolkotabi 2020: conditioning, widths, and the rank of the Jacobian."""

from collections.abc import Callable
from math import inf, sqrt

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import refuses
from tests.samples import sphere, unit_rows
from theory import kernel
from theory.papers import oymak2020


@pytest.mark.parametrize("n", [40, 100])
def test_jacobian_has_full_rank_from_as_many_weights_as_samples(n: int) -> None:
    """d = 10; softplus, for every relu unit of a small network may be off at some sample."""
    rng = np.random.default_rng([33, n])
    for ratio, full in ((0.5, False), (0.8, False), (1.3, True), (1.5, True), (2, True), (4, True)):
        k = round(ratio * n / 10)
        for _ in range(5):
            X, W = unit_rows(rng, n, 10), rng.standard_normal((k, 10))
            J = np.einsum("nk,nd->nkd", 1 / (1 + np.exp(-X @ W.T)), X).reshape(n, -1) / sqrt(k)
            # of JJ', whose rounding is 1e-16 of its largest eigenvalue
            s2 = np.linalg.eigvalsh(J @ J.T)
            assert (s2[0] > 1e-11 * s2[-1]) == full


def test_jacobian_of_a_wide_network_is_the_kernel() -> None:
    """E JJ' = |v|^2 Sigma: 4e5 units, |z| <= 5 for 15 entries fails once in 100 000."""
    rng = np.random.default_rng(34)
    X, k = rng.standard_normal((5, 3)), 400_000
    on = (X @ rng.standard_normal((3, k)) > 0).astype(float)
    H = kernel.first_layer(X)
    for i in range(5):
        for j in range(i):
            draws = on[i] * on[j] * (X[i] @ X[j])
            assert abs(draws.mean() - H[i, j]) <= 5 * draws.std() / sqrt(k)


def test_smallest_eigenvalue_and_condition() -> None:
    X = sphere(12, 5, 0)
    H = kernel.first_layer(X)
    least = 1 / np.linalg.norm(np.linalg.inv(H), 2)
    assert_allclose(oymak2020.condition(X), sqrt(5 / 12) * np.linalg.norm(X, 2) / least, rtol=1e-9)
    repeated = np.vstack([X, X[:1]])
    assert oymak2020.minimum_eigenvalue(repeated, "softplus") == 0.0
    assert oymak2020.condition(repeated) == inf
    # x and -x: independent for relu, dependent for an odd activation
    pair = np.array([[0.6, 0.8], [-0.6, -0.8]])
    assert oymak2020.minimum_eigenvalue(pair) == 0.5
    assert oymak2020.minimum_eigenvalue(pair, "tanh") == 0.0


def test_scaling_laws() -> None:
    assert_allclose(oymak2020.smooth_width([200, 100], 10) / oymak2020.smooth_width(100, 10), [4, 1])
    assert_allclose(
        oymak2020.smooth_width(50, 10, condition=2.0, delta=0.5, constant=3.0), (3 * 1.5 * 2 * 50) ** 2 / 10
    )
    assert_allclose(oymak2020.relu_width(100, 20, constant=2.0), 2 * 100**4 / 20**3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: oymak2020.relu_width(0, 1), "n = 0"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
