"""Own data in the explorer: what is wrong with a file is one line, and a good one is predicted."""

import json
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from figures.explorer import _data, _page
from figures.explorer._view import Band, Marks, RefusedError
from sims import data
from sims.sweet_spot import command as sweet_spot
from tests.figures.explorer.views import parts


def _table(rows: int = 60, columns: int = 3, seed: int = 0) -> bytes:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((rows, columns))
    y = X @ rng.standard_normal(columns) + 0.1 * rng.standard_normal(rows)
    lines = [",".join([*(f"x{i}" for i in range(columns)), "y"])]
    lines += [",".join(f"{value:.5g}" for value in (*x, t)) for x, t in zip(X, y, strict=True)]
    return "\n".join(lines).encode()


def _wide(columns: int) -> bytes:
    return b",".join(f"c{i:x}".encode() for i in range(columns)) + b"\n" + b"1," * (columns - 1) + b"1\n"


def _mutated(rng: np.random.Generator) -> bytes:
    """A table that somebody has spoilt, or bytes that are no table at all."""
    if rng.random() < 0.3:
        return rng.integers(0, 256, rng.integers(0, 2000), dtype=np.uint8).tobytes()
    cells = [line.split(b",") for line in _table(int(rng.integers(1, 60)), 3, 1).split(b"\n")]
    junk = [
        b"", b"nan", b"inf", b"-inf", b"1e999", b"1e308", b"-1e308", b"1e-320", b'"', b'"a\n"', b"\x00",
        b"\xff\xfe", b"text", b"1_0", "½".encode(), b",", b"\r", b"=1+1", b"0x10", b"1,5", b"x0", b" " * 50,
        b"9" * 400,
    ]  # fmt: skip
    for _ in range(rng.integers(1, 8)):
        row = cells[rng.integers(len(cells))]
        row[rng.integers(len(row))] = junk[rng.integers(len(junk))]
    spoilt = b"\n".join(b",".join(row) for row in cells)
    if rng.random() < 0.3:
        place = int(rng.integers(len(spoilt)))
        spoilt = spoilt[:place] + spoilt[place + int(rng.integers(50)) :]
    return spoilt


def test_five_hundred_spoilt_uploads_end_in_one_line(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    kept = 0
    for i in range(500):
        told = ""
        try:
            path = _data.keep(f"file {i}.csv", _mutated(rng), tmp_path)
            try:
                _data.check(path, f"file {i}.csv", _data.targets(path)[0])
                kept += 1
            finally:
                path.unlink()
        except RefusedError as refusal:
            told = str(refusal)
        assert "\n" not in told
        assert not told or told.startswith(f"file {i}.csv")
        assert str(tmp_path) not in told
    assert 0 < kept < 250
    assert not list(tmp_path.iterdir())  # nothing is left of what was refused


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cells: [[1e308 * value for value in row] for row in cells],
        lambda cells: [[1e-300 * value for value in row] for row in cells],
        lambda cells: [[row[0], row[0], row[0], row[3]] for row in cells],
        lambda cells: [[float(i == 3), row[1], row[2], row[3]] for i, row in enumerate(cells)],
        lambda cells: [[*row[:3], float(i == 3)] for i, row in enumerate(cells)],
        lambda cells: [[*row[:3], 1e300 * row[3]] for row in cells],
    ],
)  # fmt: skip
def test_odd_numbers_give_a_picture_or_one_line(spoil: Any, tmp_path: Path) -> None:
    numbers = [[float(cell) for cell in line.split(",")] for line in _table().decode().split("\n")[1:]]
    text = "\n".join(["a,b,c,y", *(",".join(map(repr, row)) for row in spoil(numbers))])
    told = ""
    try:
        path = _data.keep("odd.csv", text.encode(), tmp_path)
        (view,) = _data.settle(str(path), "odd.csv", None, "relu", None)
        assert view.charts
    except RefusedError as refusal:
        told = str(refusal)
    assert "\n" not in told
    assert not told or told.startswith("odd.csv")


