"""Speed of the fit at every p, beside lstsq per p and a large matrix product, on one thread.

Wanted at n = 400, P = 2000, m = 1000: 350 times faster than lstsq per p, and 65 % of the product's rate.
Times are of the process's CPU, so that a busy machine counts less. In extra_info, `factor` is by how much a
benchmark stands for more p than it does, and `operations` are arithmetic ones.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from sims import fit
from sims._path import BLOCK

Benchmark = Callable[..., Any]
N, P, M = 400, 2000, 1000
SOME = np.arange(25, P + 1, 50)  # their mean cost is that of all p: it is smooth in p on either side of n
GROUP = pytest.mark.benchmark(
    group=f"every p: n = {N}, P = {P}, m = {M}, ReLU, d = 30", timer=time.process_time
)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    with threadpool_limits(1):
        yield


def data(columns: int = P) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((N + M, 30)), rng.standard_normal((30, columns))
    features = np.maximum(x @ w / np.sqrt(30), 0)
    y = x[:, 0] + 0.5 * rng.standard_normal(N + M)
    return features[:N], y[:N], features[N:], y[N:]


def operations(n: int, columns: int, m: int, block: int = BLOCK) -> float:
    """Leading terms of what the path does, a multiply and an add being two."""
    leading = 3 * n**3 + m * n**2 + n * (m + n) * block  # QR with Q, R^-1, test features R^-1, lengths
    near = n // 8 + 1
    orthogonal = near * (2 * n**2 + 4 * m * n + 4 * n * near + 3 * m * near)
    product = 4 * n**2 + 4 * m * n + (2 * m + 3 * n) * block
    return leading + 2 * n**2 * columns + orthogonal + (columns - n - near) * product


@GROUP
def test_every_p(benchmark: Benchmark) -> None:
    sets = data()
    benchmark.extra_info |= {"factor": 1, "operations": operations(N, P, M)}  # type: ignore[attr-defined]
    benchmark.pedantic(fit.min_norm_path, sets, rounds=9, warmup_rounds=1)  # type: ignore[attr-defined]


@GROUP
def test_lstsq_at_some_p(benchmark: Benchmark) -> None:
    features, y, test_features, test_y = data()

    def refit() -> None:
        for p in SOME:
            a = np.linalg.lstsq(features[:, :p], y, rcond=None)[0]
            np.mean((test_y - test_features[:, :p] @ a) ** 2)

    benchmark.extra_info |= {"factor": P / len(SOME)}  # type: ignore[attr-defined]
    benchmark.pedantic(refit, rounds=3)  # type: ignore[attr-defined]


@GROUP
def test_product_of_matrices(benchmark: Benchmark) -> None:
    a, b = np.random.default_rng(0).standard_normal((2, 2000, 2000))
    benchmark.extra_info |= {"factor": 1, "operations": 2 * 2000**3}  # type: ignore[attr-defined]
    benchmark.pedantic(np.matmul, (a, b), rounds=9, warmup_rounds=1)  # type: ignore[attr-defined]


@GROUP
def test_every_p_with_a_ridge(benchmark: Benchmark) -> None:
    benchmark.pedantic(  # type: ignore[attr-defined]
        fit.ridge_path, data(), {"ridge": 1e-3}, rounds=5, warmup_rounds=1
    )


@pytest.mark.parametrize("columns", [1000, 2000, 4000, 8000])
@pytest.mark.benchmark(group=f"every p: n = {N}, m = {M}; the cost is linear in P", timer=time.process_time)
def test_cost_in_columns(benchmark: Benchmark, columns: int) -> None:
    benchmark.pedantic(  # type: ignore[attr-defined]
        fit.min_norm_path, data(columns), rounds=3, warmup_rounds=1
    )
