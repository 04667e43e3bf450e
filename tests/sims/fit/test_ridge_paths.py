"""Ridge at every p: the refit, limits, laws, and the ridge that theory has."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sims import fit
from sims.fit import nested
from tests.sims.fit.problems import relu_features, ridge_refit
from theory import equivalent
from theory.problem import Problem


@pytest.mark.usefixtures("no_refits")
@pytest.mark.parametrize("ridge", [1e-6, 1e-3, 1.0, 1e3, 1e9])
@pytest.mark.parametrize("shape", [(40, 130), (40, 25), (1, 5), (5, 1)])
def test_ridge_path_is_the_refit_at_every_p(shape: tuple[int, int], ridge: float) -> None:
    data = relu_features(*shape, 30, 10, seed=3)
    data[0][:, shape[1] // 2] += 0.1  # no dead first column alone
    path, expected = fit.ridge_path(*data, ridge=ridge), ridge_refit(*data, ridge)
    for name, got, wanted in zip(fit.RidgePath._fields, path, expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-300, err_msg=name)


@pytest.mark.usefixtures("no_refits")
@pytest.mark.parametrize("kind", ["dead", "duplicate", "rank", "growing rank"])
@pytest.mark.parametrize("ridge", [1e-4, 1.0])
def test_ridge_path_of_dependent_columns(kind: str, ridge: float) -> None:
    features, y, test_features, test_y = relu_features(30, 90, 20, 8, seed=4)
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
    path, expected = fit.ridge_path(*data, ridge=ridge), ridge_refit(*data, ridge)
    for name, got, wanted in zip(fit.RidgePath._fields, path, expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-8, err_msg=name)


def test_a_ridge_that_is_not_small_needs_no_factorisation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both roads around the bound give the refit."""
    data = relu_features(40, 130, 30, 10, seed=5)
    bound = float(np.sum(data[0] ** 2)) / nested.SWEEP / len(data[0])
    for ridge in (0.99 * bound, 1.01 * bound):
        if ridge > bound:
            monkeypatch.delattr(np.linalg, "qr")
        for got, wanted in zip(fit.ridge_path(*data, ridge=ridge), ridge_refit(*data, ridge), strict=True):
            np.testing.assert_allclose(got, wanted, rtol=1e-11)


@pytest.mark.parametrize("duplicate", [False, True])
def test_ridge_path_without_a_ridge_is_the_minimum_norm_path(duplicate: bool) -> None:
    features, y, test_features, test_y = relu_features(20, 50, 10, 8, seed=1)
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
    data = relu_features(40, 120, 20, 10, seed=5)
    path, least = fit.ridge_path(*data, ridge=1e-16), fit.min_norm_path(*data)
    np.testing.assert_allclose(path.test, least.test, rtol=1e-6)
    np.testing.assert_allclose(path.norm, least.norm, rtol=1e-6)
    np.testing.assert_allclose(path.df, np.minimum(np.arange(1, 121), 40), rtol=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(1e-3, 1e2), st.integers(2, 30))
def test_train_rises_and_norm_falls_with_the_ridge(seed: int, ridge: float, P: int) -> None:
    data = relu_features(8, P, 5, 6, seed, q=1)
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


@pytest.mark.parametrize(
    ("ridge", "message"),
    [
        (-1.0, "ridge = -1.0 must be one real number >= 0"),
        (np.inf, "ridge = inf must be finite for a path; with inf every coefficient is 0"),
        (np.array([1.0]), "ridge = "),
    ],
)
def test_bad_ridge(ridge: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        fit.ridge_path(np.ones((3, 4)), np.ones(3), ridge=ridge)
