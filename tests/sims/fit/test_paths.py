"""The path of minimum-norm fits is the refit at every p, also with dependent columns; bad input."""

from typing import Any

import numpy as np
import pytest

from sims import fit
from tests.sims.fit.problems import EPS, Array, assert_close, gaussian_data, refit, relu_data

# -- the path is the refit at every p --------------------------------------------------------------


@pytest.mark.usefixtures("no_refits")
@pytest.mark.parametrize(
    ("n", "P", "d"),
    [
        (60, 200, 10),
        pytest.param(200, 600, 30, marks=pytest.mark.slow),
        pytest.param(200, 1000, 100, marks=pytest.mark.slow),
        pytest.param(300, 1200, 30, marks=pytest.mark.slow),
    ],
)
def test_path_is_the_refit_at_every_p(n: int, P: int, d: int) -> None:
    data = relu_data(n, P, 100, d, seed=n + d)
    path, expected = fit.min_norm_path(*data), refit(*data)
    p = np.arange(1, P + 1)
    for name in ("test", "norm"):
        error = np.abs(getattr(path, name) / getattr(expected, name) - 1)
        assert error[np.abs(p - n) > 8].max() < 1e-9, name
        assert error.max() < 1e-6, name
    np.testing.assert_allclose(path.train[: n - 1], expected.train[: n - 1], rtol=1e-9)
    assert np.all(path.train[n - 1 :] == 0)


@pytest.mark.usefixtures("no_refits")
@pytest.mark.parametrize(
    ("n", "P", "m"), [(1, 1, 1), (1, 5, 1), (5, 1, 1), (4, 3, 2), (4, 4, 1), (4, 200, 3)]
)
def test_small_shapes(n: int, P: int, m: int) -> None:
    data = gaussian_data(n, P, m, seed=3)
    path = fit.min_norm_path(*data)
    assert path.test.shape == path.train.shape == path.norm.shape == (P,)
    assert_close(path, refit(*data), 1e-12)


@pytest.mark.usefixtures("no_refits")
def test_ill_conditioned_features() -> None:
    data = relu_data(100, 300, 50, d=3, seed=0)
    condition = np.linalg.cond(data[0][:, :100])
    assert condition > 1e5  # else the test is void
    path, expected = fit.min_norm_path(*data), refit(*data)
    np.testing.assert_allclose(path.test, expected.test, rtol=100 * EPS * condition)
    np.testing.assert_allclose(path.norm, expected.norm, rtol=100 * EPS * condition)


@pytest.mark.usefixtures("no_refits")
def test_errors_of_a_near_singular_threshold_do_not_travel() -> None:
    features, y, test_features, test_y = gaussian_data(40, 200, 20, seed=1)
    features[:, 30] = features[:, :5].sum(axis=1) + 1e-8 * features[:, 30]
    assert np.linalg.cond(features[:, :40]) > 1e8
    path = fit.min_norm_path(features, y, test_features, test_y)
    expected = refit(features, y, test_features, test_y)
    np.testing.assert_allclose(path.test[60:], expected.test[60:], rtol=1e-11)
    np.testing.assert_allclose(path.norm[60:], expected.norm[60:], rtol=1e-11)


@pytest.mark.usefixtures("no_refits")
def test_an_error_that_falls_by_many_orders_keeps_its_digits() -> None:
    # column 30 carries all but 1e-9 of the target: the squared error falls by 1e18 in one step of a block
    features, _, test_features, _ = gaussian_data(60, 150, 40, seed=2)
    rng = np.random.default_rng(4)
    y = features[:, 30] + 1e-9 * rng.standard_normal(60)
    test_y = test_features[:, 30] + 1e-9 * rng.standard_normal(40)
    path = fit.min_norm_path(features, y, test_features, test_y)
    expected = refit(features, y, test_features, test_y)
    assert expected.test[30] < 1e-16 * expected.test[29]
    np.testing.assert_allclose(path.test[:50], expected.test[:50], rtol=1e-5)


