"""Ridge at every p and every ridge, population risks, and what the path costs in memory."""

import tracemalloc
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from sims import fit
from sims.fit import fits, nested
from sims.fit.population import population
from theory import equivalent
from theory.problem import Problem

Array = NDArray[np.float64]
Data = tuple[Array, Array, Array, Array]
NOISE = np.array([0.0, 0.3])


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    with threadpool_limits(1):
        yield


@pytest.fixture
def no_refits(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: Any) -> None:
        raise AssertionError("the path took the slow way of one SVD per p")

    monkeypatch.setattr(fits, "_refits", slow)


def relu_data(n: int, P: int, m: int, d: int, seed: int, q: int = 2) -> Data:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n + m, d))
    features = np.maximum(x @ rng.standard_normal((d, P)) / np.sqrt(d), 0)
    y = x @ rng.standard_normal((d, q)) / np.sqrt(d) + 0.5 * rng.standard_normal((n + m, q))
    return features[:n], y[:n], features[n:], y[n:]


def refit(features: Array, targets: Array, test_features: Array, test_targets: Array, ridge: float) -> Any:
    """The definition, one fit of [F; sqrt(n ridge) I] per p."""
    n, rows = len(features), []
    for p in range(1, features.shape[1] + 1):
        design = np.vstack([features[:, :p], np.sqrt(n * ridge) * np.eye(p)])
        inverse = np.linalg.pinv(design, rcond=1e-15)[:, :n]
        a = inverse @ targets
        error, residual = test_targets - test_features[:, :p] @ a, targets - features[:, :p] @ a
        df = np.sum(inverse * features[:, :p].T)
        rows.append((np.mean(error**2, axis=0), np.mean(residual**2, axis=0), np.sum(a**2, axis=0), df))
    return fit.RidgePath(*(np.array([row[i] for row in rows]) for i in range(4)))


