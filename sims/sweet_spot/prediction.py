"""All that training rows say before a model is trained: the curve, the fit to choose, what more rows give."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import data
from sims.data.scaling import standardised
from sims.experiments.grids import choose_points
from sims.sweet_spot import feature_maps, intervals, learning, pipeline, recommended, row_errors
from sims.sweet_spot.families import Rival, rivals
from sims.sweet_spot.intervals import Curve, Interval
from sims.sweet_spot.learning import Learning, Told
from sims.sweet_spot.pipeline import Columns, Family
from sims.sweet_spot.recommended import Recommended

Array = NDArray[np.float64]

WIDTHS = 20  # up to NEAR times the rows, dense near the threshold ...
NEAR = row_errors.EXACT_WIDTH
FAR = 2.0 ** np.arange(1, 7)  # ... and times that
FEW = 0.05  # of the rows: an error that comes from fewer is known by chance


class Prediction(NamedTuple):
    """What the rows say of ridge regression on random features of them."""

    n: int
    widths: Array
    """The last is inf: infinitely many random features."""
    curve: Curve
    ridgeless: Array
    """Errors of the least-norm fits at `widths`."""
    infinite: Array
    """(n,), squared errors of the rows with infinitely many features and the best ridge."""
    most: float
    """The widest that may be recommended."""

    @property
    def chosen(self) -> int:
        """Place in `widths` of the one to recommend."""
        return self.curve.chosen

    @property
    def width(self) -> int:
        """Best number of random features."""
        return int(self.widths[self.chosen])

    @property
    def ridge(self) -> float:
        """Best penalty beside the mean squared error at this width."""
        return float(self.curve.ridge[self.chosen])

    @property
    def alpha(self) -> float:
        """The same as scikit-learn's Ridge has it, beside the sum: n ridge."""
        return self.n * self.ridge

    @property
    def error(self) -> Interval:
        """Error there."""
        i = self.chosen
        return Interval(*(float(values[i]) for values in (self.curve.error, self.curve.low, self.curve.high)))

    @property
    def inflation(self) -> float:
        """Of its standard error, by what errors of rows have in common."""
        return float(self.curve.inflation[self.chosen])


class Forecast(NamedTuple):
    """What `forecast` tells."""

    prediction: Prediction
    """Of ridge regression on random features."""
    rivals: list[Rival]
    """Other kinds of model on the same rows: linear ridge first."""
    recommended: Recommended
    """Random features of the best width, or linear ridge where no width errs less."""
    learning: Learning
    """Errors of linear ridge where that is recommended, else of infinitely many random features, measured on
    parts of the rows ..."""
    ahead: Told
    """... and extrapolated to `more` rows."""
    more: Array
    scores: dict[str, Interval]
    """What it is told to reach: root mean squared error, in the target's unit, and R2; of classes accuracy
    and log-loss."""
    pipeline: Any
    """The same fit of scikit-learn, not fitted; takes columns of numbers and the target in its own unit."""
    code: str
    """The same as text to paste."""
    power: float
    """Error of the mean alone; 1 - error/power is R2."""
    reading: list[str]
    """How the data were read, in sentences."""


class Source(NamedTuple):
    """Where the rows come from, for the text to paste."""

    lines: Sequence[str] = ()
    """What makes `inputs` and `targets`."""
    inputs: str = "X"
    targets: str = "y"


def predict(family: Family, X: Array, K: Array, Y: Array, widths: Array, most: float = np.inf) -> Prediction:
    """The prediction from standardised inputs X (n, d) and targets Y (n, targets), at finite `widths`.

    K is the kernel matrix of X; the widest that may be recommended is `most`.

    >>> X = np.random.default_rng(0).standard_normal((60, 3))
    >>> predict(Family("linear", 1.0, 0), X, X @ X.T / 3, X[:, :1], np.array([1.0, 3.0, 60.0])).width > 1
    True
    """
    every = np.append(widths, np.inf)
    errors = row_errors.forecast(family, X, K, Y, every)
    most = min(most, widths[-1])
    curve = intervals.curve(errors, np.random.default_rng(family.seed), most)
    infinite = row_errors.best(errors.squares[-1])
    return Prediction(len(X), every, curve, errors.ridgeless, infinite, most)


def grid(n: int, most: int | None = None, points: int = WIDTHS) -> Array:
    """Finite widths: up to `most`, by default NEAR n, dense near the threshold, then in doublings.

    >>> grid(100)[-4:]
    array([ 3200.,  6400., 12800., 25600.])
    """
    most = NEAR * n if most is None else most
    return np.append(choose_points(n, most, points).astype(float), most * FAR)


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
    kind of model is better, and whether more rows help. Intervals are 95 %, of the error of this fit on
    many new rows, by the spread and skew of the errors of these, how they hang together through the fits that
    they train, and what choosing width and ridge on them gains: see `intervals`. A few new rows scatter more,
    and rows unlike these are not foreseen; `reading` says where few rows make most of the error.
    Rows that repeat others count as they come, but where more rows are told: there rows of equal inputs are
    left out together, and `reading` says what new rows err that repeat none.

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

    Source: [golub1979] for the shortcut; [bates2024], [hall1992] and [satterthwaite1946] for the intervals;
    the laws of more rows are direct.

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
    inputs, Y = standardised(table.X, np.arange(len(table.X))), _targets(table)
    family = Family(features, feature_maps.bandwidth(inputs), seed)
    K = feature_maps.gram(family.name, inputs, family.bandwidth)
    known = predict(family, inputs, K, Y, grid(len(inputs)), NEAR * len(inputs))
    source = _source(X, table, reading, log_target)
    return told(known, family, inputs, K, Y, table, Columns.of(table), source)


