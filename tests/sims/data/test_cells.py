"""Kinds of what people write into cells: variants of each, beside words that mean themselves."""

import re
from pathlib import Path

import numpy as np
import pytest

from sims import data
from sims.data import cells


def _file(path: Path, rows: list[str], header: str = "a,b,y") -> str:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return str(path)


def _rows(*targets: str, separator: str = ",") -> list[str]:
    """Thirty rows of two good inputs, with these targets in turn."""
    rng = np.random.default_rng(1)
    return [
        separator.join([f"{a:.3f}", f"{b:.3f}", targets[i % len(targets)]])
        for i, (a, b) in enumerate(rng.standard_normal((30, 2)))
    ]


MARKERS = (
    "", "?", "-", "--", ".", "...", "–", "NA", "N/A", "n/a", "#N/A", "#NA", "<NA>", "N.A.", "NaN", "-nan",
    "+NaN", "NULL", "None", "nil", "(none)", "missing", "#VALUE!", "#DIV/0!", "#REF!", "#NAME?", "1.#QNAN",
    "-1.#IND", "NaT", "not available",
)  # fmt: skip


@pytest.mark.parametrize("marker", MARKERS)
@pytest.mark.parametrize("others", [("lo", "hi"), ("1.5", "2.5"), ("3", "4")])
def test_markers_of_missing_values_are_no_classes(
    marker: str, others: tuple[str, ...], tmp_path: Path
) -> None:
    rows = [*_rows(*others), f"0.1,0.2,{marker}"]
    with pytest.raises(
        ValueError, match=re.escape(f"column 'y': 1 missing values, first {marker!r} in row 32")
    ):
        data.load(_file(tmp_path / "a.csv", rows))


@pytest.mark.parametrize("names", [("+", "-"), ("nano", "kilo"), ("Rome", "Nancy"), (">50K", "<=50K")])
def test_words_that_mean_themselves_are_classes(names: tuple[str, ...], tmp_path: Path) -> None:
    assert data.load(_file(tmp_path / "a.csv", _rows(*names))).classes == tuple(sorted(names))


DISGUISES = (
    "1'234", "1’234", "1 234", "1\u00a0234", "1.234.567", "12%", "12 %", "$5", "€ 5.50", "(5)", "−5", "1_000",
    "1d5", "٣", '"1,234"', '"1,5"', '"1,234,567.8"',
)  # fmt: skip


@pytest.mark.parametrize("text", DISGUISES)
def test_numbers_with_marks_are_neither_classes_nor_numbers(text: str, tmp_path: Path) -> None:
    shown = repr(text.strip('"'))
    path = _file(tmp_path / "a.csv", _rows(text, "5"))
    with pytest.raises(ValueError, match=re.escape(f"column 'y': a number with marks ({shown} in row 2)")):
        data.load(path)
    with pytest.raises(ValueError, match=re.escape(f"column 'y': a number with marks ({shown} in row 2)")):
        data.load(path, reading="numbers")
    assert len(data.load(path, reading="classes").classes or ()) == 2
    with pytest.raises(ValueError, match=re.escape(f"column 'b': a number with marks ({shown} in row 32)")):
        data.load(_file(tmp_path / "b.csv", [*_rows("1.5", "2"), f"1,{text},2"]))


@pytest.mark.parametrize("text", ["inf", "-Inf", "Infinity", "1e999"])
def test_infinity_is_named_with_its_row(text: str, tmp_path: Path) -> None:
    rows = _rows("1.5", "2.5", "3")
    for row, column in ((f"1,2,{text}", "y"), (f"1,{text},2", "b")):
        with pytest.raises(
            ValueError, match=re.escape(f"column '{column}': an infinite value ('{text}' in row 32)")
        ):
            data.load(_file(tmp_path / "a.csv", [*rows, row]))


def test_numbers_and_texts_in_one_target_are_told_apart(tmp_path: Path) -> None:
    path = _file(tmp_path / "a.csv", _rows("1", "2", "many"))
    with pytest.raises(
        ValueError,
        match=re.escape(
            "column 'y': text ('many' in row 4) beside numbers ('1' in row 2); write plain numbers, or"
        ),
    ):
        data.load(path)
    assert data.load(path, reading="classes").classes == ("1", "2", "many")
    with pytest.raises(ValueError, match=re.escape("column 'y': text ('a' in row 2); write plain numbers")):
        data.load(_file(tmp_path / "b.csv", _rows("a", "b")), reading="numbers")


