"""The reader's own files, CSV and NPZ; what cannot be used is refused by name."""

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sims.data.sets import Array, Data

FEWEST_ROWS = 20
MOST_CLASSES = 10  # whole numbers of more different values are quantities, not names of classes
MOST_TOLD = 20  # names in one message


def columns(path: Path) -> tuple[str, ...]:
    """The names of all columns of a CSV file as `load` reads them, the target's among them.

    Raises
    ------
    ValueError
        If the file is no CSV file, has no rows, or two columns of one name.
    """
    return _table(path)[0]


def _table(path: Path) -> tuple[tuple[str, ...], list[list[str]]]:
    """Names of the columns of a CSV file, and its rows; lines that are empty do not count."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = [line for line in csv.reader(file) if line]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path}: not a CSV file in UTF-8 ({error}); save it as one") from None
    if len(lines) < 2:
        raise ValueError(f"{path}: no rows below the line of names; add data")
    names = tuple(name.strip() for name in lines[0])
    twice = next((name for name, times in Counter(names).items() if times > 1), None)
    if twice is not None:
        raise ValueError(f"{path}: two columns are called {twice!r}; rename one")
    return names, lines[1:]


def read_csv(path: Path, target: str | None) -> Data:
    """A CSV file with a line of names; its target is the column `target`, by default the last."""
    names, rows = _table(path)
    for number, row in enumerate(rows, start=2):
        if len(row) != len(names):
            raise ValueError(
                f"{path}, row {number}: {len(row)} entries for {len(names)} columns; give one per column"
            )
    wanted = names[-1] if target is None else target
    if wanted not in names:
        known = ", ".join(names[:MOST_TOLD]) + (", ..." if len(names) > MOST_TOLD else "")
        raise ValueError(f"--target = {wanted} is no column of {path}; choose from {known}")
    if len(names) < 2:
        raise ValueError(f"{path}: one column only; give at least one input and a target")
    texts = {name: [row[i].strip() for row in rows] for i, name in enumerate(names)}
    for name, column in texts.items():
        _refuse_missing(path, name, column)
    y, classes = _target(path, wanted, texts.pop(wanted))
    X = np.array([_numbers(path, name, column) for name, column in texts.items()]).T
    return _usable(path, wanted, Data(path.name, X, y, classes, tuple(texts)))


def _refuse_missing(path: Path, name: str, texts: Sequence[str]) -> None:
    """ValueError if entries of a column are empty or say that they are missing."""
    missing = [
        i for i, text in enumerate(texts, start=2) if text.lower() in ("", "na", "nan", "null", "none", "?")
    ]
    if missing:
        raise ValueError(
            f"{path}, column {name!r}: {len(missing)} missing values, first in row {missing[0]}; fill them "
            "in, or remove the rows or the column"
        )


def _numbers(path: Path, name: str, texts: Sequence[str]) -> Array:
    """An input column as numbers, or ValueError that quotes its first text."""
    for number, text in enumerate(texts, start=2):
        try:
            float(text)
        except ValueError:
            raise ValueError(
                f"{path}, column {name!r}: text ({text!r} in row {number}); code it as numbers, or remove it"
            ) from None
    return np.array([float(text) for text in texts])


def _target(path: Path, name: str, texts: Sequence[str]) -> tuple[Array, tuple[str, ...] | None]:
    """A target column as numbers, or as codes of classes and the names of the classes."""
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
    """Few different whole numbers as codes of classes and their names; other numbers as they are."""
    different, codes = np.unique(values, return_inverse=True)
    if len(different) <= MOST_CLASSES and np.all(different % 1 == 0):
        return codes.astype(float), tuple(f"{value:g}" for value in different)
    return values, None


def read_npz(path: Path, target: str | None) -> Data:
    """An NPZ file with arrays X (rows, d) and y (rows,); its target is the array `target`, by default y."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (ValueError, OSError, EOFError) as error:
        raise ValueError(f"{path}: not an NPZ file of plain arrays ({error}); use numpy.savez") from None
    wanted = target or "y"
    for name in ("X", wanted):
        if name not in arrays:
            raise ValueError(f"{path}: no array {name!r} among {', '.join(arrays)}; add it")
    X, y = arrays["X"], arrays[wanted]
    for name, array, dimensions in (("X", X, 2), (wanted, y, 1)):
        if array.ndim != dimensions or array.dtype.kind not in "fiub":
            raise ValueError(
                f"{path}, {name!r}: {array.dtype} of shape {array.shape}; needed: numbers, {dimensions}-D"
            )
    if len(X) != len(y):
        raise ValueError(f"{path}: X has {len(X)} rows and {wanted} {len(y)}; give one target per row")
    X, y = X.astype(float), y.astype(float)
    if not np.isfinite(y).all():
        raise ValueError(f"{path}, {wanted!r}: missing or infinite values; fill them in, or remove the rows")
    y, classes = _classes(y)
    columns = tuple(f"X[:, {i}]" for i in range(X.shape[1]))
    return _usable(path, wanted, Data(path.name, X, y, classes, columns))


def _usable(path: Path, target: str, data: Data) -> Data:
    """`data`, or ValueError if it has too few rows, or a column or a target that is useless."""
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
