"""A column, and how it is read: as numbers, categories or dates; what is missing is marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sims.data import cells, dates
from sims.data.named import require
from sims.data.scaling import constant
from sims.data.sets import Array

RARE = 0.01
"""Share of the rows below which categories are rare, and share a column."""
MOST_TOLD, MOST_SHOWN = 20, 3
"""Names in one message, and categories of one column."""


@dataclass(frozen=True)
class Column:
    """Texts as they stand in a file, or numbers, where nan is missing."""

    name: str
    entries: Sequence[str] | Array
    rows: Sequence[int]
    """Where the entries stand in their file."""
    problem: str = ""
    """What is wrong with the column, whatever its entries are."""
    categories: bool = False
    """Are its texts categories, even if they look like numbers or dates?"""

    def entry(self, i: int) -> str:
        """Entry i and its row, for messages."""
        entry = self.entries[i]
        shown = repr(entry) if isinstance(entry, str) else f"{entry:g}"
        return f"{shown} in row {self.rows[i]}{' (from 0)' if self.rows[0] == 0 else ''}"

    def gaps(self) -> list[int]:
        """Places of the entries that are missing."""
        if isinstance(self.entries, np.ndarray):
            return np.flatnonzero(np.isnan(self.entries)).tolist()
        return cells.missing(self.entries)


class Block(NamedTuple):
    """Inputs that one column gives, and what is said of it."""

    X: Array
    """(rows, inputs); nan is missing."""
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()


def block(column: Column) -> Block:
    """A column as inputs: numbers as they are, dates as days, categories as one column of 0 and 1 for each.

    Numbers and days that are missing stay nan, and get a column that is 1 there; missing categories are a
    category of their own.

    Raises
    ------
    ValueError
        If the column is none of these, quoting an entry and its row.
    """
    if column.problem:
        raise ValueError(column.problem)
    gaps = column.gaps()
    if len(gaps) == len(column.entries):
        return _nothing(column, "every entry is missing")
    if column.categories:
        return _categories(column, gaps)
    known = np.setdiff1d(np.arange(len(column.entries)), gaps)
    texts = None if isinstance(column.entries, np.ndarray) else [column.entries[i] for i in known]
    notes: tuple[str, ...] = ()
    if texts is not None and dates.are_dates(texts):
        values, order = dates.days(texts)
        notes = (f"Column {column.name!r} holds dates ({order}): it is read as days since 1970-01-01.",)
    elif texts is not None and not any(cells.is_number(text) or cells.is_disguised(text) for text in texts):
        return _categories(column, gaps)
    else:
        values = finite(column, known).tolist()
    filled = np.full(len(column.entries), np.nan)
    filled[known] = values
    return _marked(column, filled, gaps, notes)


def finite(column: Column, places: Sequence[int] | np.ndarray) -> Array:
    """The entries at some places as finite numbers, or ValueError that quotes the first that is none."""
    for i in () if isinstance(column.entries, np.ndarray) else places:
        text = column.entries[i]
        if cells.is_number(text):
            continue
        kind = "a number with marks" if cells.is_disguised(text) else "text"
        number = next((j for j in places if cells.is_number(column.entries[j])), None)
        beside = "" if number is None else f" beside numbers ({column.entry(number)})"
        raise ValueError(f"{kind} ({column.entry(i)}){beside}; write plain numbers")
    values = np.array([float(column.entries[i]) for i in places])
    endless = np.flatnonzero(~np.isfinite(values))
    if len(endless):
        raise ValueError(
            f"an infinite value ({column.entry(places[endless[0]])}); replace it, or remove the row"
        )
    return values


def _marked(column: Column, values: Array, gaps: Sequence[int], notes: tuple[str, ...]) -> Block:
    """Numbers, and where some are missing a column that is 1 there; a number alone says nothing."""
    known = np.delete(values, gaps)
    same = bool(constant(known))
    if same and not gaps:
        return _nothing(column, f"it is {known[0]:g} in every row")
    if not gaps:
        return Block(values[:, None], (column.name,), notes)
    mark, name = np.isnan(values) * 1.0, f"{column.name} is missing"
    said = f"Column {column.name!r}: {len(gaps)} missing values, first {column.entry(gaps[0])}"
    if same:
        said += (
            f"; all others are {known[0]:g}, so that only a column of 0 and 1 says where they are missing."
        )
        return Block(mark[:, None], (name,), (*notes, said))
    said += "; they become the mean of the training rows, and a column of 0 and 1 says where they are."
    return Block(np.column_stack([values, mark]), (column.name, name), (*notes, said))


def _categories(column: Column, gaps: Sequence[int]) -> Block:
    """One column of 0 and 1 for each text; rare ones share one, and of two texts one column is enough."""
    require("sklearn")
    from sklearn.preprocessing import OneHotEncoder

    texts = np.array(column.entries, dtype=object)
    texts[list(gaps)] = "missing"
    different, counts = np.unique(texts.astype(str), return_counts=True)
    if len(different) == 1:
        return _nothing(column, f"it is {str(different[0])!r} in every row")
    if len(different) > len(texts) / 2 or counts.max() < RARE * len(texts):
        raise ValueError(f"{len(different)} texts in {len(texts)} rows are no categories")
    encoder = OneHotEncoder(
        drop="if_binary",
        sparse_output=False,
        min_frequency=RARE,
        feature_name_combiner=lambda name, text: f"{name} = {text}".replace(
            "infrequent_sklearn", "a rare one"
        ),
    )
    X = encoder.fit_transform(texts[:, None])
    names = tuple(str(name) for name in encoder.get_feature_names_out([column.name]))
    rare = int(np.sum(counts < RARE * len(texts)))
    said = f"Column {column.name!r}: {len(different)} categories ({choice(different.tolist(), MOST_SHOWN)})"
    said += f", read as {len(names)} columns of 0 and 1" if len(names) > 1 else ", read as 0 and 1"
    said += f"; {rare} of them in less than {100 * RARE:g} % of the rows share one" if rare > 1 else ""
    said += f"; {len(gaps)} missing values, first {column.entry(gaps[0])}, are one of them" if gaps else ""
    return Block(X, names, (f"{said}.",))


def _nothing(column: Column, why: str) -> Block:
    said = f"Column {column.name!r} is left out: {why}."
    return Block(np.empty((len(column.entries), 0)), (), (said,))


def choice(names: Sequence[str], most: int = MOST_TOLD) -> str:
    """The first of some names, for a message; signs that a terminal would obey are spelled.

    >>> choice(["a", "b\\x1b[2J", "c"], most=2)
    "a, 'b\\\\x1b[2J', ..."
    """
    shown = [name if name.isprintable() else repr(name) for name in names[:most]]
    return ", ".join(shown) + (", ..." if len(names) > most else "")
