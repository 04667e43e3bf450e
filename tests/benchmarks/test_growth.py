"""How the time of each engine grows with each size: python -m pytest tests/benchmarks/test_growth.py

Each benchmark declares one size, `results.py` fits the exponent of time over the sizes of a group. The other
sizes are such that the leading term of the work is most of it, so that `power` is what the exponent goes to;
a hidden extra power shows as an exponent far above it.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture as Benchmark
from threadpoolctl import threadpool_limits

import theory
from sims import fit
from sims.network import Network, start
from sims.rules import Descent
from sims.training import train
from sims.trials.montecarlo import run
from theory import kernel
from theory.engines import jit
from theory.papers import mei2022

Work = Callable[[], Any]


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """BLAS on one thread, and all that can be compiled is."""
    monkeypatch.setattr(jit, "PATIENCE", -1)
    with threadpool_limits(1):
        yield


def normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(shape)


def min_norm(n: int, P: int, m: int) -> Work:
    F, y = normal(n + m, P), normal(n + m)
    return lambda: fit.min_norm_path(F[:n], y[:n], F[n:], y[n:])


def blocks(n: int, P: int, m: int) -> Work:
    F, y = normal(n + m, P), normal(n + m)
    starts = range(0, P, 512)
    return lambda: fit.min_norm_path(
        ((F[:n, k : k + 512], F[n:, k : k + 512]) for k in starts), y[:n], None, y[n:]
    )


def ridge(n: int, P: int, m: int) -> Work:
    F, y = normal(n + m, P), normal(n + m)
    return lambda: fit.ridge_path(F[:n], y[:n], F[n:], y[n:], ridge=float(P))


def levels(count: int) -> Work:
    problem = theory.Problem.power_law(count, 1.5, 2.0)
    return lambda: theory.random_features(problem, 100, 300, np.geomspace(1e-8, 1, 50))


def points(count: int) -> Work:
    psi1 = np.geomspace(0.01, 100, count)
    return lambda: mei2022.risk(psi1, 3.0, 1e-3, noise=0.1)


def ntk(n: int, d: int) -> Work:
    X = normal(n, d)
    return lambda: kernel.ntk(X, depth=3)


def networks(count: int, d: int, width: int) -> Work:
    network = Network(d, (width,))
    theta = start(network, [np.random.default_rng(b) for b in range(count)])
    X, y = normal(500, d), normal(500)
    return lambda: train(network, theta, X, y, Descent(0.05), 10, record=[], threads=1)


def trials(count: int) -> Work:
    return lambda: run(lambda rng: rng.standard_normal(2), count, 0, "growth")


GROWTHS: list[tuple[str, str, float, list[int], Callable[[int], Work]]] = [
    ("sims.fit.min_norm_path", "P", 1, [1000, 2000, 4000, 8000], lambda P: min_norm(200, P, 300)),
    ("sims.fit.min_norm_path", "n", 2, [200, 400, 800, 1600], lambda n: min_norm(n, 6000, 10)),
    ("sims.fit.min_norm_path", "m", 1, [1000, 2000, 4000, 8000], lambda m: min_norm(100, 1000, m)),
    ("sims.fit.min_norm_path, blocks", "P", 1, [2000, 4000, 8000, 16000], lambda P: blocks(200, P, 300)),
    ("sims.fit.ridge_path", "P", 1, [1000, 2000, 4000, 8000], lambda P: ridge(200, P, 300)),
    ("sims.fit.ridge_path", "n", 2, [200, 400, 800, 1600], lambda n: ridge(n, 6000, 10)),
    ("theory.random_features", "levels", 1, [2000, 8000, 32000, 128000], levels),
    ("theory.papers.mei2022.risk", "points", 1, [10**4, 10**5, 10**6], points),
    ("theory.kernel.ntk", "n", 2, [500, 1000, 2000, 4000], lambda n: ntk(n, 100)),
    ("theory.kernel.ntk", "d", 1, [1000, 2000, 4000, 8000], lambda d: ntk(1000, d)),
    ("sims.training.train", "networks", 1, [8, 16, 32, 64], lambda count: networks(count, 16, 32)),
    ("sims.training.train", "d", 1, [16, 32, 64, 128], lambda d: networks(16, d, 64)),
    ("sims.training.train", "width", 1, [16, 32, 64, 128], lambda width: networks(16, 32, width)),
    ("sims.trials.montecarlo.run", "trials", 1, [500, 1000, 2000, 4000], trials),
]


@pytest.mark.parametrize(
    ("engine", "size", "power", "value", "work"),
    [
        pytest.param(engine, size, power, value, work, id=f"{engine}, {size} = {value}")
        for engine, size, power, values, work in GROWTHS
        for value in values
    ],
)
@pytest.mark.benchmark(timer=time.process_time)
def test_growth(
    benchmark: Benchmark, engine: str, size: str, power: float, value: int, work: Callable[[int], Work]
) -> None:
    benchmark.group = f"growth of {engine} in {size}"
    benchmark.extra_info |= {"grows": engine, "in": size, "value": value, "power": power}
    benchmark.pedantic(work(value), rounds=5, warmup_rounds=1)
