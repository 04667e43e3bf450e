"""Sizes at which a curve is measured."""

import numpy as np
import pytest

from sims.experiments.grids import choose_points


def test_a_long_axis_takes_no_longer() -> None:
    """The nearest size is looked for by bisection; one by one these would take hours."""
    points = choose_points(n=200, p_max=10**9, count=40)
    assert len(points) == 40
    assert (np.diff(points) > 0).all()


@pytest.mark.parametrize("count", [1, 2, 14, 40, 200])
@pytest.mark.parametrize(("n", "p_max"), [(2, 1), (20, 7), (200, 2000), (50, 40), (100, 100)])
def test_points_are_as_many_as_asked(n: int, p_max: int, count: int) -> None:
    points = choose_points(n, p_max, count)
    assert len(points) == min(count, p_max)
    assert points[-1] == p_max
    assert (np.diff(points) > 0).all()
    assert points[0] == 1 or count == 1
    assert n in points or n > p_max or count < 3