# -- ridge at every p ------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_refits")
@pytest.mark.parametrize("ridge", [1e-6, 1e-3, 1.0, 1e3, 1e9])
@pytest.mark.parametrize("shape", [(40, 130), (40, 25), (1, 5), (5, 1)])
def test_ridge_path_is_the_refit_at_every_p(shape: tuple[int, int], ridge: float) -> None:
    data = relu_data(*shape, 30, 10, seed=3)
    data[0][:, shape[1] // 2] += 0.1  # no dead first column alone
    path, expected = fit.ridge_path(*data, ridge=ridge), refit(*data, ridge)
    for name, got, wanted in zip(fit.RidgePath._fields, path, expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-300, err_msg=name)


@pytest.mark.usefixtures("no_refits")
@pytest.mark.parametrize("kind", ["dead", "duplicate", "rank", "growing rank"])
@pytest.mark.parametrize("ridge", [1e-4, 1.0])
def test_ridge_path_of_dependent_columns(kind: str, ridge: float) -> None:
    features, y, test_features, test_y = relu_data(30, 90, 20, 8, seed=4)
    rng = np.random.default_rng(0)
    if kind == "dead":
        features[:, [0, 7, 29, 60]] = 0
    if kind == "duplicate":
        features[:, 12], features[:, 70] = features[:, 3], features[:, 5]
    if "rank" in kind:
        features[:, :50] = rng.standard_normal((30, 7)) @ rng.standard_normal((7, 50))
    if kind == "rank":
        features = features[:, :50] @ rng.standard_normal((50, 90))
    data = (features, y, test_features, test_y)
    path, expected = fit.ridge_path(*data, ridge=ridge), refit(*data, ridge)
    for name, got, wanted in zip(fit.RidgePath._fields, path, expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-8, err_msg=name)


@pytest.mark.parametrize("duplicate", [False, True])
def test_ridge_path_without_a_ridge_is_the_minimum_norm_path(duplicate: bool) -> None:
    features, y, test_features, test_y = relu_data(20, 50, 10, 8, seed=1)
    features[:, 2] = 0
    if duplicate:
        features[:, 9] = features[:, 4]
    data = (features, y, test_features, test_y)
    path, least = fit.ridge_path(*data, ridge=0), fit.min_norm_path(*data)
    for got, wanted in zip(path[:3], least, strict=True):
        assert np.array_equal(got, wanted)
    ranks = [np.linalg.matrix_rank(features[:, :p]) for p in range(1, 51)]
    assert np.array_equal(path.df, ranks)


@pytest.mark.usefixtures("no_refits")
def test_a_tiny_ridge_keeps_its_digits() -> None:
    data = relu_data(40, 120, 20, 10, seed=5)
    path, least = fit.ridge_path(*data, ridge=1e-16), fit.min_norm_path(*data)
    np.testing.assert_allclose(path.test, least.test, rtol=1e-6)
    np.testing.assert_allclose(path.norm, least.norm, rtol=1e-6)
    np.testing.assert_allclose(path.df, np.minimum(np.arange(1, 121), 40), rtol=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(1e-3, 1e2), st.integers(2, 30))
def test_train_rises_and_norm_falls_with_the_ridge(seed: int, ridge: float, P: int) -> None:
    data = relu_data(8, P, 5, 6, seed, q=1)
    less, more = fit.ridge_path(*data, ridge=ridge), fit.ridge_path(*data, ridge=2 * ridge)
    assert np.all(more.train >= less.train * (1 - 1e-9))
    assert np.all(more.norm <= less.norm * (1 + 1e-9))
    assert np.all(more.df <= less.df * (1 + 1e-12))
    assert np.all(np.diff(less.df) >= -1e-12)


@pytest.mark.parametrize("ridge", [1e-3, 0.03, 1.0])
def test_columns_scaled_once_have_the_ridge_of_theory(ridge: float) -> None:
    # path.md: columns times P^-1/2 with ridge r are, at p, random features with ridge r P/p
    n, P, d, trials = 60, 240, 120, 24
    problem = Problem([1.0], [1.0], [d], noise=0.25)
    found, norms = [], []
    for seed in range(trials):
        rng = np.random.default_rng(seed)
        x, weights = rng.standard_normal((n + 400, d)), rng.standard_normal((d, P))
        beta = rng.standard_normal(d) / np.sqrt(d)
        y = x @ beta
        y[:n] += 0.5 * rng.standard_normal(n)
        F = x @ weights / np.sqrt(P)
        path = fit.ridge_path(F[:n], y[:n], F[n:], y[n:], ridge=ridge)
        found.append(path.test)
        norms.append(path.norm)
    p = np.array([20, 40, 60, 90, 150, 240])
    theory = equivalent.random_features(problem, n, p, ridge * P / p)
    tests = np.array(found)[:, p - 1]
    mean, error = 0.25 + tests.mean(axis=0), tests.std(axis=0, ddof=1) / np.sqrt(trials)
    # 18 comparisons at 4.5 standard errors, 23 degrees of freedom: a false alarm in 350 seeds;
    # 3 % for n = 60
    assert np.all(np.abs(mean - theory.test) < 4.5 * error + 0.03 * theory.test), (mean, theory.test)
    api = fit.ridge(x[:n] @ weights[:, :90] / np.sqrt(90), y[:n], ridge * P / 90)
    np.testing.assert_allclose(api @ api, norms[-1][89] * 90 / P, rtol=1e-9)


# -- every ridge -----------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(30, 12), (12, 30), (1, 1)])
def test_every_ridge_is_ridge_at_each(shape: tuple[int, int]) -> None:
    F, y, Ft, yt = relu_data(*shape, 9, 6, seed=11, q=3)
    F += 0.1
    ridges = [0.0, 1e-9, 0.2, 50.0, np.inf]
    found = fit.every_ridge(F, y, Ft, yt, ridges=ridges)
    for i, ridge in enumerate(ridges):
        a = fit.ridge(F, y, ridge)
        scale = np.mean(y**2)
        np.testing.assert_allclose(found.test[i], np.mean((yt - Ft @ a) ** 2, axis=0), rtol=1e-9)
        np.testing.assert_allclose(found.train[i], np.mean((y - F @ a) ** 2, axis=0), 1e-9, 1e-20 * scale)
        np.testing.assert_allclose(found.norm[i], np.sum(a**2, axis=0), rtol=1e-9)
        if 0 < ridge < np.inf:
            np.testing.assert_allclose(found.df[i], fit.ridge_path(F, y, ridge=ridge).df[-1], rtol=1e-9)
    assert found.df[0] == min(shape)
    assert found.df[-1] == 0
    one = fit.every_ridge(F, y[:, 0], Ft, yt[:, 0], ridges=ridges)
    np.testing.assert_allclose(one.test, found.test[:, 0], rtol=1e-12)


# -- population ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rank", [0, 3, 40])
def test_population_points_give_the_risk(rank: int) -> None:
    rng = np.random.default_rng(rank)
    F, y, P = rng.standard_normal((15, 40)), rng.standard_normal((15, 2)), 40
    root = rng.standard_normal((40, rank))
    covariance, truth = root @ root.T, rng.standard_normal((40, 2))
    cross = covariance @ truth
    power = np.sum(truth * cross, axis=0) + NOISE
    path = fit.min_norm_path(F, y, *population(covariance, cross, power))
    for p in range(1, P + 1):
        a = np.zeros((40, 2))
        a[:p] = fit.min_norm(F[:, :p], y)
        risk = np.sum((a - truth) * (covariance @ (a - truth)), axis=0) + NOISE
        np.testing.assert_allclose(path.test[p - 1], risk, rtol=1e-8, atol=1e-12)


def test_without_a_test_set() -> None:
    F, y, Ft, yt = relu_data(20, 50, 10, 8, seed=1)
    path, whole = fit.min_norm_path(F, y), fit.min_norm_path(F, y, Ft, yt)
    assert np.all(np.isnan(path.test))
    np.testing.assert_allclose(path.norm, whole.norm, rtol=1e-12)
    np.testing.assert_allclose(path.train, whole.train, rtol=1e-12)


# -- what it costs, and how it keeps its digits ----------------------------------------------------


def test_memory_is_within_three_times_the_input() -> None:
    data = relu_data(200, 1200, 400, 30, seed=0, q=1)
    tracemalloc.start()
    fit.min_norm_path(*data)
    peak = tracemalloc.get_traced_memory()[1]  # without the input
    tracemalloc.stop()
    assert peak < 3 * sum(array.nbytes for array in data)


@pytest.mark.usefixtures("no_refits")
@pytest.mark.parametrize(
    "growth", [pytest.param(0.0, marks=pytest.mark.slow), pytest.param(30.0, marks=pytest.mark.slow), 1e6]
)
def test_new_starts_do_not_change_the_path(monkeypatch: pytest.MonkeyPatch, growth: float) -> None:
    data = relu_data(40, 400, 20, 10, seed=2)
    expected = refit(*data, 0.0)
    monkeypatch.setattr(nested, "GROWTH", growth)
    for path in (fit.min_norm_path(*data), fit.ridge_path(*data, ridge=1e-14)):
        np.testing.assert_allclose(path.test, expected.test, rtol=1e-6)
        np.testing.assert_allclose(path.norm, expected.norm, rtol=1e-6)


@pytest.mark.usefixtures("no_refits")
def test_columns_that_grow_by_many_orders() -> None:
    features, y, test_features, test_y = relu_data(30, 300, 20, 20, seed=6)
    scale = np.where(np.arange(300) < 150, 1.0, 1e7)
    data = (features * scale, y, test_features * scale, test_y)
    path, expected = fit.min_norm_path(*data), refit(*data, 0.0)
    np.testing.assert_allclose(path.test, expected.test, rtol=1e-6)
    np.testing.assert_allclose(path.norm, expected.norm, rtol=1e-6)


# -- bad input -------------------------------------------------------------------------------------

F, Y = np.ones((3, 4)), np.ones(3)
EYE, C = np.eye(2), np.ones(2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit.ridge_path(F, Y, ridge=-1.0), "ridge must be one real number >= 0, got -1.0"),
        (lambda: fit.ridge_path(F, Y, ridge=np.inf), "ridge must be finite for a path, got inf"),
        (lambda: fit.ridge_path(F, Y, F, ridge=1.0), "test_targets must not be None"),
        (lambda: fit.min_norm_path(F, Y, None, Y), "test_features must not be None"),
        (lambda: fit.every_ridge(F, Y, ridges=[1.0, -1.0]), "ridges must be a list of real numbers >= 0"),
        (lambda: fit.every_ridge(F, Y, ridges=1.0), "ridges must be a list of real numbers >= 0, got 1.0"),
        (lambda: population(np.ones((2, 3)), C, 1.0), "covariance must be square and symmetric"),
        (lambda: population([[1.0, 0.0], [1.0, 1.0]], C, 1.0), "covariance must be square and symm"),
        (lambda: population(-EYE, C, 9.0), "covariance must be positive semidefinite.* -1.0"),
        (lambda: population(EYE, np.ones(3), 9.0), r"cross must have 2 rows, .*got \(3,\)"),
        (lambda: population(EYE, C, [1.0, 2.0]), r"power must hold finite numbers of shape \(\)"),
        (lambda: population(EYE, C, 1.0), "power must be at least what the features explain"),
    ],
)
def test_bad_input(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
