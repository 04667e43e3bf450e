"""The fit to choose, what it is told to err in the user's words, and what it errs where it is run."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import fit
from sims.fit.products import gram
from sims.sweet_spot import intervals, pipeline, row_errors, row_pairs
from sims.sweet_spot.families import Rival
from sims.sweet_spot.intervals import Interval

Array = NDArray[np.float64]


class Recommended(NamedTuple):
    """A ridge fit with an intercept, on random features or on the columns themselves."""

    width: int | None
    """Number of random features; None where linear ridge on the columns errs less than every width."""
    ridge: float
    """Penalty beside the mean squared error."""
    alpha: float
    """The same as scikit-learn's Ridge has it, beside the sum: n ridge."""
    error: Interval
    inflation: float
    """Of standard errors of means over rows; see `row_pairs`."""
    predicted: Array
    """(n, targets): each row's targets, predicted from the other rows."""


class Measured(NamedTuple):
    """A mean over held-out rows and its standard error."""

    value: float
    se: float


def on_features(
    family: pipeline.Family,
    X: Array,
    Y: Array,
    width: int,
    ridge: float,
    error: Interval,
    inflation: float,
) -> Recommended:
    """The fit on random features of X (n, d) to Y (n, targets)."""
    n = len(X)
    blocks = (F - F.mean(axis=0) for F in pipeline.blocks(family, X, width))
    predicted = Y - row_pairs.left_out(gram(blocks, n), Y, n * ridge)
    return Recommended(width, ridge, n * ridge, error, inflation, predicted)


def on_columns(X: Array, Y: Array, linear: Rival) -> Recommended:
    """The linear fit to X (n, d) and Y (n, targets), with the ridge of a rival.

    >>> X = np.random.default_rng(0).standard_normal((40, 2))
    >>> on_columns(X, X, Rival("", 0.0, 0.0, 0.1, 0.0)).width is None
    True
    """
    n = len(X)
    penalties = row_errors.ridges(X @ X.T)
    every = fit.left_out(X, Y, n * penalties)
    squares = (every**2).sum(axis=2)
    chosen = int(np.abs(penalties - linear.ridge).argmin())
    others, inflation = row_errors.paired(row_errors.centred(X @ X.T), Y, penalties, squares)
    known = intervals.mean(intervals.met(squares[None], others[None]), inflation)
    value = float(squares[chosen].mean())
    error = Interval(value, min(known.low, value), max(known.high, value))
    return Recommended(None, linear.ridge, n * linear.ridge, error, inflation, Y - every[chosen])


def apart(
    found: Recommended, family: pipeline.Family, X: Array, Y: Array, groups: NDArray[np.int64]
) -> Interval:
    """The error of rows X (n, d) that the fit without all rows of their group predicts."""
    F = X if found.width is None else pipeline.features(family, found.width).fit_transform(X)
    residual = fit.left_out(F, Y, np.array([found.alpha]), groups)[0]
    return intervals.mean((residual**2).sum(axis=1), found.inflation)


def scores(found: Recommended, Y: Array, classes: bool, unit: float) -> dict[str, Interval]:
    """What users ask beside the squared error, each with its interval.

    Root mean squared error in the target's unit and R2 of numbers; accuracy and log-loss of classes, whose
    standard errors have the inflation of the squared error's.
    """
    if classes:
        each = _of_classes(Y, found.predicted, 1 / len(Y))
        value, low, high = intervals.mean(1 - each["accuracy"], found.inflation)
        accuracy = Interval(1 - value, max(1 - high, 0.0), 1 - low)
        return {"accuracy": accuracy, "log-loss": intervals.mean(each["log-loss"], found.inflation)}
    error, power = found.error, float(Y.var(axis=0).sum())
    value, low, high = error
    return {
        "root mean squared error": Interval(*(unit * np.sqrt([value, low, high])).tolist()),
        "R2": Interval(1 - value / power, 1 - high / power, 1 - low / power),
    }


def run(
    model: Any,
    training: tuple[Array, Array],
    inputs: Array,
    Y: Array,
    classes: bool,
    unit: tuple[float, float],
) -> dict[str, Measured]:
    """The same, of held-out rows, by fitting a pipeline; "error" is the squared one.

    `training` holds inputs and targets in their own units; Y (rows, targets) are the targets of the held-out
    rows in the forecast's; `unit` is the mean and standard deviation between the two, of numbers.
    """
    model.fit(*training)
    if classes:
        predicted = _coded(model, inputs, Y.shape[1])
        each = {"error": ((Y - predicted) ** 2).sum(axis=1)}
        each |= _of_classes(Y, predicted, 1 / len(training[1]))
        return {name: _measured(values) for name, values in each.items()}
    mean, deviation = unit
    squares = (Y[:, 0] - (model.predict(inputs) / deviation - mean / deviation)) ** 2
    error = _measured(squares)
    root, power = np.sqrt(error.value), Y.var()
    return {
        "error": error,
        "root mean squared error": Measured(deviation * root, deviation * error.se / (2 * root or 1.0)),
        "R2": Measured(*(1 - error.value / power, error.se / power) if power > 0 else (-np.inf, np.inf)),
    }


def _coded(model: Any, inputs: Array, columns: int) -> Array:
    """What RidgeClassifier fits, as the forecast codes it; classes that it never saw are 0."""
    score = model.decision_function(inputs)
    if columns == 1:
        return np.asarray(score[:, None])
    score = np.column_stack([-score, score]) if score.ndim == 1 else score
    result = np.zeros((len(inputs), columns))
    result[:, model.classes_.astype(int)] = (score + 1) / 2
    return result


def _of_classes(Y: Array, predicted: Array, least: float) -> dict[str, Array]:
    """Of each row: is its class the likeliest, and minus the logarithm of its probability, at least `least`.

    Fitted targets are taken for probabilities: least squares estimates them.
    """
    if Y.shape[1] == 1:
        Y, predicted = (np.column_stack([1 - a, 1 + a]) / 2 for a in (Y, predicted))
    chance = np.clip(predicted, least, 1.0)
    true = Y.argmax(axis=1)
    each = np.arange(len(Y))
    return {
        "accuracy": (predicted.argmax(axis=1) == true).astype(float),
        "log-loss": -np.log(chance[each, true] / chance.sum(axis=1)),
    }


def _measured(values: Array) -> Measured:
    return Measured(float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))))
