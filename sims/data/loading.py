"""One way to every data set: by its name, or by the path of a file."""

from pathlib import Path

from sims.data.files import read_csv, read_npz
from sims.data.named import NAMED
from sims.data.sets import Data


def load(source: str, target: str | None = None) -> Data:
    """A data set by name (mnist, digits, diabetes, breast-cancer), or a CSV or NPZ file.

    A CSV has a line of names; its target is the column `target`, by default the last. An NPZ has arrays X
    (rows, d) and y (rows,). A target of text, or of at most ten different whole numbers, names classes.

    Raises
    ------
    ValueError
        If values are missing, an input is text or constant, the target has one value only or is not there, or
        there are fewer than 20 rows. The message names the column.
    MissingExtraError
        If a named set is asked for and the extra `data` is not installed.

    >>> load("digits").X.shape
    (1797, 64)
    """
    if source in NAMED:
        if target is not None:
            raise ValueError(f"--target = {target}: {source} has a target of its own; leave it out")
        return NAMED[source]()
    path = Path(source)
    reader = {".csv": read_csv, ".npz": read_npz}.get(path.suffix.lower())
    if reader is None:
        raise ValueError(f"{source}: no data set; name one of {', '.join(NAMED)}, or a file .csv or .npz")
    if not path.is_file():
        raise ValueError(f"{source}: no such file; check the path")
    return reader(path, target)