@pytest.mark.usefixtures("no_refits")
def test_many_right_hand_sides_are_one_at_a_time() -> None:
    features, y, test_features, test_y = relu_data(50, 200, 40, 10, seed=5, q=7)
    together = fit.min_norm_path(features, y, test_features, test_y)
    assert together.test.shape == together.train.shape == together.norm.shape == (200, 7)
    for c in range(7):
        alone = fit.min_norm_path(features, y[:, c], test_features, test_y[:, c])
        for got, wanted in zip(together, alone, strict=True):
            np.testing.assert_allclose(got[:, c], wanted, rtol=1e-9)


def test_without_a_test_set() -> None:
    F, y, Ft, yt = relu_data(20, 50, 10, 8, seed=1)
    path, whole = fit.min_norm_path(F, y), fit.min_norm_path(F, y, Ft, yt)
    assert np.all(np.isnan(path.test))
    np.testing.assert_allclose(path.norm, whole.norm, rtol=1e-12)
    np.testing.assert_allclose(path.train, whole.train, rtol=1e-12)


# -- dependent columns -----------------------------------------------------------------------------


@pytest.mark.usefixtures("no_refits")
@pytest.mark.parametrize("where", [[0], [0, 1, 2], [10], [29], [30], [5, 31, 79], list(range(80))])
def test_zero_columns(where: list[int]) -> None:
    features, y, test_features, test_y = gaussian_data(30, 80, 10, seed=6)
    features[:, where] = 0  # but not in the test set: a dead unit may live elsewhere
    data = (features, y, test_features, test_y)
    assert_close(fit.min_norm_path(*data), refit(*data), 1e-10)


@pytest.mark.usefixtures("no_refits")
@pytest.mark.parametrize("rank", [1, 12, 29])
def test_linear_features_of_rank_below_n(rank: int) -> None:
    rng = np.random.default_rng(rank)
    W = rng.standard_normal((rank, 80))
    data = (
        rng.standard_normal((30, rank)) @ W,
        rng.standard_normal((30, 2)),
        rng.standard_normal((10, rank)) @ W,
        rng.standard_normal((10, 2)),
    )
    path = fit.min_norm_path(*data)
    assert_close(path, refit(*data), 1e-10)
    assert np.all(path.train[rank:] == path.train[rank - 1])


@pytest.mark.usefixtures("no_refits")
def test_duplicates_beyond_n() -> None:
    features, y, test_features, test_y = gaussian_data(30, 80, 10, seed=7)
    features[:, 40], test_features[:, 40] = features[:, 3], test_features[:, 3]
    data = (features, y, test_features, test_y)
    assert_close(fit.min_norm_path(*data), refit(*data), 1e-10)


@pytest.mark.parametrize(("copy", "of"), [(1, 0), (15, 3), (29, 28)])
def test_duplicates_below_n(copy: int, of: int) -> None:
    features, y, test_features, test_y = gaussian_data(30, 80, 10, seed=8)
    features[:, copy], test_features[:, copy] = -2 * features[:, of], -2 * test_features[:, of]
    data = (features, y, test_features, test_y)
    path = fit.min_norm_path(*data)
    assert_close(path, refit(*data), 1e-10)
    assert path.train[29] > 0  # 29 independent columns
    assert np.all(path.train[30:] == 0)


def test_rank_that_grows_after_dependent_columns() -> None:
    rng = np.random.default_rng(9)
    low = rng.standard_normal((30, 5)) @ rng.standard_normal((5, 40))
    features = np.hstack([low, rng.standard_normal((30, 40))])
    data = (features, rng.standard_normal(30), rng.standard_normal((10, 80)), rng.standard_normal(10))
    assert_close(fit.min_norm_path(*data), refit(*data), 1e-10)


def test_features_singular_to_working_precision() -> None:
    data = relu_data(60, 120, 20, d=2, seed=1)
    assert np.linalg.cond(data[0][:, :60]) > 1e15
    assert_close(fit.min_norm_path(*data), refit(*data), 1e-6)


def test_singular_though_every_column_brings_something_new() -> None:
    # Kahan's matrix: no step of the QR looks small, yet the smallest singular value is rounding
    n, c = 110, np.cos(1.2)
    kahan = np.sin(1.2) ** np.arange(n)[:, None] * (np.eye(n) - c * np.triu(np.ones((n, n)), 1))
    features, y, test_features, test_y = gaussian_data(n, n + 20, 10, seed=10)
    features[:, :n] = kahan
    assert np.min(np.abs(np.diag(kahan))) > 1e-4
    data = (features, y, test_features, test_y)
    path, expected = fit.min_norm_path(*data), refit(*data)
    np.testing.assert_allclose(path.norm[n - 1 :], expected.norm[n - 1 :], rtol=1e-6)
    np.testing.assert_allclose(path.test[n - 1 :], expected.test[n - 1 :], rtol=1e-6)