@pytest.mark.parametrize(
    ("name", "contents", "words"),
    [
        ("big.csv", b"x" * (_data.MOST_BYTES + 1), "MB"),
        ("long.csv", b"a,b\n" + b"1,2\n" * (_data.MOST_ROWS + 1), "rows"),
        ("wide.csv", _wide(500), "more than 200 columns"),
        ("wide.csv", b"\n" + _wide(500), "more than 200 columns"),
        ("wide.csv", b"\r\r\n\n" + _wide(500).replace(b"\n", b"\r"), "more than 200 columns"),
        ("wide.csv", b"\n" + _wide(400_000), "more than 200 columns"),  # a quadratic check takes hours
        ("wide.csv", b"a" + b",a" * 900_000 + b"\n1" + b",1" * 900_000, "two columns are called 'a'"),
        ("quotes.csv", b'"' * 3_000_000, "not a CSV file"),
        ("quotes.csv", b'a,b\n1,"' + b'""' * 1_000_000 + b'"\n', "not a CSV file"),
        ("quotes.csv", b'a,"' + b'x"",' * 200_000, "not a CSV file"),
        ("C:\\me\\..\\none.csv", b"a,b\n", r"^none\.csv: no rows"),
        ("empty.csv", b"", "no rows"),
        ("houses.txt", _table(), "is no CSV file by its name"),
        ("x" * 10_000 + ".csv", _table(), "is no CSV file by its name"),
    ],
)
def test_what_is_too_much_or_too_little_is_named(
    name: str, contents: bytes, words: str, tmp_path: Path
) -> None:
    with pytest.raises(RefusedError, match=words) as refused:
        _data.keep(name, contents, tmp_path)
    assert len(str(refused.value)) < 500
    assert not list(tmp_path.iterdir())


def test_as_many_columns_as_allowed_are_kept(tmp_path: Path) -> None:
    assert len(_data.targets(_data.keep("wide.csv", _wide(_data.MOST_COLUMNS), tmp_path))) == 200


def test_the_target_is_chosen_before_the_file_is_judged(tmp_path: Path) -> None:
    names = ["red", "blue"]
    rows = "\n".join(f"{names[i % 2]},{i % 7},code {i}" for i in range(40))
    path = _data.keep("kinds.csv", f"kind,x,code\n{rows}".encode(), tmp_path)
    assert _data.targets(path) == ("code", "kind", "x")
    with pytest.raises(RefusedError, match=r"^kinds\.csv, column 'code': 40 texts"):
        _data.check(path, "kinds.csv", "code")
    lines = "\n".join(f"{names[i % 2]},{i % 7}" for i in range(40))
    path = _data.keep("kinds.csv", f"kind,x\n{lines}".encode(), tmp_path)
    with pytest.raises(RefusedError, match=r"^kinds\.csv, column 'kind': text"):
        _data.check(path, "kinds.csv", "x")
    _data.check(path, "kinds.csv", "kind")


@pytest.mark.parametrize("end", [b"\r", b"\r\n", b"\n\n"])
def test_ends_of_lines_are_read_as_in_the_command(end: bytes, tmp_path: Path) -> None:
    usual, odd = (data.load(str(_data.keep("a.csv", text, tmp_path))) for text in (
        _table(), _table().replace(b"\n", end)))  # fmt: skip
    np.testing.assert_array_equal(odd.X, usual.X)
    assert odd.columns == usual.columns


@pytest.mark.parametrize("name", ["a.csv", "my houses; $(touch x) 'old'.csv", "-n.csv", "--help.csv"])
def test_the_printed_command_gives_the_numbers_of_the_explorer(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    contents = _table(80).replace(b"x1", b"-x1", 1)
    (tmp_path / name).write_bytes(contents)
    folder = tmp_path / "uploads of the server"
    folder.mkdir()
    path = _data.keep(name, contents, folder)
    (view,) = _data.settle(str(path), name, "-x1", "linear", None)
    monkeypatch.chdir(tmp_path)
    python, dash, module, *words = shlex.split(view.command)
    assert (python, dash, module) == ("python", "-m", "sims.sweet_spot")
    assert sweet_spot.main([*words, "--json", "--jobs", "1", "--store", str(tmp_path / "store")]) in (0, 1, 5)
    document = json.loads(capsys.readouterr().out)
    marks, band = parts(view, Marks)[0], parts(view, Band)[0]
    rows = [row for row in document["rows"] if row["n"] == document["config"]["n"]]
    for key, shown in (("measured", marks.y), ("low", band.low), ("high", band.high)):
        np.testing.assert_array_equal(shown, [row[key] for row in rows])


def test_a_folder_of_uploads_does_not_grow_for_ever(tmp_path: Path) -> None:
    for i in range(_data.MOST_FILES):
        (tmp_path / f"{i}.csv").touch()
    with pytest.raises(RefusedError, match="the explorer keeps 100 files already"):
        _data.keep("one.csv", _table(), tmp_path)


def test_a_file_is_predicted_and_checked(tmp_path: Path) -> None:
    path = _data.keep("houses.csv", _table(120), tmp_path)
    assert _data.targets(path) == ("y", "x0", "x1", "x2")
    (view,) = _data.settle(str(path), "houses.csv", "x1", "linear", None)
    assert view.command.startswith("python -m sims.sweet_spot houses.csv --target x1 --features linear")
    assert str(tmp_path) not in _page.page(view) + view.command
    assert len(parts(view, Marks)[0].x) >= 2
    with pytest.raises(RefusedError, match=r"^target = none is no column of houses\.csv"):
        next(_data.settle(str(path), "houses.csv", "none", "linear", None))
