"""Speed of the theory, each beside a calibration in the same run: python -m pytest tests/benchmarks.

Never pass or fail on seconds; compare medians with the calibration's.
"""

import time
from collections.abc import Callable

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture as Benchmark
from threadpoolctl import threadpool_limits

import theory
from theory.activation import moments
from theory.engines import jit
from theory.papers import loureiro2021, mei2022

PSI1, PSI2, NOISE = np.geomspace(0.1, 100, 200), 3.0, 0.1
RELU = moments("relu")


@pytest.fixture(autouse=True)
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after the first tenths of a second of a process; `test_cold.py` has what is before."""
    monkeypatch.setattr(jit, "PATIENCE", -1)


def damped(ridge: float) -> np.ndarray:
    """The test errors by the paper's equations for nu1, nu2 at i sqrt(psi1 psi2 ridge)/mu_star, iterated."""
    zeta2 = RELU.mu1**2 / RELU.mu_star2
    xi = 1j * np.sqrt(PSI1 * PSI2 * ridge / RELU.mu_star2)
    nu1 = nu2 = np.full_like(xi, 1j)
    for _ in range(10**6):
        pull = 1 + zeta2 / (1 - zeta2 * nu1 * nu2)
        new1, new2 = -PSI1 / (xi + pull * nu2), -PSI2 / (xi + pull * nu1)
        change = max(np.max(abs(new1 / nu1 - 1)), np.max(abs(new2 / nu2 - 1)))
        nu1, nu2 = (nu1 + new1) / 2, (nu2 + new2) / 2
        if change < 1e-12:
            break
    E0, E1, E2 = mei2022.polynomials(PSI1, PSI2, (nu1 * nu2).real, zeta2)
    return E1 / E0 + NOISE * (E2 / E0 + 1)


def paper(ridge: float) -> np.ndarray:
    return mei2022.risk(PSI1, PSI2, ridge, noise=NOISE).test


def core(ridge: float) -> np.ndarray:
    problem = theory.Problem(np.array([RELU.mu1**2]), np.ones(1), tail=RELU.mu_star2, noise=NOISE)
    return theory.random_features(problem, PSI2, PSI1, ridge).test


@pytest.mark.parametrize(
    ("curve", "side", "name"),
    [
        (damped, "today", "damped complex fixed point"),
        (paper, "here", "theory.papers.mei2022.risk"),
        (core, "here", "theory.random_features"),
    ],
    ids=["damped", "paper", "core"],
)
@pytest.mark.parametrize("ridge", [1e-3, 1e-6])
@pytest.mark.benchmark(timer=time.process_time)
def test_mei2022_curve(
    benchmark: Benchmark, ridge: float, curve: Callable[[float], np.ndarray], side: str, name: str
) -> None:
    """The smaller the ridge, the more steps the iteration takes."""
    np.testing.assert_allclose(curve(ridge), damped(ridge), rtol=1e-8)
    np.testing.assert_allclose(curve(ridge), paper(ridge), rtol=1e-8)
    benchmark.group = f"mei2022, {len(PSI1)} ratios, ridge {ridge}"
    benchmark.extra_info |= {
        side: name,
        "what": f"test error of mei2022 at ridge {ridge}",
        "size": f"{len(PSI1)} ratios psi1 from 0.1 to 100, psi2 = 3",
    }
    benchmark(curve, ridge)


def test_calibration_matrix_product(benchmark: Benchmark) -> None:
    a = np.random.default_rng(0).standard_normal((1000, 1000))
    with threadpool_limits(1):
        benchmark(lambda: a @ a)


@pytest.mark.parametrize("ridge", [0.0, 1e-8, 1e-3, 1.0])
def test_mei2022_million_points(benchmark: Benchmark, ridge: float) -> None:
    """Wanted: under 0.5 s on one core."""
    psi1 = np.geomspace(0.01, 100, 10**6)
    mei2022.risk(psi1[:2], 3.0, ridge)
    benchmark(mei2022.risk, psi1, 3.0, ridge, noise=0.1)


@pytest.mark.parametrize("p", [None, 300])
def test_thousand_eigenvalues_thousand_ridges(benchmark: Benchmark, p: int | None) -> None:
    """Wanted: under 10 microseconds a point, so 10 ms."""
    problem = theory.Problem.power_law(1000, 1.5, 2.0)
    ridges = np.geomspace(1e-8, 1, 1000)
    if p is None:
        benchmark(theory.ridge, problem, 100, ridges)
    else:
        benchmark(theory.random_features, problem, 100, p, ridges)


@pytest.mark.parametrize("penalty", [1e-3, 1.0])
def test_logistic_state_evolution(benchmark: Benchmark, penalty: float) -> None:
    """Wanted: under 50 ms a point."""
    omega = np.linspace(0.1, 2.0, 50)
    benchmark(loureiro2021.logistic, omega, omega**2, 2.0, 2.0, penalty)


@pytest.mark.parametrize(("gamma", "ridge"), [(0.1, 0.0), (2.0, 1e-2)])
def test_logistic_mixture(benchmark: Benchmark, gamma: float, ridge: float) -> None:
    """Wanted: under 50 ms a point."""
    benchmark(theory.classification.logistic, gamma, 1.0, ridge)
