"""A forecast beside what its recommended fit errs on rows that it has not seen."""

from typing import NamedTuple

import numpy as np

from sims import data
from sims.sweet_spot import families, feature_maps, pipeline, prediction
from sims.sweet_spot.intervals import Interval
from sims.sweet_spot.split import prepared


class Checked(NamedTuple):
    """The error that is told, and the one that is measured on held-out rows."""

    told: Interval
    measured: float
    se: float

    @property
    def side(self) -> int:
        """Where the measured error lies: -1 below the interval, 0 inside, 1 above.

        The interval is of the mean over many new rows, and is widened by the error of the mean over these.

        >>> Checked(Interval(1.0, 0.8, 1.3), 1.5, 0.1).side
        1
        """
        value, low, high = self.told
        below = self.measured < value - np.hypot(value - low, 2 * self.se)
        return int(self.measured > value + np.hypot(high - value, 2 * self.se)) - int(below)


def checked(table: data.Data, n: int, seed: int) -> Checked:
    """The forecast of ReLU features from n rows of a table, fitted and measured on up to 1000 others.

    >>> checked(data.load("diabetes"), 60, 0).told.value > 0
    True
    """
    split = prepared(table, n, seed)
    family = pipeline.Family("relu", split.bandwidth, seed)
    K = feature_maps.gram(family.name, split.X, family.bandwidth)
    known = prediction.predict(family, split.X, K, split.Y, prediction.grid(n), prediction.NEAR * n)
    found = prediction.recommend(known, family, split.X, split.Y, families.linear(split.X, split.Y))
    columns = pipeline.Columns(missing=False, pixels=True, classes=False)  # they are scaled by the split
    model = prediction.built(found, family, columns).fit(split.X, split.Y)
    predicted = model.predict(split.X_test).reshape(split.Y_test.shape)
    squares = ((split.Y_test - predicted) ** 2).sum(axis=1)
    return Checked(found.error, float(squares.mean()), float(squares.std(ddof=1) / np.sqrt(len(squares))))
