"""Curth, Jeffares, van der Schaar 2023: effective parameters by formula and by simulation."""

from collections.abc import Callable
from itertools import pairwise
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import theory
from tests.checks import refuses
from tests.strategies import decades, maybe
from theory import Problem
from theory.papers import curth2023


@pytest.mark.parametrize("n", [90, 200])
@pytest.mark.parametrize("ridge", [0.0, 0.2])
def test_effective_parameters_against_simulation(n: int, ridge: float) -> None:
    """tr S S' and n E |s(x)|^2 self-average: allowance 5/n."""
    problem, scale = Problem([2.0, 0.4], [0.0, 0.0], [40, 100]), np.sqrt(np.repeat([2.0, 0.4], [40, 100]))
    rng, train, test = np.random.default_rng(13), [], []
    for _ in range(20):
        X = rng.standard_normal((n, 140)) * scale
        P = np.linalg.solve(X.T @ X + n * ridge * np.eye(140), X.T) if ridge else np.linalg.pinv(X)
        train.append(((X @ P) ** 2).sum())
        test.append(n * ((scale[:, None] * P) ** 2).sum())
    counts = curth2023.effective_parameters(problem, n, ridge)
    assert_allclose(counts.train, np.mean(train), rtol=5 / n)
    assert_allclose(counts.test, np.mean(test), rtol=5 / n)


SPECTRUM = Problem([4.0, 1.0, 0.25], [4.0, 0.5, 0.5], [100, 200, 100], noise=0.5)


def test_effective_parameters_without_ridge() -> None:
    """linear.md 6: below the rank n and n (1/Delta - 1), above it rank and n rank/(n - rank)."""
    n = np.array([100.0, 200.0, 400.0, 800.0])
    counts = curth2023.effective_parameters(SPECTRUM, n)
    fit = theory.ridge(SPECTRUM, n)
    assert_allclose(counts.train, [100, 200, 400, 400], rtol=1e-10)
    expected = n[:2] * (1 / (1 - fit.df2[:2] / n[:2]) - 1)
    assert_allclose(counts.test, [*expected, inf, 800 * 400 / 400], rtol=1e-9)
    assert np.diff(counts.test)[2] < 0 < np.diff(counts.test)[0]


@given(st.sampled_from([20.0, 400.0, 900.0]), maybe(decades(-6, 3)) | st.just(inf))
def test_effective_parameters_by_their_formula(n: float, ridge: float) -> None:
    counts, fit = curth2023.effective_parameters(SPECTRUM, n, ridge), theory.ridge(SPECTRUM, n, ridge)
    if ridge > 0:
        share = 1.0 if ridge == inf else ridge / fit.kappa
        V = (fit.df2 / n) / (1 - fit.df2 / n)
        assert_allclose(counts.test, n * V, rtol=1e-6)
        assert_allclose(counts.train, n * ((fit.df / n) ** 2 + share**2 * V), rtol=1e-6)
    assert counts.train <= min(n, 400) * (1 + 1e-12)
    silent = curth2023.effective_parameters(Problem([4.0, 1.0, 0.25], [0, 0, 0], [100, 200, 100]), n, ridge)
    assert silent == counts


def test_effective_parameters_of_isotropic_least_squares() -> None:
    n = 30
    p = np.array([0, 5, 28, 29, 30, 31, 32, 60, 3000])
    counts = curth2023.least_squares(n, p)
    assert counts.train.tolist() == np.minimum(n, p).tolist()
    expected = [0, 150 / 24, 840, inf, inf, inf, 900, 900 / 29, 900 / 2969]
    assert_allclose(counts.test, expected, rtol=1e-14)
    limit = curth2023.effective_parameters(Problem.isotropic(2e6), 1e6)
    assert_allclose(curth2023.least_squares(1e6, 2e6), limit, rtol=1e-5)


def test_multiple_descent_in_samples() -> None:
    """linear.md 1.5: two scales peak at the first multiplicity, finitely, and at the rank."""
    problem = Problem([1.0, 0.01], [0.0, 0.0], [200, 200], noise=0.1)
    V = theory.ridge(problem, [100, 200, 300, 400, 800]).var_noise_samples
    assert_allclose(V, [0.0928, 0.505, 0.4784, inf, 0.1], rtol=1e-3)
    counts = curth2023.effective_parameters(problem, [100, 200, 300, 400, 800]).test
    assert_allclose(counts, 10 * V * np.array([100, 200, 300, 400, 800]), rtol=1e-12)
    assert all(a != b for a, b in pairwise(V))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: curth2023.effective_parameters(SPECTRUM, inf), "n = inf"),
        (lambda: curth2023.effective_parameters(SPECTRUM, 10, -1.0), "ridge = -1"),
        (lambda: curth2023.least_squares(10, -1), "p = -1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
