"""Speed of the fit at every p, beside lstsq per p and a large matrix product, on one thread.

Wanted at n = 400, P = 2000, m = 1000: 350 times faster than lstsq per p, and 65 % of the product's rate.
Times are of the process's CPU, so that a busy machine counts less. What is compared gives the same numbers:
it is asserted on what the timed calls return.
"""

import time
from collections.abc import Iterator

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture as Benchmark
from sklearn.kernel_approximation import RBFSampler
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

from sims import fit
from sims.fit.nested import block

N, P, M = 400, 2000, 1000
RIDGE = 1e-3
SOME = np.arange(25, P + 1, 50)  # their mean cost is that of all p: it is smooth in p on either side of n
SOME_OF_ALL = P / len(SOME)
SIZE = f"n = {N}, p = 1..{P}, m = {M}, d = 30"
MIN_NORM = {"what": "minimum-norm fits at every p, ReLU features", "size": SIZE}
ON_FEATURES = {"what": "ridge fits at every p, given cosine features", "size": SIZE}
FROM_INPUTS = {"what": "ridge fits at every p, cosine features drawn and made", "size": SIZE}
GROUP = pytest.mark.benchmark(
    group=f"every p: n = {N}, P = {P}, m = {M}, ReLU, d = 30", timer=time.process_time
)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    with threadpool_limits(1):
        yield


def inputs() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((N + M, 30))
    return x, x[:, 0] + 0.5 * rng.standard_normal(N + M)


def data(columns: int = P) -> tuple[np.ndarray, ...]:
    x, y = inputs()
    w = np.random.default_rng(1).standard_normal((30, columns))
    features = np.maximum(x @ w / np.sqrt(30), 0)
    return features[:N], y[:N], features[N:], y[N:]


def sampler(p: int) -> RBFSampler:
    return RBFSampler(gamma=1 / 60, n_components=p, random_state=0)


def cosines() -> tuple[np.ndarray, ...]:
    x, y = inputs()
    draw = sampler(P).fit(x[:N])
    return draw.transform(x[:N]), y[:N], draw.transform(x[N:]), y[N:]


def solver() -> Ridge:
    return Ridge(alpha=N * RIDGE, fit_intercept=False)  # its objective is the sum of squares


def operations(n: int, columns: int, m: int) -> float:
    """Leading terms of what the path does, a multiply and an add being two."""
    width = block(n)
    leading = 3 * n**3 + m * n**2 + n * (m + n) * width  # QR with Q, R^-1, test features R^-1, lengths
    near = n // 8 + 1
    orthogonal = near * (2 * n**2 + 4 * m * n + 4 * n * near + 3 * m * near)
    product = 4 * n**2 + 4 * m * n + (2 * m + 3 * n) * width
    return leading + 2 * n**2 * columns + orthogonal + (columns - n - near) * product


@GROUP
def test_every_p(benchmark: Benchmark) -> None:
    benchmark.extra_info |= MIN_NORM | {"here": "sims.fit.min_norm_path", "operations": operations(N, P, M)}
    benchmark.pedantic(fit.min_norm_path, data(), rounds=9, warmup_rounds=1)


@GROUP
def test_lstsq_at_some_p(benchmark: Benchmark) -> None:
    features, y, test_features, test_y = data()

    def refit() -> list[float]:
        errors = []
        for p in SOME:
            a = np.linalg.lstsq(features[:, :p], y, rcond=None)[0]
            errors.append(np.mean((test_y - test_features[:, :p] @ a) ** 2))
        return errors

    benchmark.extra_info |= MIN_NORM | {"today": "numpy.linalg.lstsq per p", "factor": SOME_OF_ALL}
    errors = benchmark.pedantic(refit, rounds=3)
    path = fit.min_norm_path(features, y, test_features, test_y)
    np.testing.assert_allclose(path.test[SOME - 1], errors, rtol=1e-8)


@GROUP
def test_product_of_matrices(benchmark: Benchmark) -> None:
    a, b = np.random.default_rng(0).standard_normal((2, 2000, 2000))
    benchmark.extra_info |= {"yardstick": "product of two 2000 x 2000", "operations": 2 * 2000**3}
    benchmark.pedantic(np.matmul, (a, b), rounds=9, warmup_rounds=1)


