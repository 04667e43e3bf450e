"""One table in every kind of file: the same numbers, and what was done with it is said."""

import gzip
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sims import data
from sims.data import named
from sims.sweet_spot import command

pd = pytest.importorskip("pandas")
pytest.importorskip("sklearn")


def _frame(rows: int = 40) -> "pd.DataFrame":
    """Numbers, some missing; categories, some missing; dates; truth values; a target of numbers."""
    rng = np.random.default_rng(0)
    area = rng.uniform(30, 200, rows).round(2)
    frame = pd.DataFrame(
        {
            "area": np.where(np.arange(rows) % 9 == 4, np.nan, area),
            "town": np.where(np.arange(rows) % 11 == 3, None, rng.choice(["Bern", "Oslo", "Rome"], rows)),
            "sold": pd.date_range("2020-01-30", periods=rows, freq="36h"),
            "lift": rng.random(rows) < 0.5,
            "price": (area * 1.5 + rng.standard_normal(rows)).round(3),
        }
    )
    return frame


SAID = [
    "Column 'area': 4 missing values, first {} in row {}; they become the mean of the training rows, and a "
    "column of 0 and 1 says where they are.",
    "Column 'town': 4 categories (Bern, Oslo, Rome, ...), read as 4 columns of 0 and 1; 4 missing values, "
    "first '' in row {}, are one of them.",
    "Column 'sold' holds dates (year-month-day): it is read as days since 1970-01-01.",
    "Column 'lift': 2 categories (False, True), read as 0 and 1.",
]


def _said(first: str, row: int, other: int, *before: str) -> list[str]:
    count = " (from 0)" if row == 4 else ""
    number, town, *others = SAID
    return [*before, number.format(first, f"{row}{count}"), town.format(f"{other}{count}"), *others]


def _csv(path: Path, **options: object) -> Path:
    _frame().to_csv(path, index=False, **options)
    return path


def _packed(path: Path) -> Path:
    path.write_bytes(gzip.compress(_frame().to_csv(index=False).encode()))
    return path


def _windows(path: Path) -> Path:
    path.write_bytes(_frame().to_csv(index=False).replace("Bern", "Bérn").encode("cp1252"))
    return path


def _numbered(path: Path) -> Path:
    _frame().to_csv(path)
    return path


def _xlsx(path: Path) -> Path:
    pytest.importorskip("openpyxl", reason="openpyxl, of the extra xlsx, is not installed")
    _frame().to_excel(path, index=False)
    return path


def _parquet(path: Path) -> Path:
    pytest.importorskip("pyarrow")
    _frame().to_parquet(path)
    return path