@pytest.mark.parametrize("kind", ["regular", "zeros", "refitted"])
def test_some_p_are_rows_of_all(kind: str) -> None:
    features, y, test_features, test_y = gaussian_data(30, 80, 10, seed=8)
    if kind == "zeros":
        features[:, [0, 1, 12, 40]] = 0
    if kind == "refitted":
        features[:, 15] = features[:, 3]
    data = (features, y, test_features, test_y)
    whole = fit.min_norm_path(*data)
    for p in ([1], [2, 1], [13, 12, 41, 80, 13], np.arange(1, 81)):
        some = fit.min_norm_path(*data, p=p)
        for got, wanted in zip(some, whole, strict=True):
            np.testing.assert_allclose(got, wanted[np.array(p) - 1], rtol=1e-12)


def test_only_the_p_asked_for_are_refitted(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    svd = np.linalg.svd

    def counted(matrix: Array, **options: Any) -> Any:
        sizes.append(matrix.shape[1])
        return svd(matrix, **options)

    monkeypatch.setattr(np.linalg, "svd", counted)
    fit.min_norm_path(*relu_data(60, 120, 20, d=2, seed=1), p=[5, 60, 120])
    assert sizes == [5, 60, 120]


# -- bad input -------------------------------------------------------------------------------------

F, Y = np.ones((3, 4)), np.ones(3)
FT, YT = np.ones((2, 4)), np.ones(2)
NAN = np.array([1.0, np.nan, 1.0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.ones(3), Y, FT, YT), "features"),
        (
            (F, np.ones(5), FT, YT),
            r"targets = array of shape \(5,\) must have shape \(3,\), one row per row of",
        ),
        ((F, np.ones((3, 1, 1)), FT, YT), "targets"),
        (
            (F, Y, np.ones((2, 5)), YT),
            r"test_features = array of shape \(2, 5\) must have shape \(2, 4\), one column per",
        ),
        ((F, Y, np.ones(4), YT), "test_features"),
        ((F, Y, FT, np.ones(3)), r"test_targets = array of shape \(3,\) must have shape \(2,\), one row per"),
        ((F, Y, FT, np.ones((2, 1))), "test_targets"),
        ((F, np.ones((3, 2)), FT, np.ones((2, 3))), "test_targets"),
        ((F * np.inf, Y, FT, YT), "features"),
        ((F, NAN, FT, YT), "targets"),
        ((F, Y, FT * np.nan, YT), "test_features"),
        ((F, Y, FT, -YT * np.inf), "test_targets"),
        ((np.ones((3, 0)), Y, np.ones((2, 0)), YT), "features"),
        ((np.ones((0, 4)), np.ones(0), FT, YT), "features"),
        ((F, np.ones((3, 0)), FT, np.ones((2, 0))), "targets"),
        ((F, Y, np.ones((0, 4)), np.ones(0)), "test_features"),
        (
            (F * 1j, Y, FT, YT),
            "features = array of complex numbers must be real for a path; use min_norm",
        ),
        ((F, Y, FT, YT * 1j), "test_targets"),
        ((F.astype(str), Y, FT, YT), "features"),
        (([[1.0, 2.0], [3.0]], Y, FT, YT), "features"),
        ((F, Y, F, None), "test_targets = None beside the other half of the test set; pass both or neither"),
        ((F, Y, None, Y), "test_features = None"),
        ((F, Y, FT, YT, [1, 5]), r"p = \[1, 5\] must be a list of whole numbers in 1\.\.4"),
        ((F, Y, FT, YT, [0]), "p"),
        ((F, Y, FT, YT, [1.5]), "p"),
        ((F, Y, FT, YT, 3), "p"),
    ],
)
def test_bad_input_is_named(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=rf"^{message}\b") as caught:
        fit.min_norm_path(*arguments)
    assert "\n" not in str(caught.value)
