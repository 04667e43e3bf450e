"""How a target of numbers is read, as numbers or as classes, and what every data set must satisfy."""

from pathlib import Path

import numpy as np

from sims.data.scaling import constant
from sims.data.sets import Array, Data, Reading
from sims.data.table import choice

FEWEST_ROWS = 20
MOST_CLASSES = 10  # whole numbers of more different values are quantities, not names of classes


def chosen(
    values: Array, reading: Reading | None, place: str = "the target"
) -> tuple[Array, tuple[str, ...] | None]:
    """Finite numbers as they are, or as codes of classes and their names; few whole numbers are classes.

    >>> chosen(np.array([3.0, 4.0, 3.0, 3.0]), None)
    (array([0., 1., 0., 0.]), ('3', '4'))
    >>> chosen(np.array([3.0, 4.0, 3.0, 3.0]), "numbers")
    (array([3., 4., 3., 3.]), None)
    """
    different, codes = np.unique(values, return_inverse=True)
    if reading == "numbers":
        return values, None
    if reading is None and (len(different) > MOST_CLASSES or np.any(different % 1 != 0)):
        return values, None
    if len(different) > len(values) / 2:
        raise ValueError(
            f"{place}: {len(different)} classes in {len(values)} rows are too many; read it as --as numbers"
        )
    return codes.astype(float), tuple(_name(float(value)) for value in different)


def _name(value: float) -> str:
    return str(int(value)) if value % 1 == 0 and abs(value) < 1e15 else repr(value)


def check_rows(path: Path, rows: int) -> None:
    """ValueError if a file has too few rows, which is to be said before any of its columns is judged."""
    if rows < FEWEST_ROWS:
        raise ValueError(f"{path}: {rows} rows; at least {FEWEST_ROWS} are needed to predict anything")


def usable(path: Path, data: Data) -> Data:
    """`data`, or ValueError if it has a column or a target that is useless."""
    for name, column in zip(data.columns, data.X.T, strict=True):
        if constant(column):
            raise ValueError(f"{path}, column {name!r}: the same value {column[0]:g} in every row; remove it")
    if constant(data.y):
        raise ValueError(
            f"{path}, column {data.target!r}: the target has one value only; choose another with --target"
        )
    return data


def told(data: Data) -> list[str]:
    """How a data set was read, in sentences: always the target, and what one may not expect of its file.

    >>> told(Data("a.csv", np.eye(2), np.eye(2)[0], ("no", "yes"), ("u", "v"), target="w"))
    ["Target 'w': 2 classes (no, yes)."]
    """
    if data.classes is None:
        return [f"Target {data.target!r}: numbers, from {data.y.min():g} to {data.y.max():g}.", *data.notes]
    shown = choice(data.classes, most=MOST_CLASSES)
    return [f"Target {data.target!r}: {len(data.classes)} classes ({shown}).", *data.notes]
