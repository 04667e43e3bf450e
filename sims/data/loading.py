"""One way to every data set: by its name, or by the path of a file."""

from pathlib import Path

from sims.data.archive import read_npz
from sims.data.files import read_csv
from sims.data.named import NAMED
from sims.data.sets import Data, Reading


def load(source: str, target: str | None = None, reading: Reading | None = None) -> Data:
    """A data set by name (mnist, digits, diabetes, breast-cancer), or a CSV or NPZ file.

    A CSV has a line of names, and cells separated by commas, or by semicolons or tabs and then perhaps with
    decimal commas; its target is the column `target`, by default the last. An NPZ has arrays X (rows, d) and
    y (rows,). A target of text, or of at most ten different whole numbers, names classes, unless `reading`
    says "numbers" or "classes". `told` says how a set was read.

    Raises
    ------
    ValueError
        If values are missing, infinite, or numbers with marks such as 1,234; an input is text or constant;
        the target mixes numbers and text, has one value only or is not there; or there are fewer than 20
        rows. The message names the column, and the row.
    MissingExtraError
        If a named set is asked for and the extra `data` is not installed.

    >>> load("digits").X.shape
    (1797, 64)
    """
    if source in NAMED:
        for option, value in (("--target", target), ("--as", reading)):
            if value is not None:
                raise ValueError(f"{option} = {value}: {source} has a target of its own; leave it out")
        return NAMED[source]()
    path = Path(source)
    reader = {".csv": read_csv, ".npz": read_npz}.get(path.suffix.lower())
    if reader is None:
        raise ValueError(f"{source}: no data set; name one of {', '.join(NAMED)}, or a file .csv or .npz")
    if not path.is_file():
        raise ValueError(f"{source}: no such file; check the path")
    return reader(path, target, reading)
