"""All that training rows say before a model is trained: the curve, the fit to choose, what more rows give."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import data
from sims.data.scaling import standardised
from sims.experiments.grids import choose_points
from sims.sweet_spot import feature_maps, intervals, learning, pipeline, row_errors
from sims.sweet_spot.families import Rival, rivals
from sims.sweet_spot.intervals import Curve, Interval
from sims.sweet_spot.learning import Learning, Told
from sims.sweet_spot.pipeline import Family

Array = NDArray[np.float64]

WIDTHS, NEAR = 20, row_errors.EXACT_WIDTH  # widths up to 4 n, dense near the threshold ...
FAR = 2.0 ** np.arange(1, 7)  # ... and times that
CHOSEN = 0.01  # by which the error of the recommended width may exceed the best


class Prediction(NamedTuple):
    """What the rows say of ridge regression on random features of them."""

    n: int
    widths: Array
    """The last is inf: infinitely many random features."""
    curve: Curve
    ridgeless: Array
    """Errors of the least-norm fits at `widths`."""
    learning: Learning
    """Of infinitely many random features, measured on parts of the rows ..."""
    ahead: Told
    """... and extrapolated to `more` rows."""
    more: Array

    @property
    def chosen(self) -> int:
        """Place in `widths` of the narrowest one within CHOSEN of the best up to 4 n."""
        error = self.curve.error[self.widths <= NEAR * self.n]
        return int((error <= (1 + CHOSEN) * error.min()).argmax())

    @property
    def width(self) -> int:
        """Recommended number of random features."""
        return int(self.widths[self.chosen])

    @property
    def ridge(self) -> float:
        """Recommended penalty beside the mean squared error."""
        return float(self.curve.ridge[self.chosen])

    @property
    def alpha(self) -> float:
        """The same as scikit-learn's Ridge has it, beside the sum: n ridge."""
        return self.n * self.ridge

    @property
    def error(self) -> Interval:
        """Error of the recommended fit."""
        i = self.chosen
        return Interval(*(float(values[i]) for values in (self.curve.error, self.curve.low, self.curve.high)))


class Forecast(NamedTuple):
    """What `forecast` tells."""

    prediction: Prediction
    rivals: list[Rival]
    """Other kinds of model on the same rows: linear ridge first."""
    pipeline: Any
    """Recommended, not fitted; takes columns of numbers and the target in its own unit. It is linear ridge
    where no width errs less."""
    code: str
    """The same as text to paste."""
    unit: float
    """Root mean squared errors times this are in the target's unit; 1 for classes."""
    power: float
    """Error of the mean alone; 1 - error/power is R2."""
    reading: list[str]
    """How the data were read, in sentences."""


def predict(family: Family, X: Array, Y: Array, widths: Array) -> Prediction:
    """The prediction from standardised inputs X (n, d) and targets Y (n, targets), at finite `widths`.

    >>> X = np.random.default_rng(0).standard_normal((60, 3))
    >>> predict(Family("linear", 1.0, 0), X, X[:, :1], np.array([1.0, 3.0, 60.0])).width > 1
    True
    """
    rng = np.random.default_rng(family.seed)
    every = np.append(widths, np.inf)
    K = feature_maps.gram(family.name, X, family.bandwidth)
    curve = intervals.curve(row_errors.forecast(family, X, K, Y, every), rng)
    known = learning.measured(K, Y, rng)
    more = len(X) * np.array([1.0, 2.0, 4.0, float(learning.FARTHEST)])
    ahead = learning.extrapolated(known, more, rng)
    return Prediction(len(X), every, curve, row_errors.ridgeless(K, Y, every), known, ahead, more)


def grid(n: int) -> Array:
    """Finite widths: up to 4 n dense near the threshold, then in doublings.

    >>> grid(100)[-4:]
    array([ 3200.,  6400., 12800., 25600.])
    """
    near = choose_points(n, NEAR * n, WIDTHS).astype(float)
    return np.append(near, NEAR * n * FAR)


def forecast(
    X: Any,
    y: Any,
    *,
    features: str = "relu",
    reading: data.Reading | None = None,
    log_target: bool = False,
    seed: int = 0,
) -> Forecast:
    """Predict the error of ridge regression on random features of your data at every width, without a test.

        error(p) = min over ridges of mean_i |y_i - f_i(x_i)|^2,   f_i fitted without row i, with an intercept

    Errors are in units of the target's variance for numbers; for classes they are squared errors of targets
    -1 and 1, or one-hot and summed over the columns. Use it to choose width and ridge, to see whether another
    kind of model is better, and whether more rows help. Intervals are 95 %, by the bootstrap over rows, of
    the mean error on many new rows: a few new rows scatter more, and rows unlike these are not foreseen.
    Rows that repeat others count as they come.

    Parameters
    ----------
    X : DataFrame or array (rows, d)
        Numbers, which may be nan, truth values, categories, texts or dates.
    y : Series or array (rows,)
        Numbers or texts.
    features : "relu", "fourier", "linear"
        Family of random features.
    reading : {"numbers", "classes"}, optional
        How y is read; by default text, and up to ten different whole numbers, are classes.
    log_target : bool
        Predict the logarithm of y.
    seed : int >= 0
        Seed of the features and of the resamples.

    Returns
    -------
    Forecast

    Raises
    ------
    ValueError
        If there are no features of this name, or the data cannot be used; all columns that are not are named.

    Source: [golub1979] for the shortcut; the bootstrap over rows is direct.

    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((80, 4))
    >>> told = forecast(X, X[:, 0] - X[:, 1] + 0.5 * rng.standard_normal(80))
    >>> told.prediction.error.low < told.prediction.error.value < told.prediction.error.high < 0.5
    True
    """
    if features not in pipeline.NAMES:
        raise ValueError(f"features = {features!r} must be one of {', '.join(pipeline.NAMES)}")
    if not isinstance(seed, int) or seed < 0:
        raise ValueError(f"seed = {seed!r} must be a whole number >= 0")
    table = data.from_arrays(X, y, reading, log_target)
    inputs = standardised(table.X, np.arange(len(table.X)))
    unit, Y = _targets(table)
    family = Family(features, feature_maps.bandwidth(inputs), seed)
    told = predict(family, inputs, Y, grid(len(inputs)))
    others = rivals(inputs, Y, family.bandwidth)
    linear = others[0]
    model = (
        pipeline.linear(len(inputs) * linear.ridge)
        if linear.error < told.error.value
        else pipeline.random_features(family, told.width, told.alpha)
    )
    power = float(Y.var(axis=0).sum())
    return Forecast(told, others, model, pipeline.text(model), unit, power, data.told(table))


def _targets(table: data.Data) -> tuple[float, Array]:
    """The unit, and targets (n, columns) in it."""
    if table.classes is not None:
        return 1.0, data.coded(table.y, len(table.classes)).reshape(len(table.y), -1)
    indices = np.arange(len(table.y))
    return float(np.std(table.y)), standardised(table.y[:, None], indices)
