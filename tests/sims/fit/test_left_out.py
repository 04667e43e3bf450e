"""Leave-one-out residuals are those of refits by another library."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from sims.fit import left_out


@pytest.mark.parametrize("p", [5, 40])
def test_left_out_is_refitting_scikit_learns_ridge(p: int) -> None:
    rng = np.random.default_rng(p)
    F, Y = rng.standard_normal((20, p)) + 1, rng.standard_normal((20, 2)) + 3
    alphas = np.array([0.7, 5.0])
    for alpha, found in zip(alphas, left_out(F, Y, alphas), strict=True):
        for i in range(20):
            rest = np.arange(20) != i
            refitted = Ridge(alpha).fit(F[rest], Y[rest]).predict(F[[i]])[0]
            assert np.allclose(found[i], Y[i] - refitted)


def test_a_row_that_alone_has_a_feature_is_predicted_by_nothing() -> None:
    F = np.eye(4)[:, :1]
    assert np.isinf(left_out(F, F, np.array([0.0]))[0, 0, 0])


@pytest.mark.parametrize("p", [5, 40])
def test_rows_of_a_group_are_left_out_together(p: int) -> None:
    """Three copies of one row's features and two of another's, with targets of their own, among 20."""
    rng = np.random.default_rng(p)
    F, Y = rng.standard_normal((20, p)) + 1, rng.standard_normal((20, 2)) + 3
    groups = np.arange(20)
    groups[[4, 9]], groups[17] = 0, 5
    F = F[groups]
    alphas = np.array([0.7, 5.0])
    for alpha, found in zip(alphas, left_out(F, Y, alphas, groups), strict=True):
        for i in range(20):
            rest = groups != groups[i]
            refitted = Ridge(alpha).fit(F[rest], Y[rest]).predict(F[[i]])[0]
            assert np.allclose(found[i], Y[i] - refitted)
