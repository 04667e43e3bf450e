"""Dohmatob et al. 2024: chains of models, against closed forms, fits, and least squares at large n."""

from collections.abc import Callable
from math import inf

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import refuses
from theory import Problem, ridge
from theory.papers import dohmatob2024, gerstgrasser2024

PROBLEM = Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3, tail_power=0.1)


def test_the_first_generation_is_ridge_regression() -> None:
    for n in (50.0, 200.0, inf):
        assert_allclose(
            dohmatob2024.generations(PROBLEM, n, 0.1, 2)[0], ridge(PROBLEM, n, 0.1).test, rtol=1e-12
        )


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_interpolation_forgets(share: float) -> None:
    """Each fit is a projection on n of p directions, which keeps n/p of the power: test = 1 - (n/p)^g."""
    problem = Problem.isotropic(1000, signal=2.0)
    found = dohmatob2024.generations(problem, 1000 * share, count=6)
    assert_allclose(found, 2 * (1 - share ** np.arange(1.0, 7)), rtol=1e-12)


def test_least_squares_pays_the_noise_each_time() -> None:
    """noise p/(n - p) with each generation, the limit of `gerstgrasser2024.chain`, whatever the spectrum."""
    problem = Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3)
    g = np.arange(1, 8)
    found = dohmatob2024.generations(problem, 900.0, count=7)
    assert_allclose(found, 0.3 + g * 0.3 * 300 / 600, rtol=1e-12)
    exact = 0.3 + gerstgrasser2024.chain(300, 900, 0.3, g).replace
    assert_allclose(found, exact, rtol=2 / 600)


def test_each_generation_has_its_size_and_ridge() -> None:
    problem = Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3)
    equal = dohmatob2024.generations(problem, [200.0] * 3, [0.1] * 3, 3, fresh_noise=0.1)
    assert_allclose(equal, dohmatob2024.generations(problem, 200.0, 0.1, 3, fresh_noise=0.1), rtol=1e-15)
    # a student with all samples and no ridge copies its teacher
    copied = dohmatob2024.generations(problem, [200.0, inf], [0.1, 0.0], 2)
    assert_allclose(copied[1], copied[0], rtol=1e-12)


def test_the_truth_about_fits() -> None:
    """Three generations of ridge regression on fresh designs, exact risk of the last: 1/n away."""
    problem = Problem([2.0, 0.5], [1.5, 1.0], [20, 40], noise=0.3)
    n, penalty, fresh, rng = 40, 0.1, 0.1, np.random.default_rng(1)
    lam = np.repeat(problem.eigenvalues, [20, 40])
    beta = np.repeat(np.sqrt(problem.power / problem.multiplicity), [20, 40]) / np.sqrt(lam)
    errors = []
    for _ in range(1500):
        target, noise, chain = beta, problem.noise, []
        for _ in range(3):
            X = rng.standard_normal((n, 60)) * np.sqrt(lam)
            y = X @ target + np.sqrt(noise) * rng.standard_normal(n)
            target = np.linalg.solve(X.T @ X + n * penalty * np.eye(60), X.T @ y)
            noise = fresh
            chain.append(problem.noise + lam @ (target - beta) ** 2)
        errors.append(chain)
    told = dohmatob2024.generations(problem, n, penalty, 3, fresh)
    assert_allclose(np.mean(errors, axis=0), told, rtol=1 / n)
    assert (np.abs(np.mean(errors, axis=0)[1:] / told[:-1] - 1) > 1 / n).all()  # one generation fewer


def test_divergence_stays() -> None:
    chain = dohmatob2024.generations(PROBLEM, [200.0, 300.0, 200.0], count=3)
    assert np.isfinite(chain[0])
    assert np.isinf(chain[1:]).all()
    assert_allclose(dohmatob2024.generations(PROBLEM, 20.0, inf, 3), 0.3 + PROBLEM.signal, rtol=1e-15)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: dohmatob2024.generations(PROBLEM, [1.0, 2.0], count=3),
            r"n = array\(.*\) must be one",
        ),
        (
            lambda: dohmatob2024.generations(PROBLEM, 5, [0.1], count=3),
            r"ridge = array\(.*\) must be one",
        ),
        (lambda: dohmatob2024.generations(PROBLEM, 5, count=0), "count = 0 must be"),
        (lambda: dohmatob2024.generations(PROBLEM, 5, fresh_noise=-1.0), "fresh_noise = -1"),
        (lambda: dohmatob2024.generations(PROBLEM, 0), "n = 0 must be positive"),
        (lambda: dohmatob2024.generations(PROBLEM, 5, -0.1), "ridge = -0.1 must be"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
