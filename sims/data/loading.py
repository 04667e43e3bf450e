"""One way to every data set: by its name, or by the path of a file."""

from collections.abc import Sequence
from pathlib import Path

from sims.data.archive import read_npz
from sims.data.delimited import read_delimited
from sims.data.named import NAMED
from sims.data.reading import Wanted, data_of, without_by_command
from sims.data.sets import Data, Reading
from sims.data.table import Table, table
from sims.data.typed import read_parquet, read_xlsx

TEXT = (".csv", ".tsv", ".txt", ".dat", ".data", ".csv.gz", ".tsv.gz", ".txt.gz")
"""Endings of text."""
KINDS = ".csv, .tsv, .txt (or .gz of one), .xlsx, .parquet or .npz"
"""Endings of all files that are read, in words."""


def load(
    source: str,
    target: str | None = None,
    reading: Reading | None = None,
    drop: Sequence[str] = (),
    log_target: bool = False,
) -> Data:
    """A data set by name (mnist, digits, diabetes, breast-cancer), or a file of the reader's own.

    Files of text have cells separated by commas, semicolons, tabs, bars or spaces, numbers perhaps with
    decimal commas, and a line of names or none; they may be packed by gzip. Of an XLSX the first sheet is
    read. An NPZ has arrays X (rows, d) and y (rows,). Numbers that are missing stay nan, for `split` to fill
    them in, and are marked by a column of 0 and 1; categories are read as such columns, dates as days. A
    column that is the same in every row is left out. `told` says how a set was read.

    Parameters
    ----------
    source : str
        A name or a path.
    target : str, optional
        The column to predict, by its name, or "first"; by default the last, and in an NPZ the array y.
    reading : {"numbers", "classes"}, optional
        How the target is read; by default text, and up to ten different whole numbers, are classes.
    drop : sequence of str
        Columns to leave out.
    log_target : bool
        Predict the logarithm of the target.

    Raises
    ------
    ValueError
        If values are infinite, or numbers with marks such as 1,234; a column mixes numbers and text, or has
        as many texts as rows; the target has missing values, one value only or is not there; or there are
        fewer than 20 rows. One message names all columns that are not read, each with a row, and the command
        that leaves them out.
    MissingExtraError
        If a package is not installed that reads the set, or categories.

    >>> load("digits").X.shape
    (1797, 64)
    """
    wanted = Wanted(target, reading, tuple(drop), log_target)
    if source in NAMED:
        asked = {"--target": target, "--as": reading, "--drop": ", ".join(drop), "--log-target": log_target}
        for option, value in asked.items():
            if value:
                raise ValueError(f"{option} = {value}: {source} has a target of its own; leave it out")
        return NAMED[source]()
    path = Path(source)
    return data_of(source, read(path, target), wanted, without_by_command(source, wanted))


def columns(path: Path) -> tuple[str, ...]:
    """The names of all columns of a file as `load` reads them, the target's among them.

    Raises
    ------
    ValueError
        If the file is not read, has no rows, rows of different length, or two columns of one name.
    """
    found = read(path, None)
    if found.problems:
        raise ValueError(f"{path}: {'; '.join(found.problems)}")
    return tuple(column.name for column in found.columns)


def read(path: Path, target: str | None) -> Table:
    """The columns of a file by the ending of its name; ValueError if it has none that is known."""
    name = path.name.lower()
    if not name.endswith((*TEXT, ".xlsx", ".parquet", ".npz")):
        raise ValueError(f"{path}: no data set; name one of {', '.join(NAMED)}, or a file {KINDS}")
    if not path.is_file():
        raise ValueError(f"{path}: no such file; check the path")
    if name.endswith(".npz"):
        return read_npz(path, target)
    if name.endswith(".parquet"):
        return read_parquet(path)
    return table(path, read_xlsx(path) if name.endswith(".xlsx") else read_delimited(path))
