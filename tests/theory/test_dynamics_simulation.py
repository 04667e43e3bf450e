"""Gradient flow by simulation: exact averages given a Gaussian design, and small steps of descent."""

from typing import Any

import numpy as np
import pytest

from tests.flows import PROBLEMS
from theory import Problem
from theory.dynamics import gradient_flow


def _conditional(problem: Problem, n: int, times: np.ndarray, rng: np.random.Generator) -> dict[str, Any]:
    """Exact averages over noise and targets (random within each level), given a Gaussian design."""
    lam, m = problem.eigenvalues, problem.multiplicity.astype(int)
    e = problem.noise + problem.tail_power
    sigma, level = np.repeat(lam, m), np.repeat(np.arange(len(lam)), m)
    beta2 = np.repeat(problem.power / lam / m, m)  # E beta_j^2
    X = rng.standard_normal((n, m.sum())) * np.sqrt(sigma)
    values, vectors = np.linalg.eigh(X.T @ X / n)
    values = np.maximum(values, 1e-14)
    out: dict[str, Any] = {k: [] for k in ("kept", "test", "train", "norm", "df", "var_noise_samples")}
    for t in times:
        left, learnt = np.exp(-t * values), -np.expm1(-t * values)
        M = (vectors * left) @ vectors.T
        gain = (vectors**2 * (learnt**2 / values)).sum(axis=1) @ sigma / n
        out["kept"].append(np.bincount(level, np.diag(M)) / m)
        out["test"].append(e + beta2 @ (M**2 @ sigma) + e * gain)
        fitted = (vectors**2 * (values * left**2)).sum(axis=1)
        out["train"].append(beta2 @ fitted + e * (n - len(values) + (left**2).sum()) / n)
        out["norm"].append(beta2 @ (vectors**2 @ learnt**2) + e * (learnt**2 / values).sum() / n)
        out["df"].append(learnt.sum())
        out["var_noise_samples"].append(problem.noise * gain)
    return {k: np.array(v) for k, v in out.items()}


def _simulate(problem: Problem, n: int, times: np.ndarray, draws: int, seed: int) -> float:
    """Largest gap in units of its allowance, 4 standard errors + 3/n: above 1 has odds below 1 in 100.

    P(|z| > 4) = 6e-5, times at most 5 fields, 5 times and 7 runs; the bias is given 3/n alone.
    """
    rng = np.random.default_rng(seed)
    runs = [_conditional(problem, n, times, rng) for _ in range(draws)]
    risk, worst = gradient_flow(problem, n, times), 0.0
    for name in ("test", "train", "norm", "df", "var_noise_samples"):
        sample = np.array([run[name] for run in runs])
        value = np.asarray(getattr(risk, name))
        # once decayed, the training error hangs on the lowest eigenvalue: no O(1/n) of itself
        floor = 0.05 * risk.test if name == "train" else 0.0
        allowed = 4 * sample.std(axis=0, ddof=1) / np.sqrt(draws) + 3 / n * np.maximum(value, floor)
        worst = max(worst, float((np.abs(sample.mean(axis=0) - value) / allowed).max()))
    bias = problem.tail_power + np.mean([run["kept"] for run in runs], axis=0) ** 2 @ problem.power
    return max(worst, float((np.abs(bias / risk.bias - 1) * n / 3).max()))


@pytest.mark.parametrize("n", [60, 120, 300])
def test_simulated_flow(n: int) -> None:
    problem = Problem([2.0, 0.2], [1.0, 0.7], [60, 60], noise=0.5, tail_power=0.2)
    assert _simulate(problem, n, np.array([0.2, 1.0, 4.0, 16.0]), draws=40, seed=n) < 1


@pytest.mark.slow
@pytest.mark.parametrize("problem", [PROBLEMS[1], Problem([1.0, 0.01], [1.0, 1.0], [266, 14], noise=0.3)])
@pytest.mark.parametrize("n", [100, 400])
def test_simulated_flow_at_length(problem: Problem, n: int) -> None:
    assert _simulate(problem, n, np.array([0.5, 2.0, 10.0, 32.0, 128.0]), draws=100, seed=n) < 1


def test_the_formula_of_the_flow() -> None:
    """X^+ (I - e^(-t XX'/n)) y is where small steps of gradient descent lead."""
    rng = np.random.default_rng(5)
    n, p, t = 12, 20, 3.0
    X, y = rng.standard_normal((n, p)), rng.standard_normal(n)
    values, vectors = np.linalg.eigh(X @ X.T / n)
    exact = X.T @ (vectors @ (-np.expm1(-t * values) / (n * values) * (vectors.T @ y)))
    errors = []
    for steps in (2000, 4000):
        beta = np.zeros(p)
        for _ in range(steps):
            beta += t / steps * X.T @ (y - X @ beta) / n
        errors.append(np.abs(beta - exact).max())
    assert errors[1] < 1e-3
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.02)  # first order in the step
