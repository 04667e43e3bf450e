"""Training and test sets drawn from a data set: inputs scaled, targets coded."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.data.scaling import constant, standardised
from sims.data.sets import Array, Data, SplitError

MOST_DRAWS = 1000  # until the target varies in the training rows
FARTHEST = 1e6
"""Standard deviations of the training rows; where a value for testing is farther off, its error is all."""


class Split(NamedTuple):
    """Training and test sets: inputs scaled, targets coded.

    Inputs that are missing become the mean of their column's training rows. Columns are standardised by mean
    and standard deviation of the training rows; one that is constant there is divided by its range over all
    rows, and is 0 in training. Pixels are divided by their range. K > 2
    classes are coded one-hot, (rows, K), two as -1 and 1, numbers are standardised as columns are, both
    (rows,).
    """

    X: Array
    Y: Array
    X_test: Array
    Y_test: Array


def split(data: Data, train: int, seed: int, test: int | None = None, label_noise: float = 0.0) -> Split:
    """Rows drawn without replacement for training, and `test` others for testing, by default all others.

    Draws whose training rows all have the same target are drawn anew. The draw depends on the seed and on the
    number of rows alone.

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
    SplitError
        If the target does not vary in 1000 draws, or a value for testing is more than 1e6 standard deviations
        of the training rows away from their mean.

    >>> from sims.data import load
    >>> parts = split(load("digits"), train=1000, seed=0)
    >>> parts.Y.shape, parts.X_test.shape
    ((1000, 10), (797, 64))
    """
    highest = 1.0 if data.classes else np.inf
    if not 0 <= label_noise <= highest:
        raise ValueError(f"label_noise = {label_noise:g} must be between 0 and {highest:g}")
    training, testing, rng = _drawn(data, train, seed, test)
    inputs = data.X / data.scale if data.scale else _standardised(data.X, data.columns, training, testing)
    X, X_test = inputs[training], inputs[testing]
    if data.classes is None:
        targets = _standardised(data.y[:, None], (data.target,), training, testing)[:, 0]
        noise = np.sqrt(label_noise) * rng.standard_normal(train)
        return Split(X, targets[training] + noise, X_test, targets[testing])
    y, y_test = data.y[training], data.y[testing]
    redrawn = rng.random(train) < label_noise
    y = np.where(redrawn, rng.integers(len(data.classes), size=train), y)
    return Split(X, coded(y, len(data.classes)), X_test, coded(y_test, len(data.classes)))


def rows(
    data: Data, train: int, seed: int, test: int | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows that `split` takes for training and for testing, by their places.

    >>> from sims.data import load
    >>> [len(part) for part in rows(load("digits"), train=1000, seed=0)]
    [1000, 797]
    """
    return _drawn(data, train, seed, test)[:2]


def _drawn(
    data: Data, train: int, seed: int, test: int | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], np.random.Generator]:
    """Training and test rows, and the generator for what else is drawn."""
    count = len(data.X)
    held_out = count - train if test is None else test
    if not (2 <= train and 1 <= held_out and train + held_out <= count):
        raise ValueError(
            f"train = {train} and test = {held_out}: {data.name} has {count} rows; ask for fewer"
        )
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(count,)))
    order = _order(data, train, rng)
    return order[:train], order[train : train + held_out], rng


def _order(data: Data, train: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """A permutation of the rows whose first `train` do not all have the same target."""
    for _ in range(MOST_DRAWS):
        order = rng.permutation(len(data.y))
        if not constant(data.y[order[:train]]):
            return order
    raise SplitError(
        f"train = {train}: {data.target!r} of {data.name} has one value in so many rows, in each of "
        f"{MOST_DRAWS} draws; ask for more rows"
    )


def _standardised(
    values: Array, names: tuple[str, ...], training: NDArray[np.int64], testing: NDArray[np.int64]
) -> Array:
    """`scaling.standardised`; SplitError if a value for testing is so far away that it alone would count."""
    result = standardised(values, training)
    far = np.abs(result[testing]).max(axis=0)
    worst = int(far.argmax())
    if far[worst] > FARTHEST:
        raise SplitError(
            f"column {names[worst]!r}: a value is {far[worst]:.2g} standard deviations of {len(training)} "
            "training rows away from their mean; take logarithms, or remove the row or the column"
        )
    return result


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
