"""Speed of the Gram matrices, beside the product X X' alone and beside NumPy, in the same run.

Wanted: the relu NTK of depth 3 at n = 4000, d = 100 in at most 4 times the time of the product, one thread.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from theory import kernel

Benchmark = Callable[..., Any]
X = np.random.default_rng(0).standard_normal((4000, 100))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.benchmark(group="relu NTK, depth 3, n = 4000, d = 100")
def test_product_alone(benchmark: Benchmark, dtype: type) -> None:
    x = X.astype(dtype)
    with threadpool_limits(1):
        benchmark(lambda: x @ x.T)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("bias", [0.0, 0.1])
@pytest.mark.benchmark(group="relu NTK, depth 3, n = 4000, d = 100")
def test_relu_ntk(benchmark: Benchmark, dtype: type, bias: float) -> None:
    x = X.astype(dtype)
    kernel.ntk(x[:3], depth=3, sigma_b2=bias)
    with threadpool_limits(1):
        benchmark(kernel.ntk, x, depth=3, sigma_b2=bias)


@pytest.mark.benchmark(group="relu NTK, depth 3, n = 4000, d = 100")
def test_plain_numpy(benchmark: Benchmark) -> None:
    def ntk(x: np.ndarray) -> np.ndarray:
        covariance = 2 * x @ x.T / x.shape[1]
        norm = np.sqrt(np.diag(covariance))
        tangent = covariance
        for _ in range(3):
            size = norm[:, None] * norm
            angle = np.arccos(np.clip(covariance / size, -1, 1))
            covariance = size * (np.sin(angle) + (np.pi - angle) * np.cos(angle)) / np.pi
            tangent = covariance + tangent * (np.pi - angle) / np.pi
        return tangent

    with threadpool_limits(1):
        benchmark.pedantic(ntk, (X,), rounds=3)  # type: ignore[attr-defined]


@pytest.mark.parametrize("activation", ["erf", "tanh"])
@pytest.mark.benchmark(group="other activations, depth 1, n = 1000, d = 20, on the sphere")
def test_other_activations(benchmark: Benchmark, activation: str) -> None:
    x = X[:1000, :20] / np.linalg.norm(X[:1000, :20], axis=1, keepdims=True)
    with threadpool_limits(1):
        benchmark.pedantic(  # type: ignore[attr-defined]
            kernel.ntk, (x,), {"activation": activation}, rounds=3
        )
