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


@pytest.mark.parametrize("p", [19, 50])
def test_fits_that_nearly_interpolate_keep_their_digits(p: int) -> None:
    """1 - h is 1e-11 there, and was the difference of numbers near 1: wrong by up to 1e-3."""
    rng = np.random.default_rng(p)
    F, Y = rng.standard_normal((20, p)), rng.standard_normal((20, 1))
    (found,) = left_out(F, Y, np.array([1e-9]))
    for i in range(20):
        rest = np.arange(20) != i
        mean = F[rest].mean(axis=0)
        a = np.linalg.pinv(F[rest] - mean) @ (Y[rest] - Y[rest].mean())
        np.testing.assert_allclose(found[i], Y[i] - Y[rest].mean() - (F[i] - mean) @ a, rtol=1e-6)


def test_rows_that_repeat_are_not_replaced_without_a_ridge() -> None:
    """Alone in their feature, they predict each other, and as a group are predicted by nothing."""
    F = np.zeros((6, 9))
    F[:2, 0] = 1
    F[2:, 1:5] = np.eye(4)
    Y = np.arange(6.0)[:, None]
    apart, together = (left_out(F, Y, np.array([0.0]), g)[0] for g in (None, np.array([0, 0, 1, 2, 3, 4])))
    np.testing.assert_allclose(apart[:2], [[-1.0], [1.0]])
    assert np.isinf(together).all()
