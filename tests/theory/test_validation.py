"""Scores by the dual matrix: against refits, the smoother's form, exact means and the limit."""

from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import theory
from tests.strategies import decades
from theory import Problem, exact, validation


def gaussian(n: int, p: int, seed: int) -> tuple[Any, Any]:
    rng = np.random.default_rng([7, n, p, seed])
    X = rng.standard_normal((n, p))
    return X, X @ rng.standard_normal(p) + rng.standard_normal(n)


def refit(X: Any, y: Any, i: int, penalty: float) -> float:
    """Residual of sample i after a fit to the others with the same total penalty."""
    rest = np.arange(len(y)) != i
    if penalty == 0:
        beta = np.linalg.pinv(X[rest]) @ y[rest]
    else:
        beta = np.linalg.solve(X[rest].T @ X[rest] + penalty * np.eye(X.shape[1]), X[rest].T @ y[rest])
    return float(y[i] - X[i] @ beta)


@given(st.integers(2, 9), st.integers(1, 14), st.integers(0, 99), decades(-6, 4) | st.just(0.0))
def test_leave_one_out_is_refitting(n: int, p: int, seed: int, ridge: float) -> None:
    if ridge == 0 and p in (n - 1, n):  # the refits lose a digit for each of the condition number
        p = n + 1
    X, y = gaussian(n, p, seed)
    expected = [refit(X, y, i, n * ridge) for i in range(n)]
    residuals = validation.leave_one_out(X @ X.T, y, ridge)
    assert_allclose(residuals, expected, rtol=1e-5, atol=1e-7 * np.abs(expected).max())
    assert_allclose(validation.loo(X @ X.T, y, ridge), (residuals**2).mean(), rtol=1e-14)


@given(st.integers(2, 9), st.integers(1, 14), st.integers(0, 99), decades(-2, 4))
def test_the_textbook_forms(n: int, p: int, seed: int, ridge: float) -> None:
    X, y = gaussian(n, p, seed)
    K = X @ X.T
    S = K @ np.linalg.inv(K + n * ridge * np.eye(n))
    residual, diagonal = y - S @ y, np.diag(S)
    left = 1 - diagonal.mean()
    assert_allclose(validation.gcv(K, y, ridge), (residual**2).mean() / left**2, rtol=1e-8)
    assert_allclose(validation.leave_one_out(K, y, ridge), residual / (1 - diagonal), rtol=1e-7, atol=1e-9)


@given(st.integers(2, 9), st.integers(1, 14), st.integers(0, 99))
def test_continuous_at_ridge_zero(n: int, p: int, seed: int) -> None:
    """For a singular K too, where the dual matrix becomes a projector."""
    X, y = gaussian(n, p, seed)
    K = X @ X.T
    scale = np.linalg.svd(X, compute_uv=False).min() ** 2
    for score in (validation.gcv, validation.loo):
        assert_allclose(score(K, y, 1e-15 * scale), score(K, y), rtol=1e-7)


def test_singular_kernel_is_least_squares() -> None:
    X, y = gaussian(30, 12, 0)
    H = X @ np.linalg.pinv(X)
    residual = y - H @ y
    K = X @ X.T
    assert_allclose(validation.gcv(K, y), (residual**2).mean() / (1 - 12 / 30) ** 2, rtol=1e-12)
    assert_allclose(validation.leave_one_out(K, y), residual / (1 - np.diag(H)), rtol=1e-11)


def test_a_sample_that_no_other_replaces_is_not_defined() -> None:
    """Leverage 1 at ridge 0 and a singular K: 0/0."""
    X = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 2.0]])
    y = np.array([1.0, 2.0, 3.0])
    residuals = validation.leave_one_out(X @ X.T, y)
    assert np.isnan(residuals).tolist() == [True, False, False]
    assert_allclose(residuals[1:], [2 - 1.5, 3 - 4.0], rtol=1e-12)
    assert np.isnan(validation.loo(X @ X.T, y))
    assert np.isfinite(validation.gcv(X @ X.T, y))
    # rounding turns the zeros into 1e-33
    rng = np.random.default_rng(8)
    Q = np.linalg.qr(rng.standard_normal((5, 5)))[0]
    turned = np.c_[rng.standard_normal((8, 4)), np.eye(8)[:, 0]] @ Q
    undefined = np.isnan(validation.leave_one_out(turned @ turned.T, rng.standard_normal(8)))
    assert undefined.tolist() == [True] + [False] * 7
    assert_allclose(validation.leave_one_out(X @ X.T, y, 1e-9)[0], 1.0, rtol=1e-8)  # of the zero fit


