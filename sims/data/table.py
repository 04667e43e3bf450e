"""A CSV file as a table of texts: which sign separates its cells, and whether its first row holds names.

Nothing is guessed that changes a number: where a file can be read in two ways it is refused. A library that
reads tables to be of use, as pandas does, fills short rows, renames columns of one name and takes a row of
numbers for names, in silence; with all of that off it does what Python's csv does.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sims.data.cells import NUMBER, is_disguised

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
MOST_TOLD = 20  # names in one message


class Table(NamedTuple):
    """Texts of a file, without spaces at their ends."""

    names: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    """One for each name."""
    rows: tuple[int, ...]
    """The row of the file, from 1, that each entry of a column comes from; blank rows count."""
    commas: bool
    """Are cells separated by commas, so that no comma can stand for a decimal point?"""
    notes: tuple[str, ...]
    """What a reader may not expect of how the file was read; whole sentences."""


def columns(path: Path) -> tuple[str, ...]:
    """The names of all columns of a CSV file as `load` reads them, the target's among them.

    Raises
    ------
    ValueError
        If the file is no CSV file, has no rows or no names, or two columns of one name.
    """
    return read_table(path).names


def read_table(path: Path) -> Table:
    """Names and texts of a CSV file, its cells separated by commas, semicolons or tabs; else ValueError."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        separator = _separator(text)
        records = _records(text, separator)
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path}: not a CSV file in UTF-8 ({error}); save it as one") from None
    if len(records) < 2:
        raise ValueError(f"{path}: no rows below the line of names; add data")
    (_, names), *lines = records
    for number, cells in lines:
        if len(cells) != len(names):
            raise ValueError(
                f"{path}, row {number}: {len(cells)} entries for {len(names)} columns; give one per column"
            )
    notes = [] if separator == "," else [f"Cells are separated by {SEPARATORS[separator]}."]
    named = dict(enumerate(zip(*(cells for _, cells in lines), strict=True)))
    empty = [i for i, name in enumerate(names) if not name and not any(named[i])]
    for i in empty:
        del named[i]
        notes.append(f"Column {i + 1} of {len(names)} is left out: it has neither a name nor an entry.")
    names = [names[i] for i in named]
    notes += _check_names(path, names)
    rows = tuple(number for number, _ in lines)
    return Table(tuple(names), tuple(named.values()), rows, separator == ",", tuple(notes))


def _records(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Rows that are not blank, with their numbers."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    stripped = ([cell.strip() for cell in cells] for cells in lines)
    return [(i, cells) for i, cells in enumerate(stripped, start=1) if len(cells) > 1 or any(cells)]


def _separator(text: str) -> str:
    """The sign that cuts most rows into as many cells as the first, which must be more than one."""
    first = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    found = [separator for separator in ("\t", ";", ",") if separator in first]
    if len(found) < 2:
        return found[0] if found else ","
    return max(found, key=lambda separator: _alike(text, separator))


def _alike(text: str, separator: str) -> int:
    """How many rows are as long as the first, if that has more than one cell."""
    try:
        lengths = [len(cells) for _, cells in _records(text, separator)]
    except csv.Error:
        return 0
    return lengths.count(lengths[0]) if lengths and lengths[0] > 1 else 0


def _check_names(path: Path, names: list[str]) -> list[str]:
    """What is to be said of the names; ValueError if they are no names, or not different."""
    twice = next((name for name, times in Counter(names).items() if times > 1 and name), None)
    if twice is not None:
        raise ValueError(f"{path}: two columns are called {twice!r}; rename one")
    numbers = [name for name in names if NUMBER.fullmatch(name) or is_disguised(name)]
    if numbers and not _counted(numbers):
        raise ValueError(
            f"{path}: the first row holds numbers ({numbers[0]!r}), not names; put a line of names above it"
        )
    if "" in names:
        raise ValueError(
            f"{path}: column {names.index('') + 1} has no name; name it, or remove it if it numbers the rows"
        )
    if not numbers:
        return []
    return [f"The first row is taken for names, though {choice(numbers, most=3)} could be numbers."]


def _counted(numbers: list[str]) -> bool:
    """Are these names whole numbers that follow one another, such as those of pixels or years?"""
    if not all(re.fullmatch("[0-9]{1,9}", number) for number in numbers):
        return False
    return [int(number) for number in numbers] == list(range(int(numbers[0]), int(numbers[0]) + len(numbers)))


def choice(names: Sequence[str], most: int = MOST_TOLD) -> str:
    """The first of some names, for a message; signs that a terminal would obey are spelled.

    >>> choice(["a", "b\\x1b[2J", "c"], most=2)
    "a, 'b\\\\x1b[2J', ..."
    """
    shown = [name if name.isprintable() else repr(name) for name in names[:most]]
    return ", ".join(shown) + (", ..." if len(names) > most else "")
