"""Own data in the explorer: what is wrong with a file is one line, and a good one is predicted."""

import json
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from figures.explorer import _data, _page
from figures.explorer._knobs import Choice
from figures.explorer._view import Band, Line, Marks, RefusedError, View
from sims import data
from sims.sweet_spot import command as sweet_spot
from tests.figures.explorer.views import parts

CASES = Path(__file__).parents[2] / "sims" / "data" / "cases"


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
                _data.check(path, f"file {i}.csv", _data.targets(path)[0], None)
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
        (view,) = _data.settle(str(path), "odd.csv", None, None, "relu", None)
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
    with pytest.raises(RefusedError, match=r"^kinds\.csv: column 'code': 40 texts"):
        _data.check(path, "kinds.csv", "code", None)
    lines = "\n".join(f"{names[i % 2]},{i % 7}" for i in range(40))
    path = _data.keep("kinds.csv", f"kind,x\n{lines}".encode(), tmp_path)
    assert "Column 'kind': 2 categories (blue, red), read as 0 and 1." in _data.check(
        path, "kinds.csv", "x", None
    )
    _data.check(path, "kinds.csv", "kind", None)


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
    view, document = _both(name, contents, "-x1", None, tmp_path, monkeypatch, capsys)
    _same_numbers(view, document)


def _both(
    name: str,
    contents: bytes,
    target: str,
    wanted: data.Reading | None,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> tuple[View, dict[str, Any]]:
    """What the explorer shows of an upload, and what its printed command says of the user's file."""
    (folder / name).write_bytes(contents)
    uploads = folder / "uploads of the server"
    uploads.mkdir(exist_ok=True)
    path = _data.keep(name, contents, uploads)
    (view,) = _data.settle(str(path), name, target, wanted, "linear", None)
    monkeypatch.chdir(folder)
    python, dash, module, *words = shlex.split(view.command)
    assert (python, dash, module) == ("python", "-m", "sims.sweet_spot")
    assert sweet_spot.main([*words, "--json", "--jobs", "1", "--store", str(folder / "store")]) in (0, 1, 5)
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return view, document


def _same_numbers(view: View, document: dict[str, Any]) -> None:
    marks, band = parts(view, Marks)[0], parts(view, Band)[0]
    rows = [row for row in document["rows"] if row["n"] == document["config"]["n"]]
    for key, shown in (("measured", marks.y), ("low", band.low), ("high", band.high)):
        np.testing.assert_array_equal(shown, [row[key] for row in rows])


def test_the_reading_of_the_target_is_chosen_shown_and_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same ratings as seven classes and as numbers: other errors, each of them the command's."""
    contents = (CASES / "rating.csv").read_bytes()
    said = {
        "by itself": "Target 'y': 7 classes (3, 4, 5, 6, 7, 8, 9).",
        "classes": "Target 'y': 7 classes (3, 4, 5, 6, 7, 8, 9).",
        "numbers": "Target 'y': numbers, from 3 to 9.",
    }
    (knob,) = (knob for knob in _data.KNOBS if knob.name in _data.OF_FILES)
    assert isinstance(knob, Choice)
    assert set(knob.options) == set(said)
    measured = []
    for word, sentence in said.items():
        wanted = _data.reading(word)
        view, document = _both("rating.csv", contents, "y", wanted, tmp_path, monkeypatch, capsys)
        _same_numbers(view, document)
        assert f"data: {sentence}" in view.words
        assert sentence in document["reading"]
        assert document["config"]["as"] == wanted
        measured.append(parts(view, Marks)[0].y)
    np.testing.assert_array_equal(measured[0], measured[1])
    assert not np.any(np.isclose(measured[1], measured[2]))


def test_advice_on_the_reading_names_the_knob_and_no_option(tmp_path: Path) -> None:
    path = _data.keep("prices.csv", (CASES / "target_thousands.csv").read_bytes(), tmp_path)
    with pytest.raises(RefusedError, match=r"or read the column as classes$"):
        _data.check(path, "prices.csv", "y", None)
    path = _data.keep("good.csv", (CASES / "ok.csv").read_bytes(), tmp_path)
    with pytest.raises(RefusedError, match=r"are too many; read it as numbers$"):
        _data.check(path, "good.csv", "y", "classes")


def test_a_ready_command_has_the_name_of_the_users_file_in_quotes(tmp_path: Path) -> None:
    rows = "\n".join(f"{i},name {i},{i}.5" for i in range(30))
    path = _data.keep("a; $(touch x).csv", f"a,id,y\n{rows}".encode(), tmp_path)
    with pytest.raises(RefusedError) as refused:
        _data.check(path, "a; $(touch x).csv", "y", None)
    assert str(refused.value).endswith(
        "or leave out what is not read: python -m sims.sweet_spot 'a; $(touch x).csv' --target=y --drop=id"
    )


def test_prediction_and_measurement_are_in_sight_however_far_they_are_apart(tmp_path: Path) -> None:
    """A target that is 0 in all rows but few is predicted 100 times worse than most splits are."""
    path = _data.keep("zeros.csv", (CASES / "zero_inflated_target.csv").read_bytes(), tmp_path)
    (view,) = _data.settle(str(path), "zeros.csv", None, "numbers", "relu", None)
    predicted, measured = parts(view, Line)[0], parts(view, Marks)[0]
    assert np.median(predicted.y) > 10 * np.median(measured.y)
    low, high = view.charts[0].y_range
    for y in (predicted.y, measured.y):
        assert low < y.min() <= y.max() < high


REFUSED = {
    "target_inf": "an infinite value ('inf' in row 9)",
    "target_na_text": "2 missing values, first 'N/A' in row 9",
    "target_na_number": "2 missing values, first 'N/A' in row 9",
    "target_thousands": "a number with marks ('280,000' in row 2)",
    "unit_row": "text ('K' in row 2)",
}  # fmt: skip


@pytest.mark.parametrize("path", sorted(CASES.iterdir()), ids=lambda path: path.stem)
def test_every_case_is_read_in_sentences_or_refused_in_one_line(path: Path, tmp_path: Path) -> None:
    told, refused = [], ""
    try:
        kept = _data.keep(path.name, path.read_bytes(), tmp_path)
        told = _data.check(kept, path.name, _data.targets(kept)[0], None)
    except RefusedError as refusal:
        refused = str(refusal)
    if path.stem in REFUSED:
        assert refused.startswith(path.name)
        assert REFUSED[path.stem] in refused
    else:
        assert not refused
        assert told == data.told(data.load(str(path)))


def test_a_folder_of_uploads_does_not_grow_for_ever(tmp_path: Path) -> None:
    for i in range(_data.MOST_FILES):
        (tmp_path / f"{i}.csv").touch()
    with pytest.raises(RefusedError, match="the explorer keeps 100 files already"):
        _data.keep("one.csv", _table(), tmp_path)


def test_a_file_is_predicted_and_checked(tmp_path: Path) -> None:
    path = _data.keep("houses.csv", _table(120), tmp_path)
    assert _data.targets(path) == ("y", "x0", "x1", "x2")
    (view,) = _data.settle(str(path), "houses.csv", "x1", None, "linear", None)
    assert view.command.startswith("python -m sims.sweet_spot houses.csv --target x1 --features linear")
    assert str(tmp_path) not in _page.page(view) + view.command
    assert len(parts(view, Marks)[0].x) >= 2
    with pytest.raises(RefusedError, match=r"^target = none is no column of houses\.csv"):
        next(_data.settle(str(path), "houses.csv", "none", None, "linear", None))