def test_trivial_kernels() -> None:
    y = np.array([1.0, -3.0])
    for K, ridge in (
        (np.zeros((2, 2)), 0.0),
        (np.zeros((2, 2)), 1.0),
        (np.eye(2), inf),
        (5 * np.eye(2), 0.0),
    ):
        assert_allclose(validation.leave_one_out(K, y, ridge), y, rtol=1e-15)
        scores = validation.gcv(K, y, ridge), validation.loo(K, y, ridge)
        assert_allclose(scores, 5.0, rtol=1e-15)
    assert validation.gcv([[2.0]], [0.0]) == 0.0
    K = np.array([[2.0, 0.5], [0.5, 1.0]])
    # of the zero fit, turned to the eigenvectors and back
    assert_allclose(validation.leave_one_out(K, y, inf), y, rtol=1e-15)


def test_arrays_of_ridges_and_types() -> None:
    X, y = gaussian(6, 4, 1)
    K = X @ X.T
    ridges = np.array([[0.0, 0.1], [1.0, inf]])
    for score, shape in ((validation.gcv, ()), (validation.loo, ()), (validation.leave_one_out, (6,))):
        table = score(K, y, ridges)
        assert table.shape == (2, 2, *shape)
        for index in np.ndindex(2, 2):
            assert_allclose(table[index], score(K, y, ridges[index]), rtol=1e-13)
    assert isinstance(validation.gcv(K, y), np.float64)
    assert isinstance(validation.loo(K, y, 0.1), np.float64)
    assert validation.gcv([[2, 0], [0, 1]], [1, 1]) == pytest.approx(10 / 9)


def test_single_precision_keeps_its_rank() -> None:
    """What is left of a zero eigenvalue after rounding to float32 is not taken for one."""
    X, y = gaussian(40, 15, 2)
    K = X @ X.T
    single = (X.astype(np.float32) @ X.astype(np.float32).T).astype(np.float32)
    for score in (validation.gcv, validation.loo):
        assert_allclose(score(single, y), score(K, y), rtol=1e-3)


def test_rescaling() -> None:
    X, y = gaussian(8, 12, 3)
    K = X @ X.T
    for c in (1e-150, 1e-8, 1e8, 1e150):
        assert_allclose(validation.loo(c * K, y, c * 0.2), validation.loo(K, y, 0.2), rtol=1e-12)
        assert_allclose(validation.gcv(c * K, y), validation.gcv(K, y), rtol=1e-9)
    assert_allclose(validation.gcv(K, 3 * y, 0.2), 9 * validation.gcv(K, y, 0.2), rtol=1e-13)


def test_means_of_scores_are_exact_for_least_squares() -> None:
    """exact.ols_validation against draws; |z| <= 4.5 fails once in 150 000."""
    n, p, noise, draws = 20, 8, 1.3, 4000
    rng = np.random.default_rng(4)
    gcv, loo, train = [], [], []
    for _ in range(draws):
        X, y = rng.standard_normal((n, p)), np.sqrt(noise) * rng.standard_normal(n)
        gcv.append(validation.gcv(X @ X.T, y))
        loo.append(validation.loo(X @ X.T, y))
        train.append(gcv[-1] * (1 - p / n) ** 2)
    scores = exact.ols_validation(n, p, noise)
    for values, expected in ((gcv, scores.gcv), (loo, scores.loo), (train, scores.train)):
        assert abs(np.mean(values) - expected) <= 4.5 * np.std(values) / np.sqrt(draws)


# -- the limit -------------------------------------------------------------------------------------

SPECTRUM = Problem([4.0, 1.0, 0.25], [4.0, 0.5, 0.5], [100, 200, 100], noise=0.5)


@pytest.mark.parametrize("ridge", [0.0, 0.1])
def test_gcv_and_loo_estimate_the_test_error(ridge: float) -> None:
    """[patil2021], for an interpolant too; 4 standard errors and 5/n, about one failure in 15 000."""
    problem, n, draws = Problem([2.0, 0.4], [1.0, 0.6], [60, 240], noise=0.5), 150, 25
    rng = np.random.default_rng(5)
    scale = np.sqrt(np.repeat(problem.eigenvalues, [60, 240]))
    values = []
    for _ in range(draws):
        direction = rng.standard_normal(300)
        for level, v2 in ((slice(0, 60), 1.0), (slice(60, 300), 0.6)):  # power v2 within each level
            direction[level] *= np.sqrt(v2) / np.linalg.norm(direction[level])
        Z = rng.standard_normal((n, 300))
        y = Z @ direction + np.sqrt(problem.noise) * rng.standard_normal(n)
        K = (Z * scale) @ (Z * scale).T
        values.append([validation.gcv(K, y, ridge), validation.loo(K, y, ridge)])
    test = theory.ridge(problem, n, ridge).test
    gap = np.abs(np.mean(values, axis=0) - test)
    assert (gap <= 4 * np.std(values, axis=0) / np.sqrt(draws) + 5 / n * test).all()


