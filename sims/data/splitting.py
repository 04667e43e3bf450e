"""Training and test sets drawn from a data set: inputs scaled, targets coded."""

from typing import NamedTuple

import numpy as np

from sims.data.sets import Array, Data


class Split(NamedTuple):
    """Training and test sets: inputs scaled, targets coded.

    Columns are standardised by mean and standard deviation of the training rows; pixels are divided by their
    range. K > 2 classes are coded one-hot, (rows, K), two as -1 and 1, numbers have their mean over the
    training rows taken off and are divided by its standard deviation, both (rows,).
    """

    X: Array
    Y: Array
    X_test: Array
    Y_test: Array


def split(data: Data, train: int, seed: int, test: int | None = None, label_noise: float = 0.0) -> Split:
    """Rows drawn without replacement for training, and `test` others for testing, by default all others.

    The draw depends on the seed and on the number of rows alone.

    Parameters
    ----------
    data : Data
    train : int >= 2
    seed : int >= 0
        Seed of the draw of rows and of the label noise.
    test : int >= 1, optional
    label_noise : float >= 0
        Noise on the training targets: the share of labels drawn anew from all classes, or for numbers the
        variance that is added, in units of the target's own.

    Raises
    ------
    ValueError
        If there are too few rows, or label_noise is out of range.

    >>> from sims.data import load
    >>> parts = split(load("digits"), train=1000, seed=0)
    >>> parts.Y.shape, parts.X_test.shape
    ((1000, 10), (797, 64))
    """
    rows = len(data.X)
    held_out = rows - train if test is None else test
    if not (2 <= train and 1 <= held_out and train + held_out <= rows):
        raise ValueError(f"train = {train} and test = {held_out}: {data.name} has {rows} rows; ask for fewer")
    highest = 1.0 if data.classes else np.inf
    if not 0 <= label_noise <= highest:
        raise ValueError(f"label_noise = {label_noise:g} must be between 0 and {highest:g}")
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(rows,)))
    order = rng.permutation(rows)
    training, testing = order[:train], order[train : train + held_out]
    if data.scale is None:
        mean, spread = data.X[training].mean(axis=0), data.X[training].std(axis=0)
        spread[spread == 0] = 1.0  # a column that is constant in the training rows becomes 0 there
        X, X_test = (data.X[training] - mean) / spread, (data.X[testing] - mean) / spread
    else:
        X, X_test = data.X[training] / data.scale, data.X[testing] / data.scale
    y, y_test = data.y[training], data.y[testing]
    if data.classes is None:
        mean_y, spread_y = y.mean(), y.std()
        y, y_test = (y - mean_y) / spread_y, (y_test - mean_y) / spread_y
        return Split(X, y + np.sqrt(label_noise) * rng.standard_normal(train), X_test, y_test)
    redrawn = rng.random(train) < label_noise
    y = np.where(redrawn, rng.integers(len(data.classes), size=train), y)
    return Split(X, coded(y, len(data.classes)), X_test, coded(y_test, len(data.classes)))


def coded(y: Array, classes: int) -> Array:
    """Classes as targets: -1 and 1 for two, else one-hot.

    >>> coded(np.array([0.0, 1.0]), 2), coded(np.array([1.0]), 3)
    (array([-1.,  1.]), array([[0., 1., 0.]]))
    """
    if classes == 2:
        return np.where(y == 1, 1.0, -1.0)
    return np.eye(classes)[y.astype(int)]


def zero_one(Y: Array, predicted: Array) -> float:
    """Share of wrongly predicted classes, for targets and predictions coded as by `coded`.

    >>> zero_one(np.array([1.0, -1.0]), np.array([0.2, 0.1]))
    0.5
    """
    if Y.ndim == 1:
        return float(np.mean((predicted > 0) != (Y > 0)))
    return float(np.mean(predicted.argmax(axis=1) != Y.argmax(axis=1)))
