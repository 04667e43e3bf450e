"""python -m sims.store: what it lists, exports and deletes, and what it says of wrong options."""

import csv
import sys
from pathlib import Path

import numpy as np
import pytest

from sims.store import command as store_command
from sims.trials.fingerprint import Provenance
from sims.trials.store import Result, opened

PEAK = Provenance("peak", {"n": 3}, seed=0)


def _fill(path: Path, trials: int = 20) -> None:
    with opened(path) as kept:
        kept.add(PEAK, [Result(i, np.array([i, np.inf, np.nan]), 0.5) for i in range(trials)])


def _contents(path: Path) -> dict[tuple[str, int], bytes]:
    with opened(path) as kept:
        return {(document, result.trial): result.value.tobytes() for document, result in kept.results()}


def test_list_and_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, table = str(tmp_path / "a.sqlite"), tmp_path / "a.csv"
    _fill(Path(path))
    with opened(Path(path)) as kept:
        kept.add(Provenance("old", {"n": 3}, 1, code="old"), [Result(0, np.array([0.1]), 0.5)])
    assert store_command.main(["list", "--store", path]) == 0
    listed = capsys.readouterr().out
    assert "peak, seed 0: 20 trials of 0.5 s\n    n = 3" in listed
    assert "old, seed 1: 1 trials of 0.5 s, by other code" in listed
    assert "1 of them by other code" in listed
    assert "kept, not used; prune deletes them" in listed
    assert store_command.main(["export", "--store", path, "--out", str(table)]) == 0
    with table.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 21
    assert [float(rows[7][f"value_{i}"]) for i in range(2)] == [7, np.inf]
    assert rows[20]["value_1"] == ""
    assert store_command.main(["export", "--store", path, "--experiment", "old", "--out", str(table)]) == 0
    assert table.read_text().count("\n") == 2
    assert store_command.main(["prune", "--store", path]) == 0
    assert set(map(len, _contents(Path(path)).values())) == {24}
    assert store_command.main(["prune", "--store", path, "--all", "--experiment", "other"]) == 0
    assert len(_contents(Path(path))) == 20
    assert store_command.main(["prune", "--store", path, "--all"]) == 0
    assert _contents(Path(path)) == {}
    capsys.readouterr()
    assert store_command.main(["list", "--store", path]) == 0
    assert capsys.readouterr().out.startswith("0 trials in ")


def test_export_of_a_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, table = tmp_path / "a.sqlite", tmp_path / "a.csv"
    values = np.random.default_rng(0).standard_normal((2500, 2))  # more than are read at once
    with opened(path) as kept:
        kept.add(PEAK, [Result(i, value, 0.5) for i, value in enumerate(values)])
    words = ["export", "--summary", "--store", str(path), "--out"]
    assert store_command.main([*words, str(table)]) == 0
    with table.open() as file:
        rows = list(csv.DictReader(file))
    assert [row["trials"] for row in rows] == ["2500", "2500"]
    np.testing.assert_allclose([float(row["mean"]) for row in rows], values.mean(axis=0), atol=1e-14)
    np.testing.assert_allclose([float(row["se"]) for row in rows], values.std(axis=0, ddof=1) / 50)
    assert store_command.main([*words, str(tmp_path / "a.parquet")]) == 2
    assert "must end in .csv for a summary" in capsys.readouterr().err


def test_parquet(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path, table = tmp_path / "a.sqlite", tmp_path / "a.parquet"
    _fill(path, trials=1500)
    assert store_command.main(["export", "--store", str(path), "--out", str(table)]) == 0
    columns = parquet.read_table(table).to_pydict()
    assert columns["trial"] == list(range(1500))
    assert columns["values"][7][:2] == [7, np.inf]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["list"], "does not exist"),
        (["export", "--out", "a.xls"], "must end in .csv or .parquet"),
        (["export"], "--out"),
        (["burn"], "burn"),
        ([], "list|verify|export|prune"),
    ],
)
def test_bad_words(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = store_command.main(words)
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    assert code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line


def test_parquet_without_pyarrow_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    _fill(tmp_path / "a.sqlite")
    out = tmp_path / "a.parquet"
    assert store_command.main(["export", "--store", str(tmp_path / "a.sqlite"), "--out", str(out)]) == 2
    assert "pip install 'overparam[parquet]'" in capsys.readouterr().err
    assert not out.exists()
