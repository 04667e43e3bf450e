"""Leave-one-out errors of random features before they are drawn, beside those of features that are."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sims import features
from theory import kernel, validation


def drawn(F: Any, Y: Any, penalty: float, intercept: bool) -> Any:
    """Squared leave-one-out errors of one draw, by refitting."""
    n = len(F)
    squares = np.empty(n)
    for i in range(n):
        rest = np.arange(n) != i
        middle, level = (F[rest].mean(axis=0), Y[rest].mean(axis=0)) if intercept else (0.0, 0.0)
        A, B = F[rest] - middle, Y[rest] - level
        K = A @ A.T
        fitted = level + (F[i] - middle) @ A.T @ np.linalg.solve(K + penalty * np.eye(n - 1), B)
        squares[i] = ((Y[i] - fitted) ** 2).sum()
    return squares


def rows(kind: str, n: int, rng: np.random.Generator) -> Any:
    X = rng.standard_normal((n, 8))
    if kind == "collinear":
        X[:, 1:4] = X[:, :1] + 1e-3 * X[:, 1:4]
    if kind == "repeated":
        X[: n // 4] = X[n // 4 : n // 2]
    return X


@pytest.mark.parametrize(
    ("kind", "intercept"), list(product(["plain", "collinear", "repeated"], [False, True]))
)
def test_it_is_the_mean_over_draws_of_gaussian_features(kind: str, intercept: bool) -> None:
    rng = np.random.default_rng(3)
    n, draws, width = 40, 300, np.array([15, 40, 100])
    X = rows(kind, n, rng)
    Y = np.stack([X[:, 0] + 1, X[:, 5] ** 2], axis=1) + 0.3 * rng.standard_normal((n, 2))
    K = kernel.arc_cosine(X) / 16
    root = np.linalg.cholesky(K + 1e-10 * np.eye(n))
    for p in width:
        samples = np.array(
            [
                drawn(root @ rng.standard_normal((n, p)) / np.sqrt(p), Y, n * 0.01, intercept).mean()
                for _ in range(draws)
            ]
        )
        told = validation.random_features_left_out(K, Y, p, 0.01, intercept=intercept).mean(axis=-1)
        allowed = 5 * samples.std() / np.sqrt(draws) / samples.mean() + 1 / n  # theory is exact as n grows
        assert abs(told / samples.mean() - 1) < allowed, (p, told, samples.mean())


@pytest.mark.parametrize("name", ["diabetes", "breast_cancer", "wine", "digits"])
def test_on_data_it_is_the_mean_over_draws_of_relu_features(name: str) -> None:
    datasets = pytest.importorskip("sklearn.datasets")
    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    rng = np.random.default_rng(0)
    kept = rng.permutation(len(X))[:150]
    X, y = X[kept], y[kept].astype(float)
    X = (X - X.mean(axis=0)) / np.maximum(X.std(axis=0), 1e-9)
    y = (y - y.mean()) / y.std()
    d = X.shape[1]
    K = kernel.arc_cosine(X) / (2 * d)
    for p, ridge in product((60, 150, 450), (1e-3, 1e-2)):
        errors = []
        for _ in range(30):
            F = features.random_features(X, rng.standard_normal((p, d))) / np.sqrt(p)
            F = F - F.mean(
                axis=0
            )  # a row that is left out moves the mean by 1/n: the intercept's part is exact
            errors.append(
                validation.random_features_left_out(F @ F.T, y, np.inf, ridge, intercept=True).mean()
            )
        told = validation.random_features_left_out(K, y, p, ridge, intercept=True).mean()
        assert abs(told / np.mean(errors) - 1) < 0.05, (p, ridge, told, np.mean(errors))


def test_infinitely_many_features_are_the_kernel() -> None:
    rng = np.random.default_rng(1)
    X = rng.standard_normal((30, 40))
    K, y, ridge = X @ X.T, rng.standard_normal(30), np.array([0.0, 0.1, 10.0, np.inf])
    told = validation.random_features_left_out(K, y, np.inf, ridge)
    assert_allclose(told, validation.leave_one_out(K, y, ridge) ** 2, rtol=1e-12)
    many = validation.random_features_left_out(K, y, 1e12, ridge)
    assert_allclose(many.mean(axis=-1), told.mean(axis=-1), rtol=1e-9)


def test_without_ridge_it_is_the_limit_on_both_sides_of_the_peak() -> None:
    rng = np.random.default_rng(2)
    X = rng.standard_normal((30, 40))
    K, y, p = X @ X.T, rng.standard_normal(30), np.array([10.0, 29.0, 31.0, 60.0])
    none = validation.random_features_left_out(K, y, p, 0.0)
    assert_allclose(none, validation.random_features_left_out(K, y, p, 1e-11), rtol=1e-6)
    assert np.isinf(validation.random_features_left_out(K, y, 30, 0.0)).all()


def test_the_intercept_is_that_of_ordinary_least_squares() -> None:
    rng = np.random.default_rng(5)
    F, y = rng.standard_normal((25, 6)), rng.standard_normal(25) + 7
    told = validation.random_features_left_out(F @ F.T, y, np.inf, 0.2, intercept=True)
    assert_allclose(told, drawn(F, y[:, None], 25 * 0.2, intercept=True), rtol=1e-8)
    moved = validation.random_features_left_out((F + 3) @ (F + 3).T, y - 7, np.inf, 0.2, intercept=True)
    assert_allclose(moved, told, rtol=1e-8)


@pytest.mark.parametrize(("K", "y", "p", "message"), [
    (np.eye(3), np.ones((3, 1, 1)), 2, r"y has shape \(3, 1, 1\); pass"),
    (np.eye(3), np.ones(2), 2, r"kernel has shape \(3, 3\) and y \(2,\)"),
    (np.eye(3), np.ones(3), 0, "p = 0 must be"),
])  # fmt: skip
def test_what_is_refused(K: Any, y: Any, p: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        validation.random_features_left_out(K, y, p)
