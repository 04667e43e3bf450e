"""A file of text as rows of cells: how its characters are coded, and which sign separates its cells."""

import csv
import gzip
import io
import re
from pathlib import Path
from typing import NamedTuple

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces"}


class Records(NamedTuple):
    """The rows of a file that are not blank, as texts without spaces at their ends."""

    rows: list[tuple[int, list[str]]]
    """The number of the row in the file, from 1, where blank rows count, and its cells."""
    commas: bool
    """Is a comma in a cell no decimal comma, since commas separate cells or numbers came as numbers?"""
    notes: tuple[str, ...] = ()


def read_delimited(path: Path) -> Records:
    """Rows of a text file, perhaps packed by gzip; ValueError if its characters or quotes are broken."""
    content = path.read_bytes()  # a file that the machine cannot read is another matter than a broken one
    try:
        if path.suffix.lower() == ".gz":
            content = gzip.decompress(content)
        text, notes = _decoded(content)
        separator = _separator(text)
        rows = _rows(text, separator)
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path}: not a CSV file in UTF-8 ({error}); save it as one") from None
    except (OSError, EOFError) as error:
        raise ValueError(f"{path}: not a file packed by gzip ({error}); pack it again") from None
    usual = "\t" if path.name.lower().removesuffix(".gz").endswith(".tsv") else ","
    if separator != usual:
        notes.append(f"Cells are separated by {SEPARATORS[separator]}.")
    return Records(rows, separator == ",", tuple(notes))


def _decoded(content: bytes) -> tuple[str, list[str]]:
    """The text of a file, and what is to be said of how its letters are coded; digits are the same in all."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16"), []
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return content.decode("cp1252"), ["The file is not in UTF-8: its letters are read as Windows-1252."]


def _rows(text: str, separator: str) -> list[tuple[int, list[str]]]:
    if separator == " ":  # as many as stand side by side
        text = re.sub(r"(?m)^ +| +$", "", re.sub(" {2,}", " ", text))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    stripped = ([cell.strip() for cell in cells] for cells in lines)
    return [(i, cells) for i, cells in enumerate(stripped, start=1) if len(cells) > 1 or any(cells)]


def _separator(text: str) -> str:
    """The sign that cuts most rows into as many cells as the first, which must be more than one.

    Spaces separate only where no other sign does, and every row is as long as the first.
    """
    first = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    found = [separator for separator in ("\t", ";", "|", ",") if separator in first]
    if len(found) == 1:
        return found[0]
    if found:
        return max(found, key=lambda separator: _alike(text, separator)[0])
    alike, rows = _alike(text, " ")
    return " " if alike == rows > 0 else ","


def _alike(text: str, separator: str) -> tuple[int, int]:
    """How many rows are as long as the first, if that has more than one cell, of how many."""
    try:
        lengths = [len(cells) for _, cells in _rows(text, separator)]
    except csv.Error:
        return 0, 0
    return lengths.count(lengths[0]) if lengths and lengths[0] > 1 else 0, len(lengths)
