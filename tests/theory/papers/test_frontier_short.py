"""Papers of one function each: simulation, limits and wrong arguments."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import theory
from tests.checks import refuses
from theory import Problem
from theory.papers import (
    adomaityte2024,
    javanmard2020,
    levi2024,
    lin2023,
    merger2025,
    muthukumar2021,
    sorscher2022,
)

PROBLEM = Problem([2.0, 0.5], [1.5, 1.0], [20, 40], noise=0.3)


def close(trial: Callable[[np.random.Generator], float], expected: float, trials: int, gap: float) -> None:
    """The mean of independent trials is within a relative gap and four standard errors."""
    rng = np.random.default_rng(7)
    values = np.array([trial(rng) for _ in range(trials)])
    assert abs(values.mean() - expected) < 4 * values.std(ddof=1) / np.sqrt(trials) + gap * expected


# ---------------------------------------------------------------- lin2023


@pytest.mark.parametrize(("p", "n"), [(30, 10), (10, 30)])
def test_tasks_one_by_one(p: int, n: int) -> None:
    tasks = np.random.default_rng(1).standard_normal((3, p)) / np.sqrt(p)
    gram = ((tasks[:, None] - tasks) ** 2).sum(axis=-1)
    found = lin2023.distances(p, n, gram, (tasks**2).sum(axis=1), 0.1, 3)

    def trial(rng: np.random.Generator, task: int) -> float:
        w = np.zeros(p)
        for target in tasks:
            X = rng.standard_normal((n, p))
            y = X @ target + np.sqrt(0.1) * rng.standard_normal(n)
            w = w + np.linalg.lstsq(X, y - X @ w, rcond=None)[0]
        return float(((w - tasks[task]) ** 2).sum())

    for task in range(3):
        close(lambda rng, task=task: trial(rng, task), found[task], 400, 0.0)


def test_the_same_task_again_and_again_is_learnt() -> None:
    same, norms = np.zeros((50, 50)), np.ones(50)
    assert_allclose(lin2023.distances(60, 30, same, norms, 0.0, 50), 0.5**50, rtol=1e-12)
    assert_allclose(lin2023.distances(60, 30, same, norms, 0.0, 0), norms)
    assert (lin2023.distances(31, 30, same, norms, 0.1, 1) == np.inf).all()
    refuses(lambda: lin2023.distances(60, 30, same, norms, 0.1, 51), "steps = 51 must be at most")
    refuses(lambda: lin2023.distances(60, 30, np.eye(2), [1, 1], 0.1, 1), "diagonal")
    refuses(lambda: lin2023.distances(60, 30, np.zeros((2, 2)), [1], 0.1, 1), "gram has shape")
    refuses(lambda: lin2023.distances(60, 30, [[0, 1], [2, 0]], [1, 1], 0.1, 1), "symmetric")


# ---------------------------------------------------------------- muthukumar2021


@pytest.mark.parametrize(("n", "d"), [(2, 2), (6, 8), (20, 60)])
def test_share_of_positive_duals(n: int, d: int) -> None:
    def trial(rng: np.random.Generator) -> float:
        X, y = rng.standard_normal((n, d)), rng.choice([-1.0, 1.0], n)
        return float(np.mean(y * np.linalg.solve(X @ X.T, y) > 0))

    close(trial, float(muthukumar2021.positive_share(n, d).share), 3000, 0.0)


def test_shares_far_beyond_the_threshold() -> None:
    found = muthukumar2021.positive_share([1, 30, 30], [1, 10**6, 30])
    assert found.share[0] == found.all[0] == found.share[1] == found.all[1] == 1.0
    assert_allclose(found.all[2], found.share[2] ** 30, rtol=1e-12)
    refuses(lambda: muthukumar2021.positive_share(30, 29), "d = 29 must be at least n = 30")


# ---------------------------------------------------------------- sorscher2022


@pytest.mark.parametrize("hard", [True, False])
@pytest.mark.parametrize(("n", "keep", "ridge"), [(160, 0.4, 0.0), (400, 0.3, 0.0), (300, 0.5, 0.5)])
def test_pruned_data(n: int, keep: float, ridge: float, hard: bool) -> None:
    d = 80

    def trial(rng: np.random.Generator) -> float:
        X = rng.standard_normal((n, d))
        order = np.argsort(np.abs(X[:, 0]))
        kept = X[order[: round(keep * n)] if hard else order[-round(keep * n) :]]
        m = len(kept)
        if ridge:
            w = np.linalg.solve(kept.T @ kept + m * ridge * np.eye(d), kept.T @ np.sign(kept[:, 0]))
        else:
            w = np.linalg.lstsq(kept, np.sign(kept[:, 0]), rcond=None)[0]
        return float(np.arccos(w[0] / np.linalg.norm(w)) / np.pi)

    close(trial, float(sorscher2022.error(d, n, keep, hard, ridge)), 60, 2 / d)


def test_nothing_pruned_and_the_threshold() -> None:
    every = sorscher2022.error(50, [100, 400], 1.0)
    assert_allclose(every, sorscher2022.error(50, [100, 400], 1.0, hard=False), rtol=1e-12)
    assert sorscher2022.error(50, 100, 0.5) == 0.5
    refuses(lambda: sorscher2022.error(50, 100, 0.0), "keep = 0")


# ---------------------------------------------------------------- merger2025


@pytest.mark.parametrize(("n", "corruption"), [(30, 0.3), (120, 0.3), (40, 0.0)])
def test_linear_denoiser(n: int, corruption: float) -> None:
    levels = np.repeat(PROBLEM.eigenvalues, PROBLEM.multiplicity.astype(int))
    found = merger2025.denoiser(PROBLEM, n, corruption)

    def losses(rng: np.random.Generator) -> tuple[float, float]:
        X = rng.standard_normal((n, levels.size)) * np.sqrt(levels)
        S = X.T @ X / n
        A = S @ (np.linalg.inv(S + corruption * np.eye(len(S))) if corruption else np.linalg.pinv(S))
        left, spread = np.eye(len(S)) - A, corruption * np.trace(A @ A.T)
        return float((left**2 * levels).sum()) + spread, float(np.trace(left @ S @ left.T)) + spread

    close(lambda rng: losses(rng)[0], float(found.test), 40, 1 / n)
    close(lambda rng: losses(rng)[1], float(found.train), 40, 1 / n)


@given(st.floats(0.5, 3), st.floats(-12, 12))
def test_a_denoiser_of_all_data_is_the_best(size: float, power: float) -> None:
    found = merger2025.denoiser(PROBLEM, [10**size, np.inf], 10.0**power)
    assert found.train[0] <= found.best[0] * (1 + 1e-9)
    assert found.best[0] <= found.test[0] * (1 + 1e-9)
    assert_allclose([found.test[1], found.train[1]], found.best[1], rtol=1e-9)


# ---------------------------------------------------------------- adomaityte2024


@given(st.floats(1, 300), st.floats(-6, 3), st.floats(0.1, 10))
def test_one_scale_is_ridge_regression(n: float, log_ridge: float, scale: float) -> None:
    """Of another size: covariance scale Sigma, whose fresh rows have the scale 1."""
    found = adomaityte2024.risk(PROBLEM, n, 10.0**log_ridge, [scale, scale], [0.5, 0.5])
    large = Problem(PROBLEM.eigenvalues * scale, PROBLEM.power * scale, PROBLEM.multiplicity, noise=0.3)
    plain = theory.ridge(large, n, 10.0**log_ridge)
    assert_allclose((found.test - 0.3) * scale, plain.test - 0.3, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(("n", "ridge"), [(40, 0.1), (40, 0.0), (150, 0.0), (90, 0.02)])
def test_rows_of_random_length(n: int, ridge: float) -> None:
    scales, chances = np.array([0.25, 2.5]), np.array([2 / 3, 1 / 3])
    levels = np.repeat(PROBLEM.eigenvalues, PROBLEM.multiplicity.astype(int))
    beta = np.sqrt(np.repeat(PROBLEM.power / (PROBLEM.eigenvalues * PROBLEM.multiplicity), [20, 40]))

    def trial(rng: np.random.Generator) -> float:
        X = rng.standard_normal((n, levels.size)) * np.sqrt(levels)
        X *= np.sqrt(rng.choice(scales, n, p=chances))[:, None]
        y = X @ beta + np.sqrt(0.3) * rng.standard_normal(n)
        H = X.T @ X / n + ridge * np.eye(levels.size)
        w = np.linalg.solve(H, X.T @ y / n) if ridge else np.linalg.lstsq(X, y, rcond=None)[0]
        return 0.3 + float(levels @ (w - beta) ** 2)

    close(trial, float(adomaityte2024.risk(PROBLEM, n, ridge, scales, chances).test), 300, 2 / n)


def test_elliptical_arguments() -> None:
    assert adomaityte2024.risk(PROBLEM, 60, 0.0, [0.5, 1.5], [0.5, 0.5]).test == np.inf
    refuses(lambda: adomaityte2024.risk(PROBLEM, 60, 0.1, [0.5, 1.5], [0.5, 0.4]), "probability has the sum")
    refuses(lambda: adomaityte2024.risk(PROBLEM, 60, 0.1, [0.5, 1.5], [1.0]), "one for each scale")
    tailed = Problem([1.0], [1.0], [5], tail=1.0)
    refuses(lambda: adomaityte2024.risk(tailed, 60, 0.1, [1.0], [1.0]), "tail = 1 must be 0")


# ---------------------------------------------------------------- javanmard2020


@pytest.mark.parametrize(("gamma", "epsilon"), [(0.5, 0.3), (1.5, 0.5)])
def test_adversarial_training(gamma: float, epsilon: float) -> None:
    from scipy.optimize import minimize

    p = 120
    n, beta = round(p / gamma), np.ones(p) / np.sqrt(p)
    found = javanmard2020.risk(gamma, epsilon, 0.25)

    def losses(rng: np.random.Generator) -> tuple[float, float]:
        X = rng.standard_normal((n, p))
        y = X @ beta + 0.5 * rng.standard_normal(n)

        def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
            size, left = np.sqrt(w @ w + 1e-24), y - X @ w
            at = np.abs(left) + epsilon * size
            slope = 2 / n * (-(X.T @ (at * np.sign(left))) + epsilon * at.sum() * w / size)
            return float(at @ at) / n, slope

        w = minimize(loss, beta / 2, jac=True, method="L-BFGS-B", options={"maxiter": 3000, "ftol": 1e-12}).x
        return 0.25 + float(((w - beta) ** 2).sum()), float(loss(w)[0])

    close(lambda rng: losses(rng)[0], float(found.test), 12, 4 / n)
    close(lambda rng: losses(rng)[1], float(found.train), 12, 4 / n)


@given(st.floats(0.1, 4), st.floats(0.01, 5))
def test_weak_and_strong_adversaries(gamma: float, noise: float) -> None:
    weak = javanmard2020.risk(gamma, [0.0, 1e-5], noise)
    if abs(gamma - 1) > 0.05:
        assert_allclose(weak.test[1], weak.test[0], rtol=1e-2)
    edge = np.sqrt(np.pi / 2 * (1 / (1 + noise) + gamma))
    strong = javanmard2020.risk(gamma, edge * np.array([1 - 1e-4, 1.0, 10.0]), noise)
    assert_allclose(strong.test, 1 + noise, rtol=1e-2)
    assert_allclose([strong.adversarial[1], strong.train[2]], 1 + noise, rtol=1e-12)


# ---------------------------------------------------------------- levi2024


def test_accuracy_is_a_share() -> None:
    errors = np.sqrt(0.01) * np.random.default_rng(3).standard_normal(10**6)
    assert abs(np.mean(errors**2 < 0.002) - levi2024.accuracy(0.01, 0.002)) < 4 * 0.5e-3
    assert levi2024.accuracy([np.inf, 0.0], 1.0).tolist() == [0.0, 1.0]


def test_grokking_is_latest_at_the_threshold() -> None:
    delays = []
    for n in (300, 380, 500):
        found = levi2024.grokking(Problem([1.0], [1.0], [200]), n, 1e-3)
        losses = theory.dynamics.gradient_flow(Problem([1.0], [1.0], [200]), n, [found.train, found.test])
        assert_allclose(levi2024.accuracy(losses.train[0], 1e-3), 0.95, rtol=1e-9)
        assert_allclose(levi2024.accuracy(losses.test[1], 1e-3), 0.95, rtol=1e-6)
        delays.append(found.test / found.train)
    assert delays[0] > delays[1] > delays[2] > 1
    assert levi2024.grokking(Problem([1.0], [1.0], [200]), 100, 1e-3).test == np.inf
    assert levi2024.grokking(Problem([1.0], [1e-9], [200]), 100, 1e-3) == (0.0, 0.0)
    refuses(lambda: levi2024.grokking(PROBLEM, 100, 1e-3, 1.0), "level = 1 must be in")
