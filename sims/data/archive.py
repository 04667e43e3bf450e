"""The reader's own NPZ files: zip archives of arrays, which may be broken in every way that zip knows."""

import math
import zipfile
from pathlib import Path

import numpy as np

from sims.data.frames import columns_of
from sims.data.table import Table, named


def read_npz(path: Path, target: str | None) -> Table:
    """An NPZ file with arrays X (rows, d) and y (rows,); its target is the array `target`, by default y.

    Columns of X are called X[:, 0] and so on, and rows are counted from 0.
    """
    wanted = target or "y"
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.removesuffix(".npy") for name in archive.namelist() if name.endswith(".npy")]
            arrays = {name: _array(archive, name) for name in ("X", wanted) if name in names}
    except Exception as error:  # zipfile, its decompressors and numpy's header raise what they like
        said = " ".join(str(error).split())
        raise ValueError(f"{path}: not an NPZ file of plain arrays ({said}); use numpy.savez") from None
    for name in ("X", wanted):
        if name not in arrays:
            raise ValueError(f"{path}: no array {name!r} among {', '.join(names) or 'none'}; add it")
    X, y = arrays["X"], arrays[wanted]
    for name, array, dimensions in (("X", X, 2), (wanted, y, 1)):
        if array.ndim != dimensions or array.dtype.kind not in "fiub" or array.size == 0:
            raise ValueError(
                f"{path}, {name!r}: {array.dtype} of shape {array.shape}; needed: numbers, {dimensions}-D"
            )
    if len(X) != len(y):
        raise ValueError(f"{path}: X has {len(X)} rows and {wanted} {len(y)}; give one target per row")
    return named([*columns_of(X, "X"), *columns_of(y, wanted)])


def _array(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    """One array, if the archive holds as many bytes as its header claims: no memory is taken on its word."""
    member = archive.getinfo(f"{name}.npy")
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        read = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        shape, _, dtype = read(file)
        claimed = math.prod(shape) * dtype.itemsize
        if not dtype.hasobject and file.tell() + claimed != member.file_size:
            raise ValueError(f"{name} claims {claimed} bytes and has {member.file_size - file.tell()}")
    with archive.open(member) as file:
        array = np.lib.format.read_array(file, allow_pickle=False)
        if file.read(1):  # also has the checksum of the last bytes looked at
            raise ValueError(f"{name} has more bytes than it claims")
    return array
