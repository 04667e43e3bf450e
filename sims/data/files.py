"""The reader's own CSV files; what cannot be used is refused by name."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sims.data import cells
from sims.data.sets import Array, Data, Reading
from sims.data.table import Table, choice, read_table
from sims.data.target import check_rows, chosen, usable


class _Column(NamedTuple):
    """A column of texts, and where it stands, for messages."""

    place: str
    """The file and the name of the column."""
    texts: Sequence[str]
    rows: Sequence[int]

    def entry(self, i: int) -> str:
        return f"{self.texts[i]!r} in row {self.rows[i]}"


def read_csv(path: Path, target: str | None, reading: Reading | None) -> Data:
    """A CSV file with a line of names; its target is the column `target`, by default the last."""
    table = read_table(path)
    names = table.names
    wanted = names[-1] if target is None else target
    if wanted not in names:
        raise ValueError(f"--target = {wanted} is no column of {path}; choose from {choice(names)}")
    if len(names) < 2:
        raise ValueError(f"{path}: one column only; give at least one input and a target")
    check_rows(path, len(table.rows))
    texts, notes = _with_points(path, table)
    columns = {
        name: _Column(f"{path}, column {name!r}", column, table.rows)
        for name, column in zip(names, texts, strict=True)
    }
    for column in columns.values():
        _refuse_missing(column)
    y, classes = _target(columns.pop(wanted), reading)
    X = np.array([_numbers(column, "code it as numbers, or remove it") for column in columns.values()]).T
    return usable(path, Data(path.name, X, y, classes, tuple(columns), target=wanted, notes=notes))


def _with_points(path: Path, table: Table) -> tuple[Sequence[Sequence[str]], tuple[str, ...]]:
    """The columns, decimal commas replaced by points, and what is to be said of the file."""
    if table.commas:
        return table.columns, table.notes
    try:
        commas = cells.decimal_commas(table.columns)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    if not commas:
        return table.columns, table.notes
    columns = [
        [text.replace(",", ".") if cells.DECIMAL_COMMA.fullmatch(text) else text for text in column]
        for column in table.columns
    ]
    return columns, (*table.notes, "Commas in numbers are decimal commas.")


def _refuse_missing(column: _Column) -> None:
    """ValueError if entries of a column are empty or say that they are missing."""
    missing = cells.missing(column.texts)
    if missing:
        raise ValueError(
            f"{column.place}: {len(missing)} missing values, first {column.entry(missing[0])}; fill them "
            "in, or remove the rows or the column"
        )


def _numbers(column: _Column, advice: str) -> Array:
    """A column as finite numbers, or ValueError that quotes the first entry that is none."""
    for i, text in enumerate(column.texts):
        if not cells.is_number(text):
            kind = "a number with marks" if cells.is_disguised(text) else "text"
            raise ValueError(f"{column.place}: {kind} ({column.entry(i)}); {advice}")
    values = np.array([float(text) for text in column.texts])
    endless = np.flatnonzero(~np.isfinite(values))
    if len(endless):
        raise ValueError(
            f"{column.place}: an infinite value ({column.entry(endless[0])}); replace it, or remove the row"
        )
    return values


def _target(column: _Column, reading: Reading | None) -> tuple[Array, tuple[str, ...] | None]:
    """A target column as numbers, or as codes of classes and the names of the classes."""
    words = [not (cells.is_number(text) or cells.is_disguised(text)) for text in column.texts]
    if reading == "classes" and not all(cells.is_number(text) for text in column.texts):
        return _named(column)
    if reading is None and all(words):
        return _named(column)
    advice = "write plain numbers" + ("" if reading else ", or read the column as --as classes")
    return chosen(_numbers(column, advice), reading, column.place)


def _named(column: _Column) -> tuple[Array, tuple[str, ...]]:
    """Texts as codes of classes, and the names of the classes."""
    classes, codes = np.unique(np.array(column.texts), return_inverse=True)
    if len(classes) > len(column.texts) / 2:
        raise ValueError(
            f"{column.place}: {len(classes)} texts in {len(column.texts)} rows are no target; choose another "
            "column with --target"
        )
    return codes.astype(float), tuple(str(entry) for entry in classes)
