"""The Lasso by coordinate descent and basis pursuit as a linear program, against other roads."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sims.experiments import adversarial_fits, sparse_fits


def _drawn(n: int, p: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, p))
    return X, X[:, :5].sum(axis=1) + 0.5 * rng.standard_normal(n)


@pytest.mark.parametrize(("n", "p", "penalty"), [(40, 20, 0.1), (40, 80, 0.3), (60, 60, 0.02), (30, 90, 5.0)])
def test_coordinate_descent_is_the_lasso_of_scikit_learn(n: int, p: int, penalty: float) -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    X, y = _drawn(n, p, 1)
    other = linear_model.Lasso(alpha=penalty / 2, fit_intercept=False, tol=1e-14, max_iter=10**6).fit(X, y)
    assert_allclose(sparse_fits.lasso(X, y, penalty), other.coef_, atol=1e-6)


def test_the_lasso_meets_its_conditions_of_optimality() -> None:
    """2 X'(y - X a)/n is the penalty with the sign of an active coefficient, and within it elsewhere."""
    X, y = _drawn(50, 100, 2)
    a = sparse_fits.lasso(X, y, 0.2)
    pull = 2 * X.T @ (y - X @ a) / len(y)
    assert_allclose(pull[a != 0], 0.2 * np.sign(a[a != 0]), atol=1e-7)
    assert np.abs(pull).max() <= 0.2 + 1e-7
    assert 5 <= np.count_nonzero(a) < 50


@pytest.mark.jit  # too many steps for plain Python
def test_basis_pursuit_is_the_end_of_the_lasso() -> None:
    X, y = _drawn(20, 50, 3)
    a = sparse_fits.basis_pursuit(X, y)
    assert_allclose(X @ a, y, atol=1e-9)
    assert np.count_nonzero(np.abs(a) > 1e-9) == len(y)
    assert_allclose(sparse_fits.lasso(X, y, 1e-4, accuracy=1e-12), a, atol=3e-3)


def test_basis_pursuit_has_the_smallest_sum() -> None:
    X, y = _drawn(20, 50, 4)
    a = sparse_fits.basis_pursuit(X, y)
    kernel = np.linalg.svd(X)[2][20:]
    for direction in np.random.default_rng(0).standard_normal((200, 30)) @ kernel:
        assert np.abs(a + 0.01 * direction).sum() > np.abs(a).sum()


@pytest.mark.parametrize("p", [20, 80])
def test_adversarial_training_is_at_a_minimum(p: int) -> None:
    """The loss is convex: no small step away from it is lower, beyond the accuracy that it promises."""
    X, y = _drawn(40, p, 5)

    def loss(w: np.ndarray) -> float:
        return adversarial_fits.loss(y - X @ w, 0.3 * float(np.linalg.norm(w)))

    w = adversarial_fits.fit(X, y, 0.3)
    least = loss(w)
    assert least < loss(np.linalg.pinv(X) @ y)
    for direction in np.random.default_rng(0).standard_normal((200, p)):
        assert loss(w + 1e-2 * direction / np.linalg.norm(direction)) > least * (1 - 1e-4)


def test_without_an_adversary_it_is_least_squares() -> None:
    X, y = _drawn(40, 20, 6)
    assert_allclose(adversarial_fits.fit(X, y, 0.0), np.linalg.lstsq(X, y, rcond=None)[0])
