"""A forecast beside what its fit errs on held-out rows."""

import numpy as np
import pytest

from sims import data, sweet_spot
from sims.sweet_spot.checked import Checked, checked
from sims.sweet_spot.intervals import Interval
from sims.sweet_spot.split import held_out


def test_it_is_the_forecast_and_the_error_of_its_pipeline() -> None:
    table, n, seed = data.load("diabetes"), 80, 3
    found = checked(table, n, seed)
    training, testing = data.rows(table, n, seed, test=held_out(table, n))
    told = sweet_spot.forecast(table.X[training], table.y[training], seed=seed)
    assert found.told == pytest.approx(told.recommended.error)
    model = told.pipeline.fit(table.X[training], table.y[training])
    squares = (table.y[testing] - model.predict(table.X[testing])) ** 2 / np.var(table.y[training])
    assert found.measured == pytest.approx(squares.mean())
    assert found.se == pytest.approx(squares.std(ddof=1) / np.sqrt(len(squares)))


@pytest.mark.parametrize(
    ("measured", "se", "side"),
    [(1.0, 0.0, 0), (1.31, 0.0, 1), (1.31, 0.1, 0), (0.79, 0.0, -1), (0.79, 0.1, 0), (3.0, 0.1, 1)],
)
def test_the_interval_is_widened_by_the_error_of_the_mean(measured: float, se: float, side: int) -> None:
    assert Checked(Interval(1.0, 0.8, 1.3), measured, se).side == side
