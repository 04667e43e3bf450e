"""Bayati and Montanari 2012: coordinate descent, and the equations of `theory.sparse`."""

import numpy as np
import pytest

from tests.checks import refuses
from theory.papers import bayati2012
from theory.sparse import Sparse, lasso


@pytest.mark.parametrize(("n", "p", "penalty"), [(200, 400, 0.1), (200, 100, 0.05)])
def test_against_coordinate_descent(n: int, p: int, penalty: float) -> None:
    """20 fits; the limit is within 3/n and four standard errors."""
    linear_model = pytest.importorskip("sklearn.linear_model")
    rng, k = np.random.default_rng(5), 20
    losses, active = [], []
    for _ in range(20):
        beta = np.zeros(p)
        beta[:k] = rng.choice([-1.0, 1.0], k)
        X = rng.standard_normal((n, p))
        y = X @ beta + np.sqrt(0.2) * rng.standard_normal(n)
        fit = linear_model.Lasso(alpha=penalty / 2, fit_intercept=False, tol=1e-8).fit(X, y)
        losses.append(0.2 + np.sum((fit.coef_ - beta) ** 2))
        active.append(np.count_nonzero(fit.coef_))
    found = bayati2012.lasso(n, p, k, 1.0, 0.2, penalty)
    for values, theory in ((losses, found.test), (active, found.active)):
        error = np.std(values, ddof=1) / np.sqrt(len(values))
        assert abs(np.mean(values) - theory) < 4 * error + 3 / n * theory


def test_it_is_the_lasso_of_two_values() -> None:
    grid = bayati2012.lasso([[50], [100]], 80, 8, 1.0, 0.1, [0.0, 0.1, 1.0])
    assert grid.test.shape == (2, 3)
    assert grid.test[1, 2] == lasso(Sparse([-1.0, 0.0], [8, 72], 0.1), 100, 1.0).test
    assert bayati2012.lasso(100, 8, 8, 1.0, 0.1, 0.0).test == lasso(Sparse([1.0], [8], 0.1), 100, 0.0).test
    refuses(lambda: bayati2012.lasso(100, 8, 9, 1.0, 0.1, 1.0), "k = 9 must not exceed p = 8")
