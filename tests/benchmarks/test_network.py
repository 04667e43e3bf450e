"""Speed of training 64 two-layer networks on 500 samples, beside a plain NumPy loop over the networks.

A few steps of each are timed in the same run; compare medians within a group. The loop writes into buffers
made once, as a careful user would. Wanted: the batched steps in at most half its time on two threads, and
within 1.3 times of its matrix products alone.
"""

import time

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture as Benchmark
from threadpoolctl import threadpool_limits

from sims.network import Network, empirical_ntk, jacobian, start
from sims.rules import Descent
from sims.training import train

NETS, SAMPLES, STEPS = 64, 500, 50
CPU_TIME = pytest.mark.benchmark(timer=time.process_time)  # a busy machine counts less
SHAPES = [(8, 16), (16, 32), (16, 64), (32, 16), (32, 64)]


def problem(d: int, width: int, name: str) -> tuple[Network, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    network = Network(d, (width,), activation=name)
    theta = start(network, [np.random.default_rng(b) for b in range(NETS)])
    return network, theta, rng.standard_normal((SAMPLES, d)), rng.standard_normal(SAMPLES)


def loop(
    network: Network, theta: np.ndarray, X: np.ndarray, y: np.ndarray, step: float, steps: int
) -> np.ndarray:
    """Gradient descent, one network at a time, NumPy in place."""
    (n, d), N = X.shape, network.widths[0]
    gain, read = np.sqrt(2 / d), np.sqrt(2 / N)
    Z, S, M = np.empty((n, N)), np.empty((n, N)), np.empty((n, N), dtype=bool)
    theta = theta.copy()
    for row in theta:
        W, a = row[: N * d].reshape(N, d), row[N * d :]
        gW = np.empty_like(W)
        for _ in range(steps):
            np.matmul(X, W.T, out=Z)
            Z *= gain
            if network.activation == "relu":
                np.greater(Z, 0, out=M)
                np.maximum(Z, 0, out=Z)
                np.multiply(M, a * (read * gain / n), out=S)
            else:
                np.tanh(Z, out=Z)
                np.multiply(Z, Z, out=S)
                np.subtract(1, S, out=S)
                S *= a * (read * gain / n)
            r = Z @ a
            r *= read
            r -= y
            S *= r[:, None]
            np.matmul(S.T, X, out=gW)
            ga = Z.T @ r
            ga *= read / n
            gW *= step
            W -= gW
            a -= step * ga
    return theta


def products(network: Network, theta: np.ndarray, X: np.ndarray, steps: int) -> None:
    """The two products with the hidden weights that a step of each network takes, and nothing else."""
    (n, d), N = X.shape, network.widths[0]
    S = np.random.default_rng(1).standard_normal((n, N))
    Z, gW = np.empty((n, N)), np.empty((N, d))
    for row in theta:
        W = row[: N * d].reshape(N, d)
        for _ in range(steps):
            np.matmul(X, W.T, out=Z)
            np.matmul(S.T, X, out=gW)


@pytest.mark.parametrize("who", ["loop", "batched", "products"])
@pytest.mark.parametrize("name", ["relu", "tanh"])
@pytest.mark.parametrize("threads", [pytest.param(1, marks=CPU_TIME), 2])
@pytest.mark.parametrize(("d", "width"), SHAPES)
def test_training(benchmark: Benchmark, d: int, width: int, threads: int, name: str, who: str) -> None:
    """STEPS of NETS networks; the loop lets BLAS have the threads."""
    benchmark.group = f"{name}, d = {d}, width {width}, threads {threads}"
    sides = {"loop": {"today": "NumPy loop over networks"}, "batched": {"here": "sims.training.train"}}
    named = {
        "what": f"{STEPS} steps of {NETS} {name} networks",
        "size": f"n = {SAMPLES}, d = {d}, width {width}, threads: {threads}",
    }
    yardstick = {"yardstick": "its matrix products"}
    benchmark.extra_info |= yardstick if who == "products" else sides[who] | named
    network, theta, X, y = problem(d, width, name)

    def batched() -> np.ndarray:
        return train(network, theta, X, y, Descent(0.05), STEPS, record=[], threads=threads).theta

    def plain() -> np.ndarray:
        return loop(network, theta, X, y, 0.05, STEPS)

    with threadpool_limits(threads):
        np.testing.assert_allclose(batched(), plain(), rtol=1e-9, atol=1e-11)
        timed = {"loop": plain, "batched": batched, "products": lambda: products(network, theta, X, STEPS)}
        benchmark(timed[who])


@CPU_TIME
@pytest.mark.parametrize("way", ["layers", "jacobian"])
def test_empirical_ntk(benchmark: Benchmark, way: str) -> None:
    benchmark.group = "tangent kernel, 500 inputs, 20-256-256-1"
    side = {"here": "sims.network.empirical_ntk"} if way == "layers" else {"today": "J J' of the Jacobian J"}
    benchmark.extra_info |= side | {
        "what": "empirical tangent kernel",
        "size": "n = 500, layers 20-256-256-1",
    }
    network = Network(20, (256, 256))
    theta = start(network, [np.random.default_rng(0)])
    X = np.random.default_rng(1).standard_normal((500, 20))

    def product() -> np.ndarray:
        J = jacobian(network, theta, X)[0]
        return J @ J.T

    with threadpool_limits(1):
        if way == "layers":
            kernel = benchmark(empirical_ntk, network, theta, X)
            np.testing.assert_allclose(np.squeeze(kernel), product(), rtol=1e-9, atol=1e-9)
        else:
            benchmark(product)