SEMICOLONS, COMMAS = "Cells are separated by semicolons.", "Commas in numbers are decimal commas."
KINDS: dict[str, tuple[str, Callable[[Path], Path], list[str]]] = {
    "commas": ("a.csv", _csv, _said("''", 6, 5)),
    "byte order mark": ("a.csv", lambda path: _csv(path, encoding="utf-8-sig"), _said("''", 6, 5)),
    "UTF-16": ("a.csv", lambda path: _csv(path, encoding="utf-16"), _said("''", 6, 5)),
    "letters of Windows": (
        "a.csv",
        _windows,
        _said("''", 6, 5, "The file is not in UTF-8: its letters are read as Windows-1252."),
    ),
    "word for missing": ("a.csv", lambda path: _csv(path, na_rep="N/A"), []),
    "semicolons": ("a.csv", lambda path: _csv(path, sep=";"), _said("''", 6, 5, SEMICOLONS)),
    "decimal commas": (
        "a.csv",
        lambda path: _csv(path, sep=";", decimal=","),
        _said("''", 6, 5, SEMICOLONS, COMMAS),
    ),
    "decimal commas and German dates": (
        "a.csv",
        lambda path: _csv(path, sep=";", decimal=",", date_format="%d.%m.%Y %H:%M"),
        [],
    ),
    "American dates": ("a.csv", lambda path: _csv(path, date_format="%m/%d/%Y %H:%M"), []),
    "dates of the world": ("a.csv", lambda path: _csv(path, date_format="%Y-%m-%dT%H:%M:%SZ"), []),
    "bars": (
        "a.csv",
        lambda path: _csv(path, sep="|"),
        _said("''", 6, 5, "Cells are separated by bars."),
    ),
    "tsv": ("a.tsv", lambda path: _csv(path, sep="\t"), _said("''", 6, 5)),
    "spaces": ("a.txt", lambda path: _csv(path, sep=" ", na_rep="NA", date_format="%Y-%m-%dT%H:%M"), []),
    "gz": ("a.csv.gz", _packed, _said("''", 6, 5)),
    "numbered rows": (
        "a.csv",
        _numbered,
        _said("''", 6, 5, "Column 1 of 6 is left out: it has no name and numbers the rows."),
    ),
    "xlsx": ("a.xlsx", _xlsx, _said("''", 6, 5)),
    "parquet": ("a.parquet", _parquet, _said("nan", 4, 3)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_gives_the_numbers_of_the_frame(kind: str, tmp_path: Path) -> None:
    name, write, said = KINDS[kind]
    known = data.from_arrays(_frame().drop(columns="price"), _frame()["price"])
    found = data.load(str(write(tmp_path / name)))
    assert tuple(name.replace("Bérn", "Bern") for name in found.columns) == known.columns
    assert np.array_equal(found.X, known.X, equal_nan=True)
    assert np.array_equal(found.y, known.y)
    if said:
        assert [line.replace("Bérn", "Bern") for line in data.told(found)[1:]] == said


def test_the_frame_is_encoded_as_it_says() -> None:
    frame = _frame()
    found = data.from_arrays(frame.drop(columns="price"), frame["price"])
    inputs = dict(zip(found.columns, found.X.T, strict=True))
    gap = frame["area"].isna()
    assert np.array_equal(inputs["area"], frame["area"], equal_nan=True)
    assert np.array_equal(inputs["area is missing"], gap)
    for town in ("Bern", "Oslo", "Rome"):
        assert np.array_equal(inputs[f"town = {town}"], frame["town"] == town)
    assert np.array_equal(inputs["town = missing"], frame["town"].isna())
    assert np.allclose(np.diff(inputs["sold"]), 1.5)
    assert inputs["sold"][0] == 18291  # of 50 years and 29 days, 12 of them leap years
    assert np.array_equal(inputs["lift = True"], frame["lift"])


def test_gaps_are_filled_from_the_training_rows_alone() -> None:
    """As scikit-learn's own pipeline does that is fitted to the training rows."""
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    frame = _frame(200)
    frame["sold"] = (frame["sold"] - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
    frame["town"] = frame["town"].fillna("missing")
    pipeline = make_pipeline(
        make_column_transformer(
            (SimpleImputer(add_indicator=True), ["area"]),
            (OneHotEncoder(drop="if_binary", sparse_output=False), ["town"]),
            ("passthrough", ["sold"]),
            (OneHotEncoder(drop="if_binary", sparse_output=False), ["lift"]),
        ),
        StandardScaler(),
    )
    frame["row"] = np.arange(len(frame)) * 1.0  # tells which rows were drawn
    found = data.from_arrays(frame.drop(columns="price"), frame["price"])
    parts = data.split(found, 120, seed=0)
    place = found.columns.index("row")
    order = np.argsort(np.argsort(np.concatenate([parts.X[:, place], parts.X_test[:, place]])))
    pipeline.fit(frame.iloc[order[:120]])
    for part, rows in ((parts.X, order[:120]), (parts.X_test, order[120:])):
        known = pipeline.transform(frame.iloc[rows])
        assert np.allclose(np.delete(part, place, axis=1), known, rtol=1e-10, atol=1e-10)


def test_rare_categories_share_a_column(tmp_path: Path) -> None:
    towns = ["A", "B", "C"] * 100 + ["D", "E"]
    frame = pd.DataFrame({"town": towns, "y": np.arange(302.0)})
    found = data.from_arrays(frame[["town"]], frame["y"])
    assert found.columns == ("town = A", "town = B", "town = C", "town = a rare one")
    assert found.X.sum(axis=0).tolist() == [100, 100, 100, 2]
    assert "2 of them in less than 1 % of the rows share one" in data.told(found)[1]


def test_categories_take_no_memory_that_the_file_does_not_show() -> None:
    words = [f"{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(50)]
    frame = pd.DataFrame({f"c{i}": words[i:] + words[:i] for i in range(50)})
    frame = pd.concat([frame] * 3, ignore_index=True)
    with pytest.raises(
        ValueError, match=r"^X: 10 problems: \(1\) column 'c40': with it, categories would make"
    ):
        data.from_arrays(frame, np.arange(150) / 7)
    assert data.from_arrays(frame.iloc[:, :40], np.arange(150) / 7).X.shape == (150, 2000)


def test_what_says_nothing_is_left_out_and_said() -> None:
    frame = _frame()
    frame["land"], frame["tax"], frame["note"] = "CH", 7, None
    frame["old"] = np.where(np.arange(len(frame)) < 5, np.nan, 1.0)
    found = data.from_arrays(frame.drop(columns="price"), frame["price"])
    known = data.from_arrays(_frame().drop(columns="price"), frame["price"])
    assert found.columns == (*known.columns, "old is missing")
    assert [note for note in data.told(found) if "left out" in note] == [
        "Column 'land' is left out: it is 'CH' in every row.",
        "Column 'tax' is left out: it is 7 in every row.",
        "Column 'note' is left out: every entry is missing.",
    ]
    assert "all others are 1, so that only" in data.told(found)[-1]


def test_all_problems_of_a_file_are_in_one_message_with_a_command_that_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame = _frame()
    frame["name"] = [f"house {i}" for i in range(len(frame))]
    frame["floor"] = ["1", "2", "ground", "3"] * 10
    frame["cost in $"] = [f"{i},000" for i in range(len(frame))]
    path = tmp_path / "my houses.csv"
    frame.to_csv(path, index=False)
    words = [str(path), "--target=price", "--quick", "--points=2", "--trials=2", "--jobs=1", "--json"]
    assert command.main(words) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    for problem in (
        "3 problems: ",
        "column 'name': 40 texts in 40 rows are no categories",
        "column 'floor': text ('ground' in row 4) beside numbers ('1' in row 2)",
        "column 'cost in $': a number with marks ('0,000' in row 2)",
    ):
        assert problem in line
    ready = re.search(r"leave out what is not read: (python .*)\n", line)
    assert ready is not None
    python, _, module, *asked = shlex.split(ready[1])
    assert (python, module) == ("python", "sims.sweet_spot")
    assert command.parser().parse_args(asked).drop == ["name", "floor", "cost in $"]
    found = data.load(str(path), "price", drop=("name", "floor", "cost in $"))
    assert "Left out as asked: name, floor, cost in $." in data.told(found)
    known = data.from_arrays(_frame().drop(columns="price"), frame["price"])
    assert np.array_equal(found.X, known.X, equal_nan=True)


def test_problems_of_rows_names_and_columns_come_together(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f"{i},{i * i},{i % 7}" for i in range(30)]
    path.write_text("\n".join(["a,a,y", *rows, "1,2", "3", "1,x,2", "1,2,inf"]))
    with pytest.raises(ValueError, match=r"4 problems") as raised:
        data.load(str(path))
    for problem in (
        "row 32: 2 entries for 3 columns, and 1 more rows like it",
        "two columns are called 'a'",
        "column 'a': text ('x' in row 34) beside numbers ('0' in row 2)",
        "column 'y': an infinite value ('inf' in row 35)",
        "; and once the rest is mended leave out what is not read: python -m sims.sweet_spot",
    ):
        assert problem in str(raised.value)


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (["01/02/2020", "03/04/2020"], "dates that may be day/month/year or month/day/year"),
        (["2020-02-28", "2020-02-30"], "dates that no one order of day, month and year reads"),
        (["2020-02-28", "28.02.2020"], "dates that no one order of day, month and year reads"),
    ],
)
def test_dates_that_can_be_read_in_two_ways_or_none_are_refused(
    texts: list[str], problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["when,y", *(f"{texts[i % 2]},{i}.5" for i in range(30))]))
    with pytest.raises(ValueError, match=re.escape(f"column 'when': {problem}")):
        data.load(str(path))


def test_the_logarithm_of_a_target(tmp_path: Path) -> None:
    path = _csv(tmp_path / "a.csv")
    found, known = data.load(str(path), log_target=True), data.load(str(path))
    assert np.array_equal(found.y, np.log(known.y))
    assert data.told(found)[0].startswith("Target 'log price': numbers, from ")
    path = tmp_path / "b.csv"
    path.write_text("\n".join(["a,y", *(f"{i}.5,{i}" for i in range(30))]))
    with pytest.raises(ValueError, match=r"'y': a number without a logarithm \('0' in row 2\)"):
        data.load(str(path), log_target=True)
    with pytest.raises(ValueError, match="--log-target needs numbers"):
        data.load(str(path), reading="classes", log_target=True)


def test_options_that_name_no_column(tmp_path: Path) -> None:
    path = str(_csv(tmp_path / "a.csv"))
    with pytest.raises(ValueError, match="--drop = x is no column of "):
        data.load(path, drop=["x"])
    with pytest.raises(ValueError, match="--drop = price is the target"):
        data.load(path, drop=["price"])
    with pytest.raises(ValueError, match="--drop = age: diabetes has a target of its own"):
        data.load("diabetes", drop=["age"])


def test_broken_files_are_one_line(tmp_path: Path) -> None:
    for name, words in (("a.csv.gz", "not a file packed by gzip"), ("a.parquet", "not a Parquet file")):
        (tmp_path / name).write_bytes(b"no such thing")
        with pytest.raises(ValueError, match=words) as raised:
            data.load(str(tmp_path / name))
        assert "\n" not in str(raised.value)


def test_a_broken_or_many_sheeted_xlsx(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl", reason="openpyxl, of the extra xlsx, is not installed")
    (tmp_path / "a.xlsx").write_bytes(b"no such thing")
    with pytest.raises(ValueError, match="not an XLSX file"):
        data.load(str(tmp_path / "a.xlsx"))
    with pd.ExcelWriter(tmp_path / "b.xlsx") as book:
        _frame().to_excel(book, sheet_name="sales", index=False)
        _frame(3).to_excel(book, sheet_name="other", index=False)
    found = data.load(str(tmp_path / "b.xlsx"))
    assert "Sheet 'sales' is read, the first of 2." in data.told(found)


@pytest.mark.parametrize(("name", "extra"), [("a.xlsx", "xlsx"), ("a.parquet", "parquet"), ("a.csv", "data")])
def test_a_missing_package_is_named_with_its_extra(
    name: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _csv(tmp_path / name)
    monkeypatch.setattr(named, "find_spec", lambda package: None)
    with pytest.raises(data.MissingExtraError, match=re.escape(f"pip install 'overparam[{extra}]'")):
        data.load(str(tmp_path / name))
