"""Soltanolkotabi, Javanmard, Lee 2019: minima, curvature, and benign landscapes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.checks import refuses
from tests.samples import gaussian
from theory.papers import soltanolkotabi2019


@given(st.integers(1, 25), st.integers(1, 5), st.integers(0, 99))
def test_global_minimum_is_least_squares(n: int, d: int, seed: int) -> None:
    X, y = gaussian(n, d, seed)
    products = np.einsum("ia,ib->iab", X, X).reshape(n, -1)
    M = np.linalg.pinv(products, rcond=1e-11) @ y
    minimum = soltanolkotabi2019.global_minimum(X, y)
    assert_allclose(minimum, ((products @ M - y) ** 2).sum() / (2 * n), rtol=1e-9, atol=1e-14)
    if n <= soltanolkotabi2019.threshold(d):
        assert minimum == 0.0


def test_global_minimum_of_repeated_inputs() -> None:
    X = np.array([[1.0, 2.0], [1.0, 2.0], [-1.0, -2.0], [0.0, 1.0]])  # x and -x are one input
    y = np.array([1.0, 2.0, 6.0, 5.0])
    assert_allclose(soltanolkotabi2019.global_minimum(X, y), (4 + 1 + 9) / 8, rtol=1e-12)


def landscape(w: Any, X: Any, y: Any, v: Any) -> tuple[float, Any]:
    """Loss and gradient of the quadratic network."""
    W = w.reshape(len(v), -1)
    H = X @ W.T
    r = H**2 @ v - y
    return float(r @ r) / (2 * len(y)), (2 / len(y) * v[:, None] * ((H * r[:, None]).T @ X)).ravel()


@given(st.integers(1, 6), st.integers(1, 4), st.integers(1, 4), st.integers(0, 99))
def test_origin_curvature_is_the_hessian(n: int, d: int, k: int, seed: int) -> None:
    X, y = gaussian(n, d, seed)
    v = np.random.default_rng([24, seed]).standard_normal(k)
    h, size = 1e-5, k * d
    columns = [landscape(h * np.eye(size)[i], X, y, v)[1] / h for i in range(size)]
    least = np.linalg.eigvalsh(np.array(columns))[0]
    assert_allclose(soltanolkotabi2019.origin_curvature(X, y, v), least, rtol=1e-6, atol=1e-6)


def test_benign_counts_signs() -> None:
    assert soltanolkotabi2019.benign([1, 0, -1], 1) == 1.0
    assert soltanolkotabi2019.benign([0, 0, -1], 1) == 0.0
    assert soltanolkotabi2019.benign([2, 3, -1, -1, -5], 2) == 1.0
    assert soltanolkotabi2019.benign([2, 3, -1, -1, -5], 3) == 0.0


X2 = [[1.0, 0.0], [0.0, 1.0]]


def quadratic_net(X: Any, y: Any, v: Any, rng: Any) -> float:
    """Loss after L-BFGS from a small start."""
    from scipy.optimize import minimize

    def loss(w: Any) -> tuple[float, Any]:
        W = w.reshape(len(v), -1)
        H = X @ W.T
        r = H**2 @ v - y
        return float(r @ r) / (2 * len(y)), (2 / len(y) * v[:, None] * ((H * r[:, None]).T @ X)).ravel()

    start = 0.3 * rng.standard_normal(len(v) * X.shape[1])
    options = {"maxiter": 20_000, "maxfun": 40_000, "ftol": 1e-15, "gtol": 1e-11}
    return float(minimize(loss, start, jac=True, method="L-BFGS-B", options=options).fun)


@pytest.mark.slow
@pytest.mark.parametrize("n", [9, 10, 11])
def test_benign_landscapes_lead_to_the_global_minimum(n: int) -> None:
    """d = 4: 4 positive and 4 negative weights reach least squares from everywhere, 0 up to n = 10."""
    rng = np.random.default_rng([31, n])
    X, y = rng.standard_normal((n, 4)), rng.standard_normal(n)
    v = np.tile([1.0, -1.0], 4)
    assert soltanolkotabi2019.benign(v, 4)
    minimum = soltanolkotabi2019.global_minimum(X, y)
    assert (minimum == 0) == (n <= soltanolkotabi2019.threshold(4))
    for _ in range(10):
        assert_allclose(quadratic_net(X, y, v, rng), minimum, atol=1e-9)


def test_a_benign_landscape_beyond_the_threshold() -> None:
    """n = 4 samples in d = 2, where 3 labels can be fitted: from 5 starts to the same positive loss."""
    rng = np.random.default_rng(39)
    X, y = rng.standard_normal((4, 2)), rng.standard_normal(4)
    minimum = soltanolkotabi2019.global_minimum(X, y)
    assert minimum > 0.01
    for _ in range(5):
        assert_allclose(quadratic_net(X, y, np.array([1.0, -1.0, 1.0, -1.0]), rng), minimum, rtol=1e-7)


def test_other_landscapes_do_not() -> None:
    """Two units have too few weights for 10 labels; weights of one sign cannot fit negative labels."""
    rng = np.random.default_rng(32)
    X, y = rng.standard_normal((10, 4)), rng.standard_normal(10)
    for v in (np.array([1.0, -1.0]), np.ones(8)):
        assert not soltanolkotabi2019.benign(v, 4)
        assert min(quadratic_net(X, y, v, rng) for _ in range(3)) > 1e-3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: soltanolkotabi2019.global_minimum(X2, [1.0]), "X .*2.* y .*1"),
        (lambda: soltanolkotabi2019.origin_curvature(X2, [1.0, 1.0], []), r"output_weights .*\(0,\)"),
        (lambda: soltanolkotabi2019.benign([1.0], 0), "d = 0"),
        (lambda: soltanolkotabi2019.threshold(2.5), r"d = 2\.5"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
