"""The picture of a data set's curve: its intervals are those of means over groups of held-out rows."""

import numpy as np
import pytest

from figures.commands import sweet_spot


@pytest.mark.parametrize(("held_out", "student"), [(1000, 2.0930241), (5, 2.7764451)])
def test_intervals_count_the_groups_of_held_out_rows(held_out: int, student: float) -> None:
    rows = [{"measured_se": 0.1}, {"measured_se": 0.3}]
    half = sweet_spot.error_bars({"verdict": {"held_out": held_out}}, rows)
    np.testing.assert_allclose(half, student * np.array([0.1, 0.3]))
