"""Other kinds of model, where many rows take another road than few."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.kernel_ridge import KernelRidge
from sklearn.model_selection import KFold, cross_val_predict

from sims.sweet_spot import families
from sims.sweet_spot.families import KERNEL, TREES


@pytest.fixture
def rows() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((160, 3))
    return X, np.column_stack([np.sin(2 * X[:, 0]), X[:, 1] * X[:, 2]]) + 0.3 * rng.standard_normal((160, 2))


def test_many_rows_find_the_penalty_downhill(monkeypatch: pytest.MonkeyPatch) -> None:
    """The best of the walks from all valleys is the best of all penalties."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((400, 3))
    Y = np.sin(2 * X[:, :1]) + X[:, 1:2] * X[:, 2:] + 0.3 * rng.standard_normal((400, 1))
    every = next(rival for rival in families.rivals(X, Y, 2.0) if rival.name == KERNEL)
    monkeypatch.setattr(families, "MOST_ROWS", 250)
    found = next(rival for rival in families.rivals(X, Y, 2.0) if rival.name == KERNEL)
    assert (found.error, found.ridge) == (pytest.approx(every.error, rel=1e-9), pytest.approx(every.ridge))


def test_the_kernel_machine_errs_what_refits_err(
    rows: tuple[np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    X, Y = rows
    monkeypatch.setattr(families, "BANDWIDTHS", (1.0,))
    monkeypatch.setattr(families, "MOST_ROWS", 100)
    found = next(rival for rival in families.rivals(X, Y, 2.0) if rival.name == KERNEL)
    squares = np.empty(40)
    for i in range(40):  # each of them beside an intercept: the kernel of rows less their mean
        others = np.arange(len(X)) != i
        model = KernelRidge(alpha=len(X) * found.ridge, kernel="rbf", gamma=1 / 8)
        # an intercept is a kernel that is constant, of a size beside which its penalty is nothing
        K = np.exp(-((X[:, None] - X) ** 2).sum(axis=2) / 8) + 1e6
        model.set_params(kernel="precomputed").fit(K[np.ix_(others, others)], Y[others])
        squares[i] = ((Y[i] - model.predict(K[i : i + 1, others])[0]) ** 2).sum()
    [(known, penalties)] = list(families._kernel(X, Y, 2.0))
    np.testing.assert_allclose(known[penalties == found.ridge][0][:40], squares, rtol=1e-4)


def test_trees_of_many_rows_are_those_of_histograms(
    rows: tuple[np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    X, Y = rows
    monkeypatch.setattr(families, "MOST_ROWS", 100)
    found = next(rival for rival in families.rivals(X, Y, 2.0) if rival.name == TREES)
    folds = KFold(5, shuffle=True, random_state=0)
    told = [cross_val_predict(HistGradientBoostingRegressor(random_state=0), X, y, cv=folds) for y in Y.T]
    assert found.error == pytest.approx(((Y.T - told) ** 2).sum(axis=0).mean(), rel=1e-12)