@given(st.sampled_from([40.0, 300.0, 800.0]), decades(-3, 1) | st.just(0.0), st.integers(2, 50))
def test_kfold_is_the_test_error_of_a_fold(n: float, ridge: float, folds: int) -> None:
    expected = theory.ridge(SPECTRUM, n * (folds - 1) / folds, ridge).test
    assert_allclose(validation.kfold(SPECTRUM, n, ridge, folds), expected, rtol=1e-9)


def test_kfold_against_simulation() -> None:
    """Five folds of isotropic data, with the ridge of each fold; 4 standard errors and 5/n."""
    n, p, signal, noise, ridge, draws = 100, 50, 2.0, 1.0, 0.2, 40
    rng = np.random.default_rng(6)
    scores = []
    for _ in range(draws):
        X = rng.standard_normal((n, p))
        y = X @ (np.sqrt(signal / p) * rng.standard_normal(p)) + np.sqrt(noise) * rng.standard_normal(n)
        errors = []
        for held in np.arange(n).reshape(5, -1):
            rest = np.setdiff1d(np.arange(n), held)
            penalty = len(rest) * ridge * np.eye(p)
            beta = np.linalg.solve(X[rest].T @ X[rest] + penalty, X[rest].T @ y[rest])
            errors.append(((y[held] - X[held] @ beta) ** 2).mean())
        scores.append(np.mean(errors))
    expected = validation.kfold(Problem.isotropic(p, signal, noise), n, ridge, 5)
    whole = theory.ridge(Problem.isotropic(p, signal, noise), n, ridge).test
    gap = 4 * np.std(scores) / np.sqrt(draws) + 5 / n * expected
    assert abs(np.mean(scores) - expected) <= gap < 0.2 * expected
    assert expected > whole * 1.05


def test_kfold_at_the_edges() -> None:
    problem = Problem.isotropic(50, 1.0, 0.5)
    assert validation.kfold(problem, 100, 0.0, 2) == inf  # n/2 = p
    assert validation.kfold(problem, 100, 0.3, inf) == theory.ridge(problem, 100, 0.3).test
    assert validation.kfold(problem, 100, inf, 5) == 1.5
    table = validation.kfold(problem, [[80], [120]], [0.1, 0.2, 0.3], 4)
    assert table.shape == (2, 3)
    assert table[1, 2] == validation.kfold(problem, 120, 0.3, 4)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (validation.gcv, ([[1.0, 2.0], [0.0, 1.0]], [1.0, 1.0]), "kernel .*symmetric"),
        (validation.gcv, ([[1.0, 2.0], [2.0, 1.0]], [1.0, 1.0]), "kernel .*-1"),
        (validation.gcv, (np.eye(3), [1.0, 1.0]), r"kernel .*\(3, 3\).* y .*\(2,\)"),
        (validation.loo, (np.eye(2), [[1.0], [1.0]]), r"kernel .*\(2, 2\).* y .*\(2, 1\)"),
        (validation.loo, (np.zeros((0, 0)), []), "shape"),
        (validation.leave_one_out, (np.eye(3)[:2], [1.0, 1.0]), r"gram .*\(2, 3\)"),
        (validation.leave_one_out, (np.eye(2), [1.0, nan]), "y = .* contains nan"),
        (validation.leave_one_out, (np.eye(2), [1.0, inf]), "inf"),
        (validation.gcv, (np.diag([1.0, inf]), [1.0, 1.0]), "inf"),
        (validation.gcv, (np.eye(2), [1.0, 1.0], -0.1), r"ridge = -0\.1"),
        (validation.kfold, (SPECTRUM, 100, 0.1, 1), "folds = 1"),
        (validation.kfold, (SPECTRUM, 100, 0.1, 2.5), r"folds = 2\.5"),
        (validation.kfold, (SPECTRUM, 100, -0.1, 5), r"ridge = -0\.1"),
        (validation.kfold, (SPECTRUM, 0, 0.1, 5), "n = 0"),
    ],
)
def test_bad_arguments(function: Any, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        function(*arguments)
    assert "\n" not in str(raised.value)
