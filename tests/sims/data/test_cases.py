"""Files as people have them, in `cases`: each gives the right numbers, or one line that names the fault."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from sims import data
from sims.sweet_spot import command

CASES = Path(__file__).parent / "cases"


def _table(name: str) -> np.ndarray:
    return np.loadtxt(CASES / name, delimiter=",", skiprows=1)


def _path(name: str) -> str:
    return str(CASES / f"{name}.csv")


def test_every_case_is_named_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert not [path.name for path in CASES.iterdir() if f'"{path.stem}"' not in text]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ok", []),
        ("cr_only", []),
        ("semicolon", ["Cells are separated by semicolons."]),
        (
            "semicolon_decimal_comma",
            ["Cells are separated by semicolons.", "Commas in numbers are decimal commas."],
        ),
        ("trailing_comma", ["Column 6 of 6 is left out: it has neither a name nor an entry."]),
    ],
)
def test_the_same_rows_are_read_however_they_are_written(name: str, said: list[str]) -> None:
    found, known = data.load(str(CASES / f"{name}.csv")), _table("ok.csv")
    assert np.array_equal(np.column_stack([found.X, found.y]), known)
    assert data.columns(CASES / f"{name}.csv") == ("a", "b", "c", "e", "y")
    assert data.told(found) == ["Target 'y': numbers, from -6.34 to 6.3.", *said]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("target_inf", "column 'y': an infinite value ('inf' in row 9)"),
        ("target_na_text", "column 'y': 2 missing values, first 'N/A' in row 9"),
        ("target_na_number", "column 'y': 2 missing values, first 'N/A' in row 9"),
        ("target_thousands", "column 'y': a number with marks ('280,000' in row 2)"),
        ("unit_row", "column 'y': text ('K' in row 2)"),
    ],
)
def test_what_is_refused_is_named_in_one_line(
    name: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([str(CASES / f"{name}.csv"), "--json"]) == 2
    assert re.fullmatch(rf"error: .*{re.escape(message)}.*\n", capsys.readouterr().err)


def test_a_file_without_names_loses_no_row() -> None:
    found = data.load(_path("no_header"))
    known = np.loadtxt(_path("no_header"), delimiter=",")
    assert np.array_equal(np.column_stack([found.X, found.y]), known)
    assert data.told(found)[1:] == [
        "There is no line of names: the columns are called 1 to 5, by their places."
    ]
    assert np.array_equal(data.load(_path("no_header"), "2").y, known[:, 1])


@pytest.mark.parametrize("target", ["class", "first"])
def test_the_target_may_stand_first(target: str) -> None:
    found = data.load(_path("target_first_text"), target)
    assert data.told(found) == ["Target 'class': 2 classes (B, M)."]
    assert found.columns == ("a", "b", "c", "e")


def test_a_class_among_the_inputs_is_encoded_and_said() -> None:
    found = data.load(_path("target_first_text"))
    assert found.columns == ("class = M", "a", "b", "c")
    texts = [line.partition(",")[0] for line in Path(_path("target_first_text")).read_text().splitlines()[1:]]
    assert (found.X[:, 0] == 1).tolist() == [text == "M" for text in texts]
    assert "Column 'class': 2 categories (B, M), read as 0 and 1." in data.told(found)


def test_how_a_rating_is_read_is_said_and_can_be_chosen() -> None:
    path = str(CASES / "rating.csv")
    known = _table("rating.csv")[:, -1]
    for reading in (None, "classes"):
        found = data.load(path, reading=reading)  # type: ignore[arg-type]
        assert data.told(found) == ["Target 'y': 7 classes (3, 4, 5, 6, 7, 8, 9)."]
        assert np.array_equal(found.y + 3, known)
    found = data.load(path, reading="numbers")
    assert data.told(found) == ["Target 'y': numbers, from 3 to 9."]
    assert np.array_equal(found.y, known)


def test_texts_and_their_codes_are_classes_and_numbers() -> None:
    texts, codes = (data.load(str(CASES / f"{name}.csv")) for name in ("grade_text", "grade_code"))
    assert np.array_equal(texts.X, codes.X)
    assert (len(texts.classes or ()), codes.classes) == (12, None)
    assert data.load(str(CASES / "grade_code.csv"), reading="classes").classes == tuple(
        str(code) for code in range(12)
    )


def test_units_change_no_number() -> None:
    known = data.split(data.load(str(CASES / "ok.csv")), 90, seed=3)
    for name in ("huge", "huge_target"):
        found = data.split(data.load(str(CASES / f"{name}.csv")), 90, seed=3)
        for part, same in zip(found, known, strict=True):
            assert np.allclose(part, same, rtol=1e-12, atol=1e-12)


def test_the_length_of_a_name_changes_no_number(tmp_path: Path) -> None:
    shutil.copy(CASES / "ok.csv", tmp_path / "a copy with a longer name.csv")
    one, other = (data.load(str(path)) for path in (CASES / "ok.csv", *tmp_path.iterdir()))
    for part, same in zip(data.split(one, 90, 0), data.split(other, 90, 0), strict=True):
        assert np.array_equal(part, same)


def test_a_nearly_constant_column_stays_of_order_one() -> None:
    found = data.load(str(CASES / "near_constant.csv"))
    odd = int(np.flatnonzero(found.X[:, 0] == 0.2)[0])
    beyond = 0
    for seed in range(20):
        parts = data.split(found, 60, seed)
        if np.all(parts.X[:, 0] == 0):
            beyond += 1
            assert sorted(parts.X_test[:, 0])[-2:] == [0, 1]
        else:  # the odd row of 60 is sqrt(59) standard deviations off
            assert parts.X[:, 0].max() == pytest.approx(np.sqrt(59))
    assert 0 < beyond < 20
    assert found.X[odd, 0] == 0.2


def test_a_target_of_one_odd_row_is_in_every_training_set() -> None:
    found = data.load(str(CASES / "zero_inflated_target.csv"), reading="numbers")
    for seed in range(20):
        parts = data.split(found, 60, seed)
        assert parts.Y.std() == pytest.approx(1)
        assert np.ptp(parts.Y_test) == 0


@pytest.mark.jit
@pytest.mark.parametrize(
    "words",
    [
        ["near_constant", "--n", "60", "--seed", "1"],
        ["zero_inflated_target", "--n", "96", "--trials", "30"],
        ["huge"],
        ["huge_target"],
        ["rating", "--as", "numbers"],
    ],
)
def test_the_command_ends_with_a_result(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    name, *options = words
    quick = ["--quick", "--points", "3", "--jobs", "1", "--json"]
    assert command.main([str(CASES / f"{name}.csv"), *quick, *options]) in (0, 1, 5)
    document = json.loads(capsys.readouterr().out)
    assert document["reading"][0].startswith("Target 'y': numbers")
    if name.startswith(("huge", "near")):
        assert all(row["measured"] < 3 for row in document["rows"])


@pytest.mark.jit
def test_the_command_says_how_the_target_was_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--quick", "--points", "2", "--trials", "2", "--jobs", "1", "--no-plot", "--out", str(tmp_path)]
    command.main([str(CASES / "rating.csv"), *words])
    assert "data: Target 'y': 7 classes (3, 4, 5, 6, 7, 8, 9)." in capsys.readouterr().out
    command.main([str(CASES / "rating.csv"), *words, "--as", "numbers"])
    out = capsys.readouterr().out
    assert "data: Target 'y': numbers, from 3 to 9." in out
    assert "--as numbers" in out
