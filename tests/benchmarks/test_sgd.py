"""Speed of stochastic gradient descent, in theory and run, each beside plain numpy on one thread.

Wanted: any number of steps for 1000 levels within 50 ms, a schedule of 10^4 steps within 1 s, 400 runs of 300
steps of one row in 40 dimensions within 2 s. What is compared gives the same numbers: it is asserted.
"""

import time
from collections.abc import Iterator

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture as Benchmark
from threadpoolctl import threadpool_limits

from sims.rules import Sgd
from sims.training import sgd
from theory import Problem
from theory.sgd import critical_step, one_pass, scheduled

PROBLEM = Problem.power_law(1000, 1.5, 2.0, noise=0.1)
STEP, STEPS = 0.5 * float(critical_step(PROBLEM)), 10**4
EXACT = {"what": "exact risk of one-pass SGD with one step size", "size": "1000 levels, 10^4 steps"}
SCHEDULED = {"what": "exact risk of one-pass SGD with a schedule", "size": "1000 levels, 10^4 steps"}
RUNS = {"what": "runs of SGD on rows that were drawn", "size": "400 runs, 300 steps of 1 row, d = 40"}
GROUP = pytest.mark.benchmark(group="stochastic gradient descent", timer=time.process_time)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    with threadpool_limits(1):
        yield


def recursion() -> float:
    """The recursion of `theory.sgd` for levels, written down."""
    lam, u = PROBLEM.eigenvalues, PROBLEM.power.copy()
    for _ in range(STEPS):
        u = u * (1 - 2 * STEP * lam + 2 * (STEP * lam) ** 2) + (STEP * lam) ** 2 * (u.sum() + PROBLEM.noise)
    return float(PROBLEM.noise + u.sum())


@GROUP
def test_any_number_of_steps(benchmark: Benchmark) -> None:
    benchmark.extra_info |= EXACT | {"here": "theory.sgd.one_pass"}
    found = benchmark.pedantic(one_pass, (PROBLEM, STEP, STEPS), rounds=9, warmup_rounds=1)
    assert found.test == pytest.approx(recursion(), rel=1e-10)


@GROUP
def test_the_recursion(benchmark: Benchmark) -> None:
    benchmark.extra_info |= EXACT | {"today": "the recursion in numpy"}
    benchmark.pedantic(recursion, rounds=3)


@GROUP
def test_a_schedule(benchmark: Benchmark) -> None:
    """Beside the recursion without its split into bias, samples and noise, and without momentum."""
    benchmark.extra_info |= SCHEDULED | {"here": "theory.sgd.scheduled"}
    found = benchmark.pedantic(scheduled, (PROBLEM, np.full(STEPS, STEP), STEPS), rounds=3)
    assert found.test == pytest.approx(recursion(), rel=1e-10)


@GROUP
def test_the_test_error_alone(benchmark: Benchmark) -> None:
    benchmark.extra_info |= SCHEDULED | {"today": "the recursion in numpy, test error alone"}
    benchmark.pedantic(recursion, rounds=3)


def rows() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.standard_normal((400, 300, 40)), rng.standard_normal((400, 300))


def compiled() -> np.ndarray:
    return np.array([sgd(X, y, Sgd(0.01), 300)[-1] for X, y in zip(*rows(), strict=True)])


def loops() -> np.ndarray:
    found = np.zeros((400, 40))
    for w, X, y in zip(found, *rows(), strict=True):
        for x, label in zip(X, y, strict=True):
            w += 0.01 * (label - x @ w) * x
    return found


@GROUP
def test_runs(benchmark: Benchmark) -> None:
    benchmark.extra_info |= RUNS | {"here": "sims.training.sgd, rows drawn too"}
    found = benchmark.pedantic(compiled, rounds=9, warmup_rounds=1)
    np.testing.assert_allclose(found, loops(), rtol=1e-9, atol=1e-12)


@GROUP
def test_runs_in_numpy(benchmark: Benchmark) -> None:
    benchmark.extra_info |= RUNS | {"today": "a loop in numpy, rows drawn too"}
    benchmark.pedantic(loops, rounds=3)
