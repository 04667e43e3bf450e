"""Rows of cells as columns of texts with names: whether the first row holds names, and what is wrong.

Nothing is guessed that changes a number: where a file can be read in two ways it is refused. A library that
reads tables to be of use, as pandas does, fills short rows, renames columns of one name and takes a row of
numbers for names, in silence; with all of that off it does what Python's csv does.
"""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sims.data.cells import NUMBER, is_disguised, is_number, missing
from sims.data.columns import MOST_TOLD, Column, choice
from sims.data.delimited import SEPARATORS, Records

Rows = list[tuple[int, list[str]]]


class Table(NamedTuple):
    """Columns as they come from a file or from Python, before any is judged."""

    columns: tuple[Column, ...]
    commas: bool
    """Can no comma in a text be a decimal comma?"""
    notes: tuple[str, ...]
    """What a reader may not expect of how the file was read; whole sentences."""
    problems: tuple[str, ...]
    """What must be mended before the columns can be used; their names may be the same, or rows be lost."""


def table(path: Path, records: Records) -> Table:
    """Columns with names; ValueError if there are no rows."""
    if len(records.rows) < 2:
        raise ValueError(f"{path}: no rows below the line of names; add data")
    names, lines, notes, problems = _names(records.rows)
    if len(names) < 2:
        raise ValueError(
            f"{path}: one column only by its first row ({names[0][:MOST_TOLD]!r}); name all columns there, "
            f"between {', '.join(SEPARATORS.values())}"
        )
    odd = [(number, cells) for number, cells in lines if len(cells) != len(names)]
    if odd:
        number, cells = odd[0]
        others = f", and {len(odd) - 1} more rows like it" if len(odd) > 1 else ""
        problems.append(
            f"row {number}: {len(cells)} entries for {len(names)} columns{others}; give one per column"
        )
        lines = [(number, cells) for number, cells in lines if len(cells) == len(names)]
    rows = tuple(number for number, _ in lines)
    texts = list(zip(*(cells for _, cells in lines), strict=True)) or [()] * len(names)
    columns = []
    for i, (name, column) in enumerate(zip(names, texts, strict=True), start=1):
        why = "" if name else _useless(column)
        if why:
            notes.append(f"Column {i} of {len(names)} is left out: it has {why}.")
        else:
            problem = "" if name else "the first row has no name for it; give it one"
            columns.append(Column(name or f"column {i}", column, rows, problem))
    return named(columns, records.commas, (*records.notes, *notes), problems)


def named(
    columns: Sequence[Column], commas: bool = True, notes: tuple[str, ...] = (), problems: Sequence[str] = ()
) -> Table:
    """A table of columns, whose problems are others' and columns of one name."""
    times = Counter(column.name for column in columns)
    twice = [name for name in times if times[name] > 1]
    wrong = [f"two columns are called {name!r}; rename one" for name in twice[:MOST_TOLD]]
    return Table(tuple(columns), commas, notes, (*problems, *wrong))


def _useless(texts: Sequence[str]) -> str:
    """Why a column without a name is none: it is empty, or numbers the rows; else nothing."""
    if not any(texts):
        return "neither a name nor an entry"
    if texts[0] in ("0", "1") and list(texts) == [str(int(texts[0]) + i) for i in range(len(texts))]:
        return "no name and numbers the rows"
    return ""


def _names(records: Rows) -> tuple[list[str], Rows, list[str], list[str]]:
    """Names of the columns, the rows below them, what is to be said, and what is wrong."""
    (_, first), *lines = records
    numbers = [name for name in first if NUMBER.fullmatch(name) or is_disguised(name)]
    if not numbers:
        return first, lines, [], []
    if _counted(numbers):
        shown = choice(numbers, most=3)
        return first, lines, [f"The first row is taken for names, though {shown} could be numbers."], []
    below = zip(*(cells for _, cells in lines), strict=False)  # as long as the shortest row
    if all(_alike(cell, column) for cell, column in zip(first, below, strict=False)):
        said = f"There is no line of names: the columns are called 1 to {len(first)}, by their places."
        return [str(i) for i in range(1, len(first) + 1)], records, [said], []
    wrong = f"the first row holds numbers ({numbers[0]!r}), not names; put a line of names above it"
    return first, lines, [], [wrong]


def _alike(cell: str, below: Sequence[str]) -> bool:
    """Is a cell of the first row one like those below it: a number among numbers, a text that comes again?"""
    gaps = set(missing(below))
    if is_number(cell) or is_disguised(cell):
        return all(is_number(text) or is_disguised(text) for i, text in enumerate(below) if i not in gaps)
    return cell in below


def _counted(numbers: list[str]) -> bool:
    """Are these names whole numbers that follow one another, such as those of pixels or years?"""
    if not all(re.fullmatch("[0-9]{1,9}", number) for number in numbers):
        return False
    return [int(number) for number in numbers] == list(range(int(numbers[0]), int(numbers[0]) + len(numbers)))
