"""What pandas writes is read the same: any frame through any kind of file, against the frame itself."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sims import data
from sims.data import Data

pd = pytest.importorskip("pandas")
pytest.importorskip("sklearn")

ROWS = 24
NUMBERS = st.floats(-1e307, 1e307)
WORDS = st.sampled_from(["red", "dark green", "sky; or sea", 'a "b"', "Zürich", "x|y", "<=50K", "a\tb"])
DAYS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(lambda time: time.replace(microsecond=0))


@st.composite
def frames(draw: st.DrawFn) -> "pd.DataFrame":
    """A column of each kind in any order, each with a few entries in turn, and a target of numbers."""
    turn = np.random.default_rng(draw(st.integers(0, 2**32)))

    def column(entries: st.SearchStrategy[Any], gaps: bool = True) -> list[Any]:
        few = draw(st.lists(entries | st.none() if gaps else entries, min_size=1, max_size=5))
        return [few[i] for i in turn.integers(len(few), size=ROWS)]

    frame = pd.DataFrame(
        {
            "numbers": pd.Series(column(NUMBERS), dtype=float),
            "whole": pd.Series(column(st.integers(-(10**6), 10**6)), dtype="Int64"),
            "words": pd.Series(column(WORDS), dtype=object),
            "days": pd.to_datetime(pd.Series(column(DAYS), dtype=object)),
            "truth": column(st.booleans(), gaps=False),
        }
    )
    frame = frame[draw(st.permutations(list(frame.columns)))]
    return frame.assign(y=np.arange(ROWS) + draw(st.floats(0.01, 0.99)))


def _same(path: Path, frame: "pd.DataFrame", rounding: float = 0.0) -> None:
    """The file has the numbers of the frame, or neither can be used, for the same reason."""
    known = _read(lambda: data.from_arrays(frame.drop(columns="y"), frame["y"]))
    found = _read(lambda: data.load(str(path)))
    if isinstance(known, str) or isinstance(found, str):
        assert found == known
        return
    assert (found.columns, found.classes) == (known.columns, known.classes)
    np.testing.assert_allclose(found.X, known.X, rtol=rounding, atol=0)
    np.testing.assert_allclose(found.y, known.y, rtol=rounding, atol=0)


def _read(read: Callable[[], Data]) -> Data | str:
    """A data set, or what is wrong with it."""
    try:
        return read()
    except ValueError as error:
        return str(error).partition(": ")[2].partition("; or leave out")[0]


@settings(max_examples=40, deadline=None)
@given(frames(), st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["", ".gz"]))
def test_texts(frame: "pd.DataFrame", separator: str, packed: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a.csv{packed}"
        frame.to_csv(path, sep=separator, index=False)
        _same(path, frame)


@settings(max_examples=40, deadline=None)
@given(frames())
def test_decimal_commas(frame: "pd.DataFrame") -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        frame.to_csv(path, sep=";", decimal=",", index=False)
        _same(path, frame)


@settings(max_examples=30, deadline=None)
@given(frames())
def test_parquet(frame: "pd.DataFrame") -> None:
    pytest.importorskip("pyarrow")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.parquet"
        frame.to_parquet(path)
        _same(path, frame)


@settings(max_examples=20, deadline=None)
@given(frames())
def test_xlsx(frame: "pd.DataFrame") -> None:
    pytest.importorskip("openpyxl", reason="openpyxl, of the extra xlsx, is not installed")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        frame.to_excel(path, index=False)
        _same(path, frame, rounding=1e-15)  # the sheet has 16 digits


@settings(max_examples=40, deadline=None)
@given(frames(), st.integers(0, 100))
def test_a_split_of_any_frame_is_finite_and_seeded(frame: "pd.DataFrame", seed: int) -> None:
    known = _read(lambda: data.from_arrays(frame.drop(columns="y"), frame["y"]))
    if isinstance(known, str):
        return
    try:
        one, other = (data.split(known, 16, seed) for _ in range(2))
    except data.SplitError:
        return  # a value for testing is too far away
    for part, same in zip(one, other, strict=True):
        assert np.isfinite(part).all()
        assert np.array_equal(part, same)


def test_arrays_are_read_as_frames_are() -> None:
    rng = np.random.default_rng(0)
    X, words = rng.standard_normal((30, 2)), rng.choice(["a", "b", "c"], 30)
    found = data.from_arrays(X, words)
    assert found.classes == ("a", "b", "c")
    assert np.array_equal(found.X, X)
    assert found.columns == ("X[:, 0]", "X[:, 1]")
    mixed = data.from_arrays(np.column_stack([X.astype(object), words]), X[:, 0])
    assert mixed.columns == ("X[:, 0]", "X[:, 1]", *(f"X[:, 2] = {word}" for word in "abc"))
    assert np.array_equal(mixed.X[:, :2], X)
    ten = data.from_arrays(X, rng.integers(0, 5, 30), reading="numbers", name="houses")
    assert (ten.classes, ten.name, ten.target) == (None, "houses", "y")


def test_a_frame_says_which_numbers_are_categories() -> None:
    codes = np.arange(30) % 3
    frame = pd.DataFrame({"code": codes, "kind": pd.Categorical(np.where(codes == 1, None, codes * 1.5))})
    found = data.from_arrays(frame, np.arange(30.0) ** 2)
    assert found.columns == ("code", "kind = 0.0", "kind = 3.0", "kind = missing")
    assert np.array_equal(found.X[:, 1:].argmax(axis=1), np.array([0, 2, 1])[codes])


def test_what_python_gives_and_cannot_be_used_is_named() -> None:
    X, y = np.random.default_rng(0).standard_normal((30, 2)), np.arange(30.0)
    for inputs, target, words in (
        (X, y[:29], r"X of shape \(30, 2\) and y of shape \(29,\)"),
        (X, X, r"give one target for each row"),
        (X[:, :, None], y, "X has 3 dimensions"),
        (X + 1j, y, r"column 'X\[:, 0\]': complex128"),
        (np.where(X == X[3, 1], np.inf, X), y, r"'X\[:, 1\]': an infinite value \(inf in row 3 \(from 0\)\)"),
        (pd.DataFrame({"u": y, "y": y}), y, "two columns are called 'y'"),
    ):
        with pytest.raises(ValueError, match=words):
            data.from_arrays(inputs, target)
    names = pd.DataFrame({"u": y, "name": [f"n{i}" for i in range(30)]})
    with pytest.raises(ValueError, match=r"leave out what is not read: X\.drop\(columns=\['name'\]\)"):
        data.from_arrays(names, y)
