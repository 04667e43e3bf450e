"""What the path costs in memory, and how it keeps its digits."""

import tracemalloc

import numpy as np
import pytest

from sims import fit
from sims.fit import nested
from tests.sims.fit.problems import relu_features, ridge_refit


def test_memory_is_within_three_times_the_input() -> None:
    data = relu_features(200, 1200, 400, 30, seed=0, q=1)
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
    data = relu_features(40, 240, 20, 10, seed=2)
    expected = ridge_refit(*data, 0.0)
    monkeypatch.setattr(nested, "GROWTH", growth)
    for path in (fit.min_norm_path(*data), fit.ridge_path(*data, ridge=1e-14)):
        np.testing.assert_allclose(path.test, expected.test, rtol=1e-6)
        np.testing.assert_allclose(path.norm, expected.norm, rtol=1e-6)


@pytest.mark.usefixtures("no_refits")
def test_columns_that_grow_by_many_orders() -> None:
    features, y, test_features, test_y = relu_features(30, 300, 20, 20, seed=6)
    scale = np.where(np.arange(300) < 150, 1.0, 1e7)
    data = (features * scale, y, test_features * scale, test_y)
    path, expected = fit.min_norm_path(*data), ridge_refit(*data, 0.0)
    np.testing.assert_allclose(path.test, expected.test, rtol=1e-6)
    np.testing.assert_allclose(path.norm, expected.norm, rtol=1e-6)
