"""NPZ files that are broken in every way: one line, no traceback, and no memory on a header's word."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sims import data
from sims.sweet_spot import command

RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((25, 3)), RNG.standard_normal(25)


def _npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def _claiming(shape: str) -> bytes:
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + bytes(200)


def _npz(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return path


def _with(X: bytes = _npy(X), y: bytes = _npy(Y)) -> Callable[[Path], Path]:
    return lambda path: _npz(path, X=X, y=y)


def _with_a_wrong_byte(path: Path) -> Path:
    np.savez(path, X=X, y=Y)
    content = bytearray(path.read_bytes())
    content[content.index(X.tobytes()[:8]) + 100] ^= 1
    path.write_bytes(content)
    return path


def _no_zip(path: Path) -> Path:
    path.write_text("x,y\n1,2\n", encoding="utf-8")
    return path


def _empty(path: Path) -> Path:
    path.touch()
    return path


def _renamed(path: Path) -> Path:
    path.write_bytes(_npy(X))
    return path


def _text(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("X", "1 2 3")
        archive.writestr("y.txt", "1")
    return path


BROKEN = {
    "no zip": (_no_zip, "not an NPZ file of plain arrays"),
    "empty": (_empty, "not an NPZ file of plain arrays"),
    "renamed .npy": (_renamed, "not an NPZ file of plain arrays"),
    "text members": (_text, "no array 'X' among none"),
    "text called .npy": (_with(b"1 2 3"), "not an NPZ file of plain arrays"),
    "bad checksum": (_with_a_wrong_byte, "Bad CRC-32"),
    "terabytes": (_with(_claiming("(1000000, 1000000)")), "X claims 8000000000000"),
    "more than 2^63": (_with(_claiming("(9" + "9" * 30 + ", 2)")), "X claims 1"),
    "negative shape": (_with(_claiming("(-5, 3)")), "X claims -120"),
    "no shape": (_with(_claiming("'five'")), "not an NPZ file of plain arrays"),
    "bytes too many": (_with(_npy(X) + b"1"), "X claims 600 bytes and has 601"),
    "objects": (_with(_npy(np.array([["a", 1]] * 25, dtype=object))), "not an NPZ"),
    "text array": (_with(_npy(X.astype(str))), "'X': <U32 of shape (25, 3)"),
    "complex": (_with(y=_npy(Y + 1j)), "'y': complex128 of shape (25,)"),
    "no column": (_with(_npy(X[:, :0])), "'X': float64 of shape (25, 0)"),
    "nan": (_with(y=_npy(np.where(Y == Y[4], np.nan, Y))), "'y': 1 missing values, first nan in row 4 (from"),
    "inf": (_with(y=_npy(np.where(Y == Y[9], -np.inf, Y))), "an infinite value (-inf in row 9 (from 0))"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_archive_is_one_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make, message = BROKEN[name]
    assert command.main([str(make(tmp_path / "a.npz")), "--json"]) == 2
    assert re.fullmatch(rf"error: .*{re.escape(message)}.*\n", capsys.readouterr().err)


def test_any_damaged_byte_is_refused_or_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez_compressed(path, X=X, y=Y)
    content, read = path.read_bytes(), 0
    for place in range(0, len(content), 2):
        damaged = bytearray(content)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        try:
            found = data.load(str(path))
        except ValueError:
            continue
        read += 1
        assert np.array_equal(found.X, X)
        assert np.array_equal(found.y, Y)
    assert 0 < read < len(content) / 4  # dates and attributes of members count for nothing


def test_the_target_of_an_archive_is_read_as_asked(tmp_path: Path) -> None:
    path = str(_npz(tmp_path / "a.npz", X=_npy(X), y=_npy(np.arange(25) % 4), z=_npy(Y)))
    assert data.told(data.load(path)) == ["Target 'y': 4 classes (0, 1, 2, 3)."]
    assert data.told(data.load(path, reading="numbers")) == ["Target 'y': numbers, from 0 to 3."]
    assert data.load(path, "z").classes is None
    with pytest.raises(ValueError, match="'z': 25 classes in 25 rows are too many"):
        data.load(path, "z", "classes")