def test_numbers_that_are_asked_for_as_classes(tmp_path: Path) -> None:
    found = data.load(_file(tmp_path / "a.csv", _rows("0.5", "1000000", "1000001")), reading="classes")
    assert found.classes == ("0.5", "1000000", "1000001")
    many = _file(tmp_path / "b.csv", _rows(*(f"{i}.5" for i in range(16))))
    with pytest.raises(ValueError, match="column 'y': 16 classes in 30 rows are too many"):
        data.load(many, reading="classes")
    with pytest.raises(ValueError, match="--as = numbers: digits has a target of its own"):
        data.load("digits", reading="numbers")


@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_commas_are_read_where_they_can_be_nothing_else(separator: str, tmp_path: Path) -> None:
    header = separator.join("aby")
    plain = _rows("1.25", "-3e-2", "100")
    known = data.load(_file(tmp_path / "a.csv", [row.replace(",", separator) for row in plain], header))
    commas = [row.replace(",", separator).replace(".", ",") for row in plain]
    found = data.load(_file(tmp_path / "b.csv", commas, header))
    assert np.array_equal(found.X, known.X)
    assert np.array_equal(found.y, known.y)
    with pytest.raises(ValueError, match=r"numbers with commas \('.*'\) and with points \('1\.234'\)"):
        data.load(_file(tmp_path / "c.csv", [*commas, separator.join(["1,5", "1.234", "2"])], header))
    with pytest.raises(ValueError, match="'1,234' has a decimal comma or a mark of thousands"):
        data.load(
            _file(
                tmp_path / "d.csv", [separator.join([f"{i}", f"{i * i}", "1,234"]) for i in range(30)], header
            )
        )


def test_a_comma_in_quotes_and_a_semicolon_in_a_text_separate_nothing(tmp_path: Path) -> None:
    found = data.load(_file(tmp_path / "a.csv", _rows('"lo, or less"', "hi; or more")))
    assert found.classes == ("hi; or more", "lo, or less")
    assert found.notes == ()


def test_a_comma_in_a_quoted_name_separates_nothing(tmp_path: Path) -> None:
    rows = [row.replace(",", ";") for row in _rows("1.5", "2")]
    found = data.load(_file(tmp_path / "a.csv", rows, '"x, in m";"y; in m";z'))
    assert found.columns == ("x, in m", "y; in m")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("5.1,3.5,setosa", "the first row holds numbers ('5.1'), not names"),
        ("5,3,A", "the first row holds numbers ('5'), not names"),
        ("-1,b,y", "the first row holds numbers ('-1'), not names"),
        (",b,y", "column 'column 1': the first row has no name for it; give it one; or leave out"),
        ("a,a,y", "two columns are called 'a'"),
    ],
)
def test_a_first_row_that_holds_no_names_is_not_lost(header: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        data.load(_file(tmp_path / "a.csv", _rows("lo", "hi"), header))


def test_names_that_count_are_names_and_said(tmp_path: Path) -> None:
    found = data.load(_file(tmp_path / "a.csv", _rows("1.5", "2"), "2019,2020,y"))
    assert found.columns == ("2019", "2020")
    assert data.told(found)[1:] == ["The first row is taken for names, though 2019, 2020 could be numbers."]


def test_rows_are_counted_as_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n\na,b,y\n\n" + "\n".join(_rows("1.5", "2")) + "\n1,2,x\n", encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape("('x' in row 35)")):
        data.load(str(path))


def test_an_open_quote_swallows_no_rows(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a CSV file in UTF-8"):
        data.load(_file(tmp_path / "a.csv", [*_rows("1.5", "2"), '1,"2,3', *_rows("1.5", "2")]))


def test_every_float_that_python_prints_is_a_number() -> None:
    rng = np.random.default_rng(0)
    for value in rng.standard_normal(500) * 10.0 ** rng.integers(-300, 300, 500):
        for text in (repr(float(value)), f"{value:g}", f"{value:+.3E}"):
            assert cells.is_number(text)
            assert not cells.is_disguised(text)
