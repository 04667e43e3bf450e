"""How a target is read, as numbers or as classes, and how that is told."""

import numpy as np

from sims.data import cells
from sims.data.columns import Column, choice, finite
from sims.data.scaling import constant
from sims.data.sets import Array, Data, Reading

MOST_CLASSES = 10  # whole numbers of more different values are quantities, not names of classes
Target = tuple[Array, tuple[str, ...] | None]
"""Numbers, or codes of classes and their names."""


def target(column: Column, reading: Reading | None, logarithms: bool) -> Target:
    """A target column as numbers, perhaps their logarithms, or as codes of classes and the classes' names.

    Raises
    ------
    ValueError
        If entries are missing, or no numbers where numbers are needed; if the classes are too many, or one.
    """
    if logarithms and reading == "classes":
        raise ValueError("--log-target needs numbers; leave it out, or --as classes")
    if column.problem:
        raise ValueError(column.problem)
    gaps = column.gaps()
    if gaps:
        raise ValueError(
            f"{len(gaps)} missing values, first {column.entry(gaps[0])}; fill them in, or remove the rows"
        )
    y, classes = _logarithms(column) if logarithms else _read(column, reading)
    if constant(y):
        raise ValueError("the target has one value only; choose another with --target")
    return y, classes


def _read(column: Column, reading: Reading | None) -> Target:
    texts = [] if isinstance(column.entries, np.ndarray) else list(column.entries)
    words = [not (cells.is_number(text) or cells.is_disguised(text)) for text in texts]
    if texts and reading == "classes" and not all(cells.is_number(text) for text in texts):
        return _named(texts)
    if texts and reading is None and all(words):
        return _named(texts)
    try:
        return chosen(finite(column, range(len(column.entries))), reading)
    except ValueError as error:
        numbers = "write plain numbers"
        advice = numbers if reading else f"{numbers}, or read the column as --as classes"
        raise ValueError(str(error).replace(numbers, advice)) from None


def chosen(values: Array, reading: Reading | None) -> Target:
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
            f"{len(different)} classes in {len(values)} rows are too many; read it as --as numbers"
        )
    return codes.astype(float), tuple(_name(float(value)) for value in different)


def _name(value: float) -> str:
    return str(int(value)) if value % 1 == 0 and abs(value) < 1e15 else repr(value)


def _named(texts: list[str]) -> Target:
    """Texts as codes of classes, and the names of the classes."""
    classes, codes = np.unique(np.array(texts), return_inverse=True)
    if len(classes) > len(texts) / 2:
        raise ValueError(
            f"{len(classes)} texts in {len(texts)} rows are no target; choose another column with --target"
        )
    return codes.astype(float), tuple(str(entry) for entry in classes)


def _logarithms(column: Column) -> Target:
    values = finite(column, range(len(column.entries)))
    low = np.flatnonzero(values <= 0)
    if len(low):
        raise ValueError(f"a number without a logarithm ({column.entry(low[0])}); leave out --log-target")
    return np.log(values), None


def told(data: Data) -> list[str]:
    """How a data set was read, in sentences: always the target, and what one may not expect of its file.

    >>> told(Data("a.csv", np.eye(2), np.eye(2)[0], ("no", "yes"), ("u", "v"), target="w"))
    ["Target 'w': 2 classes (no, yes)."]
    """
    if data.classes is None:
        return [f"Target {data.target!r}: numbers, from {data.y.min():g} to {data.y.max():g}.", *data.notes]
    shown = choice(data.classes, most=MOST_CLASSES)
    return [f"Target {data.target!r}: {len(data.classes)} classes ({shown}).", *data.notes]
