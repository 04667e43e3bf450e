"""Fits against numpy: the path against a refit at every p, the laws that hold for any data, bad input."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from sims import fit
from sims.fit import fits

Array = NDArray[np.float64]
Data = tuple[Array, Array, Array, Array]
EPS = float(np.finfo(float).eps)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Threads cost these small fits more than they bring, tenfold on a busy machine."""
    with threadpool_limits(1):
        yield


def relu_data(n: int, P: int, m: int, d: int, seed: int, q: int | None = None) -> Data:
    """ReLU features of points on the sphere, a noisy linear target: training pair, test pair."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n + m, d))
    x *= np.sqrt(d) / np.linalg.norm(x, axis=1, keepdims=True)
    features = np.maximum(x @ rng.standard_normal((d, P)) / np.sqrt(d), 0)
    shape = () if q is None else (q,)
    y = x @ rng.standard_normal((d, *shape)) / np.sqrt(d) + 0.5 * rng.standard_normal((n + m, *shape))
    return features[:n], y[:n], features[n:], y[n:]


def gaussian_data(n: int, P: int, m: int, seed: int) -> Data:
    rng = np.random.default_rng(seed)
    return (
        rng.standard_normal((n, P)),
        rng.standard_normal(n),
        rng.standard_normal((m, P)),
        rng.standard_normal(m),
    )


def refit(features: Array, targets: Array, test_features: Array, test_targets: Array) -> fit.Path:
    """The definition: one least-squares fit per p."""
    rows = []
    for p in range(1, features.shape[1] + 1):
        a = np.linalg.lstsq(features[:, :p], targets, rcond=None)[0]
        error, residual = test_targets - test_features[:, :p] @ a, targets - features[:, :p] @ a
        rows.append([np.mean(error**2, axis=0), np.mean(residual**2, axis=0), np.sum(a**2, axis=0)])
    return fit.Path(*np.moveaxis(np.array(rows), 1, 0))


def assert_close(path: fit.Path, expected: fit.Path, tolerance: float) -> None:
    """Relative to the largest value of each field (or eps, for a field that is all rounding)."""
    for name, got, wanted in zip(fit.Path._fields, path, expected, strict=True):
        np.testing.assert_allclose(
            got, wanted, rtol=0, atol=tolerance * max(np.max(wanted), EPS), err_msg=name
        )


def worst_condition(features: Array) -> float:
    return max(float(np.linalg.cond(features[:, : p + 1])) for p in range(features.shape[1]))


@pytest.fixture
def no_refits(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: Array) -> fit.Path:
        raise AssertionError("the path took the slow way of one SVD per p")

    monkeypatch.setattr(fits, "_refits", slow)


# -- the path is the refit at every p --------------------------------------------------------------


@pytest.mark.usefixtures("no_refits")
@pytest.mark.parametrize(
    ("n", "P", "d"),
    [
        (200, 600, 30),
        pytest.param(200, 1000, 100, marks=pytest.mark.slow),
        pytest.param(400, 2000, 30, marks=pytest.mark.slow),
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
    honest = fits._svd_fit

    def counted(matrix: Array, targets: Array, ridge: float) -> tuple[Any, int]:
        sizes.append(matrix.shape[1])
        return honest(matrix, targets, ridge)

    monkeypatch.setattr(fits, "_svd_fit", counted)
    fit.min_norm_path(*relu_data(60, 120, 20, d=2, seed=1), p=[5, 60, 120])
    assert sizes == [5, 60, 120]


# -- laws ------------------------------------------------------------------------------------------


@st.composite
def problems(draw: st.DrawFn) -> tuple[Data, float]:
    """Random data and the tolerance that its conditioning allows."""
    n, P, m = draw(st.integers(1, 12)), draw(st.integers(1, 40)), draw(st.integers(1, 6))
    data = gaussian_data(n, P, m, draw(st.integers(0, 10**6)))
    condition = worst_condition(data[0])
    assume(condition < 1e6)
    return data, 1e-12 + 1000 * EPS * condition


law = settings(max_examples=60, deadline=None)


@law
@given(problems(), st.floats(-1e3, 1e3).filter(lambda c: abs(c) > 1e-3))
def test_scaling_the_target(problem: tuple[Data, float], c: float) -> None:
    (F, y, Ft, yt), tolerance = problem
    path, scaled = fit.min_norm_path(F, y, Ft, yt), fit.min_norm_path(F, c * y, Ft, c * yt)
    assert_close(scaled, fit.Path(*(c**2 * field for field in path)), tolerance)


@law
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_samples_does_not_matter(problem: tuple[Data, float], random: Any) -> None:
    (F, y, Ft, yt), tolerance = problem
    rows = random.sample(range(len(y)), len(y))
    assert_close(fit.min_norm_path(F[rows], y[rows], Ft, yt), fit.min_norm_path(F, y, Ft, yt), tolerance)


@law
@given(problems(), st.data())
def test_a_zero_column_changes_nothing(problem: tuple[Data, float], data: st.DataObject) -> None:
    (F, y, Ft, yt), tolerance = problem
    j = data.draw(st.integers(0, F.shape[1]))
    path = fit.min_norm_path(F, y, Ft, yt)
    wider = fit.min_norm_path(np.insert(F, j, 0.0, axis=1), y, np.insert(Ft, j, 1.0, axis=1), yt)
    assert_close(fit.Path(*(np.delete(field, j) for field in wider)), path, tolerance)
    assert wider.norm[j] == (wider.norm[j - 1] if j > 0 else 0)


@law
@given(problems())
def test_the_last_fit_is_min_norm(problem: tuple[Data, float]) -> None:
    (F, y, Ft, yt), tolerance = problem
    path, a = fit.min_norm_path(F, y, Ft, yt), fit.min_norm(F, y)
    scale = np.mean(yt**2) + np.max(path.test)
    assert abs(path.test[-1] - np.mean((yt - Ft @ a) ** 2)) < tolerance * scale
    assert abs(path.train[-1] - np.mean((y - F @ a) ** 2)) < tolerance * np.mean(y**2)
    assert abs(path.norm[-1] - a @ a) < tolerance * np.max(path.norm)


@law
@given(problems())
def test_train_falls_and_the_norm_falls_once_the_data_are_fitted(problem: tuple[Data, float]) -> None:
    (F, y, Ft, yt), tolerance = problem
    path = fit.min_norm_path(F, y, Ft, yt)
    assert np.all(np.diff(path.train) <= 0)
    assert np.all(path.train[len(y) - 1 :] == 0)
    beyond = path.norm[len(y) - 1 :]
    assert np.all(np.diff(beyond) <= tolerance * beyond[:-1])


# -- single fits -----------------------------------------------------------------------------------


@pytest.mark.parametrize("complex_numbers", [False, True])
@pytest.mark.parametrize("shape", [(20, 7), (7, 20), (7, 7), (1, 1)])
def test_min_norm_is_the_pseudo_inverse(shape: tuple[int, int], complex_numbers: bool) -> None:
    rng = np.random.default_rng(10)
    F: NDArray[Any] = rng.standard_normal(shape)
    y: NDArray[Any] = rng.standard_normal((shape[0], 3))
    if complex_numbers:
        F, y = F + 1j * rng.standard_normal(shape), y - 1j * rng.standard_normal(y.shape)
    F[:, -1] = F[:, 0]  # and of deficient rank
    a = fit.min_norm(F, y)
    assert a.dtype == F.dtype
    np.testing.assert_allclose(a, np.linalg.pinv(F) @ y, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(fit.min_norm(F, y[:, 0]), a[:, 0], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("complex_numbers", [False, True])
@pytest.mark.parametrize("penalty", [1e-3, 0.5, 20.0])
@pytest.mark.parametrize("shape", [(20, 7), (7, 20)])
def test_ridge_solves_the_normal_equations(
    shape: tuple[int, int], penalty: float, complex_numbers: bool
) -> None:
    rng = np.random.default_rng(11)
    n, p = shape
    F: NDArray[Any] = rng.standard_normal(shape)
    y: NDArray[Any] = rng.standard_normal((n, 2))
    if complex_numbers:
        F, y = F + 1j * rng.standard_normal(shape), y - 1j * rng.standard_normal(y.shape)
    expected = np.linalg.solve(F.conj().T @ F / n + penalty * np.eye(p), F.conj().T @ y / n)
    np.testing.assert_allclose(fit.ridge(F, y, penalty), expected, rtol=1e-9)


def test_ridge_is_continuous_at_both_ends() -> None:
    rng = np.random.default_rng(12)
    F = rng.standard_normal((10, 4)) @ rng.standard_normal((4, 30))  # rank 4: rounding must not be amplified
    y = rng.standard_normal(10)
    least = fit.min_norm(F, y)
    for penalty in (0, 1e-300, 1e-30, 1e-14):
        np.testing.assert_allclose(fit.ridge(F, y, penalty), least, rtol=1e-9, atol=1e-12)
    assert np.all(fit.ridge(F, y, np.inf) == 0)


# -- bad input -------------------------------------------------------------------------------------

F, Y = np.ones((3, 4)), np.ones(3)
FT, YT = np.ones((2, 4)), np.ones(2)
NAN = np.array([1.0, np.nan, 1.0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.ones(3), Y, FT, YT), r"features must have 2 dimensions, got shape \(3,\)"),
        ((F, np.ones(5), FT, YT), r"targets must have 3 rows, one per row of features, got \(5,\)"),
        ((F, np.ones((3, 1, 1)), FT, YT), r"targets must have 1 or 2 dimensions, got shape \(3, 1, 1\)"),
        ((F, Y, np.ones((2, 5)), YT), r"test_features must have shape \(2, 4\).*got \(2, 5\)"),
        ((F, Y, np.ones(4), YT), r"test_features must have 2 dimensions, got shape \(4,\)"),
        ((F, Y, FT, np.ones(3)), r"test_targets must have shape \(2,\).*got \(3,\)"),
        ((F, Y, FT, np.ones((2, 1))), r"test_targets must have 1 dimensions, got shape \(2, 1\)"),
        ((F, np.ones((3, 2)), FT, np.ones((2, 3))), r"test_targets must have shape \(2, 2\).*got \(2, 3\)"),
        ((F * np.inf, Y, FT, YT), r"features must be finite, got inf at index \[0, 0\]"),
        ((F, NAN, FT, YT), r"targets must be finite, got nan at index \[1\]"),
        ((F, Y, FT * np.nan, YT), r"test_features must be finite, got nan"),
        ((F, Y, FT, -YT * np.inf), r"test_targets must be finite, got -inf"),
        ((np.ones((3, 0)), Y, np.ones((2, 0)), YT), r"features must not be empty, got shape \(3, 0\)"),
        ((np.ones((0, 4)), np.ones(0), FT, YT), r"features must not be empty, got shape \(0, 4\)"),
        ((F, np.ones((3, 0)), FT, np.ones((2, 0))), r"targets must not be empty, got shape \(3, 0\)"),
        ((F, Y, np.ones((0, 4)), np.ones(0)), r"test_features must not be empty, got shape \(0, 4\)"),
        ((F * 1j, Y, FT, YT), r"features must be real for a path"),
        ((F, Y, FT, YT * 1j), r"test_targets must be real for a path"),
        ((F.astype(str), Y, FT, YT), r"features must hold numbers, got dtype"),
        (([[1.0, 2.0], [3.0]], Y, FT, YT), r"features must be one array, got list"),
        ((F, Y, FT, YT, [1, 5]), r"p must be a list of whole numbers in 1\.\.4, got \[1, 5\]"),
        ((F, Y, FT, YT, [0]), r"p must be a list of whole numbers in 1\.\.4, got \[0\]"),
        ((F, Y, FT, YT, [1.5]), r"p must be a list of whole numbers in 1\.\.4, got \[1.5\]"),
        ((F, Y, FT, YT, 3), r"p must be a list of whole numbers in 1\.\.4, got 3"),
    ],
)
def test_bad_input(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        fit.min_norm_path(*arguments)
    assert "\n" not in str(caught.value)
    if message.startswith(("features m", "targets m")) and "path" not in message:
        features, targets = arguments[:2]
        with pytest.raises(ValueError, match=message):
            fit.min_norm(features, targets)
        with pytest.raises(ValueError, match=message):
            fit.ridge(features, targets, ridge=1.0)


@pytest.mark.parametrize("penalty", [-1e-9, float("nan"), "1", None, 1j, [1.0], np.array([1.0, 2.0])])
def test_bad_ridge(penalty: Any) -> None:
    with pytest.raises(ValueError, match="ridge must be one real number >= 0, got"):
        fit.ridge(F, Y, penalty)