def told(
    known: Prediction,
    family: Family,
    X: Array,
    K: Array,
    Y: Array,
    table: data.Data,
    columns: Columns,
    source: Source,
) -> Forecast:
    """What follows from a prediction for standardised X and Y, whose rows `table` holds as they come.

    `columns` are those of all rows that the pipeline will meet: values may be missing in others alone.
    """
    with row_errors.threads(len(X)):
        rng = np.random.default_rng(family.seed)
        others = rivals(X, Y, family.bandwidth)
        chosen = recommend(known, family, X, Y, others[0])
        model = built(chosen, family, columns)
        squares = ((Y - chosen.predicted) ** 2).sum(axis=1)
        own, whole = (X @ X.T, squares) if chosen.width is None else (K, known.infinite)
        parts = learning.measured(own, Y, learning.groups(X), whole, rng)
        more = known.n * np.array([1.0, 2.0, 4.0, float(learning.FARTHEST)])
        ahead = learning.extrapolated(parts, more, rng)
        of = pipeline.units(table)
        inputs = source.inputs if of == 1 else f"{source.inputs} / {of}"
        code = pipeline.text(model, source.lines, inputs, source.targets)
        classes = table.classes is not None
        scores = recommended.scores(chosen, Y, classes, deviation(table))
        power = float(Y.var(axis=0).sum())
        reading = [*data.told(table), *_repeated(chosen, family, X, Y), *_few(squares)]
        return Forecast(known, others, chosen, parts, ahead, more, scores, model, code, power, reading)


def recommend(known: Prediction, family: Family, X: Array, Y: Array, linear: Rival) -> Recommended:
    """Random features of the best width, or the linear rival where it errs less."""
    if linear.error < known.error.value:
        return recommended.on_columns(X, Y, linear)
    return recommended.on_features(family, X, Y, known.width, known.ridge, known.error, known.inflation)


def built(chosen: Recommended, family: Family, columns: Columns) -> Any:
    """The pipeline of what is recommended, not fitted."""
    maps = [] if chosen.width is None else [pipeline.features(family, chosen.width)]
    return pipeline.pipeline(columns, chosen.alpha, maps)


def deviation(table: data.Data) -> float:
    """Standard deviation of the target, in its unit, whatever its size; 1 for classes."""
    if table.classes is not None:
        return 1.0
    size = float(np.abs(table.y).max())
    return size * float(np.std(table.y / size))


def _repeated(found: Recommended, family: Family, X: Array, Y: Array) -> list[str]:
    """How many rows repeat the inputs of others, and the error of new ones that do not, in a sentence."""
    rows, groups = len(X), learning.groups(X)
    copies = rows - len(np.unique(groups))
    if not copies:
        return []
    error = recommended.apart(found, family, X, Y, groups)
    value, low, high = (f"{number:.3g}" for number in error)
    repeat = "row repeats" if copies == 1 else "rows repeat"
    return [
        f"{copies} of {rows} training {repeat} the inputs of another: new rows that repeat none err {value} "
        f"[{low}, {high}], and so is the error told that more rows give."
    ]


def _few(squares: Array) -> list[str]:
    """A sentence where half of the error comes from fewer than FEW of the rows; normal residuals need 12 %.

    >>> _few(np.append(np.ones(99), 200.0))[0].split(":")[0]
    'Half of the error comes from 1 of 100 rows'
    """
    half = np.searchsorted(np.cumsum(np.sort(squares)[::-1]), squares.sum() / 2) + 1
    if half >= FEW * len(squares):
        return []
    return [
        f"Half of the error comes from {half} of {len(squares)} rows: rows of their kind may be rarer or "
        "worse among these than among new ones, which no interval foresees."
    ]


def _targets(table: data.Data) -> Array:
    """Targets (n, columns): standardised numbers, or coded classes."""
    if table.classes is not None:
        return data.coded(table.y, len(table.classes)).reshape(len(table.y), -1)
    return standardised(table.y[:, None], np.arange(len(table.y)))


def _source(X: Any, table: data.Data, reading: data.Reading | None, log_target: bool) -> Source:
    """The names X and y, or how to encode them where a column is no number or is left out."""
    if isinstance(X, np.ndarray) and X.shape == table.X.shape and X.dtype.kind in "fiub" and not log_target:
        return Source()
    given = [
        f", {name}={value!r}" for name, value in (("reading", reading), ("log_target", log_target)) if value
    ]
    lines = ["from sims import data", f"table = data.from_arrays(X, y{''.join(given)})"]
    return Source(lines, "table.X", "table.y")
