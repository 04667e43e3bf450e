"""Files whose cells have types: sheets of XLSX, whose rows are read as those of a CSV file, and Parquet."""

import warnings
from pathlib import Path
from typing import Any

from sims.data.delimited import Records
from sims.data.frames import columns_of
from sims.data.named import require
from sims.data.table import Table, named


def read_xlsx(path: Path) -> Records:
    """The rows of the first sheet, each cell as a text that has the same value."""
    require("openpyxl", "xlsx")
    import openpyxl

    try:
        with path.open("rb") as file, warnings.catch_warnings(action="ignore"):  # of styles, not of cells
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            sheet, count = book.worksheets[0], len(book.worksheets)
            sheet.reset_dimensions()  # which some programs write wrong
            rows = [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    except Exception as error:  # zipfile, XML and openpyxl raise what they like
        said = " ".join(str(error).split())
        raise ValueError(f"{path}: not an XLSX file ({said}); save it again, or as CSV") from None
    width = max((i + 1 for row in rows for i, text in enumerate(row) if text), default=0)
    filled = [(i, (row + [""] * width)[:width]) for i, row in enumerate(rows, start=1) if any(row)]
    notes = (f"Sheet {sheet.title!r} is read, the first of {count}.",) if count > 1 else ()
    return Records(filled, True, notes)


def _text(cell: Any) -> str:
    return "" if cell is None else repr(cell) if isinstance(cell, float) else str(cell).strip()


def read_parquet(path: Path) -> Table:
    """The columns of a Parquet file, as those of a DataFrame; rows are counted from 0."""
    require("pyarrow", "parquet")
    require("pandas")
    import pandas

    try:
        frame = pandas.read_parquet(path)
    except Exception as error:  # pyarrow raises errors of its own
        said = " ".join(str(error).split())
        raise ValueError(f"{path}: not a Parquet file ({said}); write it again") from None
    return named(columns_of(frame, "column"))
