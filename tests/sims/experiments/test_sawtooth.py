"""The sawtooth that layers make, and what one layer leaves of it."""

import numpy as np
import pytest
from scipy.optimize import minimize

from sims.experiments.sawtooth import least_unexplained, sawtooth, unexplained


@pytest.mark.parametrize("layers", [1, 2, 5])
def test_there_are_so_many_teeth(layers: int) -> None:
    corners = np.arange(2**layers + 1) / 2**layers
    assert sawtooth(corners, layers).tolist() == [0.0, 1.0] * 2 ** (layers - 1) + [0.0]
    middle = (corners[1:] + corners[:-1]) / 2
    assert sawtooth(middle, layers) == pytest.approx(0.5)


@pytest.mark.parametrize("units", [2, 4, 6])
def test_the_best_kinks_that_a_search_finds_stay_above_the_bound(units: int) -> None:
    layers = 4
    start = (np.arange(units) + 0.5) / units
    best = minimize(lambda kinks: unexplained(kinks, layers, 2**9), start, method="Nelder-Mead")
    assert least_unexplained(units, layers) - 1e-3 < best.fun < 1.0


def test_a_kink_at_each_corner_leaves_nothing() -> None:
    layers = 3
    corners = np.arange(1, 2**layers) / 2**layers
    assert unexplained(corners, layers) < 1e-20
    assert least_unexplained(len(corners), layers) == 0.0
