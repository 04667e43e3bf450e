"""Speed of the Gram matrices, beside the product X X' alone and beside NumPy, in the same run, on one thread.

Wanted: the relu NTK of depth 3 at n = 4000, d = 100 in at most 4 times the time of the product.
"""

import time
from collections.abc import Iterator

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture as Benchmark
from threadpoolctl import threadpool_limits

from theory import kernel

X = np.random.default_rng(0).standard_normal((4000, 100))
NTK = {"what": "relu NTK of depth 3", "size": "n = 4000, d = 100"}
GRAM = pytest.mark.benchmark(group="relu NTK, depth 3, n = 4000, d = 100", timer=time.process_time)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    with threadpool_limits(1):
        yield


@GRAM
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_product_alone(benchmark: Benchmark, dtype: str) -> None:
    x = X.astype(dtype)
    if dtype == "float64":
        benchmark.extra_info |= {"yardstick": "X X'"}
    benchmark(lambda: x @ x.T)


@GRAM
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("bias", [0.0, 0.1])
def test_relu_ntk(benchmark: Benchmark, dtype: str, bias: float) -> None:
    x = X.astype(dtype)
    kernel.ntk(x[:3], depth=3, sigma_b2=bias)
    if dtype == "float64" and bias == 0:
        benchmark.extra_info |= NTK | {"here": "theory.kernel.ntk"}
    benchmark(kernel.ntk, x, depth=3, sigma_b2=bias)


def plain_ntk(x: np.ndarray) -> np.ndarray:
    covariance = 2 * x @ x.T / x.shape[1]
    norm = np.sqrt(np.diag(covariance))
    tangent = covariance
    for _ in range(3):
        size = norm[:, None] * norm
        angle = np.arccos(np.clip(covariance / size, -1, 1))
        covariance = size * (np.sin(angle) + (np.pi - angle) * np.cos(angle)) / np.pi
        tangent = covariance + tangent * (np.pi - angle) / np.pi
    return tangent


@GRAM
def test_plain_numpy(benchmark: Benchmark) -> None:
    np.testing.assert_allclose(kernel.ntk(X[:500], depth=3), plain_ntk(X[:500]), rtol=1e-7)
    benchmark.extra_info |= NTK | {"today": "NumPy recursion with arccos"}
    benchmark.pedantic(plain_ntk, (X,), rounds=3)


@pytest.mark.parametrize("activation", ["erf", "tanh"])
@pytest.mark.benchmark(
    group="other activations, depth 1, n = 1000, d = 20, on the sphere", timer=time.process_time
)
def test_other_activations(benchmark: Benchmark, activation: str) -> None:
    x = X[:1000, :20] / np.linalg.norm(X[:1000, :20], axis=1, keepdims=True)
    benchmark.pedantic(kernel.ntk, (x,), {"activation": activation}, rounds=3)