@GROUP
def test_every_p_with_a_ridge(benchmark: Benchmark) -> None:
    benchmark.extra_info |= ON_FEATURES | {"here": "sims.fit.ridge_path"}
    benchmark.pedantic(fit.ridge_path, cosines(), {"ridge": RIDGE}, rounds=5, warmup_rounds=1)


@GROUP
def test_scikit_learn_ridge_at_some_p(benchmark: Benchmark) -> None:
    features, y, test_features, test_y = cosines()

    def refit() -> list[float]:
        errors = []
        for p in SOME:
            model = solver().fit(features[:, :p], y)
            errors.append(np.mean((test_y - model.predict(test_features[:, :p])) ** 2))
        return errors

    benchmark.extra_info |= ON_FEATURES | {"today": "scikit-learn Ridge per p", "factor": SOME_OF_ALL}
    errors = benchmark.pedantic(refit, rounds=3)
    path = fit.ridge_path(features, y, test_features, test_y, ridge=RIDGE)
    np.testing.assert_allclose(path.test[SOME - 1], errors, rtol=1e-8)


@GROUP
def test_every_p_with_a_ridge_from_inputs(benchmark: Benchmark) -> None:
    benchmark.extra_info |= FROM_INPUTS | {"here": "scikit-learn RBFSampler once + sims.fit.ridge_path"}
    benchmark.pedantic(lambda: fit.ridge_path(*cosines(), ridge=RIDGE), rounds=5, warmup_rounds=1)


@GROUP
def test_scikit_learn_pipeline_at_some_p(benchmark: Benchmark) -> None:
    """Each p draws features of its own, so the numbers are the path's at p = P alone."""
    x, y = inputs()

    def error(p: int) -> float:
        model = make_pipeline(sampler(p), solver()).fit(x[:N], y[:N])
        return float(np.mean((y[N:] - model.predict(x[N:])) ** 2))

    np.testing.assert_allclose(error(P), fit.ridge_path(*cosines(), ridge=RIDGE).test[-1], rtol=1e-8)
    benchmark.extra_info |= FROM_INPUTS | {
        "today": "scikit-learn RBFSampler + Ridge anew per p",
        "factor": SOME_OF_ALL,
    }
    benchmark.pedantic(lambda: [error(int(p)) for p in SOME], rounds=3)


@pytest.mark.parametrize("columns", [1000, 2000, 4000, 8000])
@pytest.mark.benchmark(group=f"sims.fit.min_norm_path, n = {N}, m = {M}", timer=time.process_time)
def test_cost_in_columns(benchmark: Benchmark, columns: int) -> None:
    benchmark.extra_info |= {"columns": columns}
    benchmark.pedantic(fit.min_norm_path, data(columns), rounds=5, warmup_rounds=1)


LARGE = (1000, 4000, 1000)  # n, P, m


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("who", ["path", "product"])
def test_every_p_of_many_rows(benchmark: Benchmark, who: str, threads: int) -> None:
    """Beside a product on as many threads: NumPy's and scipy's must not wait for each other."""
    n, columns, m = LARGE
    benchmark.group = f"every p: n = {n}, P = {columns}, m = {m}, threads {threads}"
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((2, 2000, 2000))
    F, y = rng.standard_normal((n + m, columns)), rng.standard_normal(n + m)
    benchmark.extra_info |= (
        {
            "what": "minimum-norm fits at every p",
            "size": f"n = {n}, p = 1..{columns}, m = {m}, threads: {threads}",
            "here": "sims.fit.min_norm_path",
            "operations": operations(n, columns, m),
        }
        if who == "path"
        else {"yardstick": "product of two 2000 x 2000", "operations": 2 * 2000**3}
    )
    with threadpool_limits(threads):
        if who == "path":
            benchmark.pedantic(fit.min_norm_path, (F[:n], y[:n], F[n:], y[n:]), rounds=5, warmup_rounds=1)
        else:
            benchmark.pedantic(np.matmul, (a, b), rounds=5, warmup_rounds=1)
