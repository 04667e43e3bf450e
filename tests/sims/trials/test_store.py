"""What is saved comes back with every bit; what is not a whole store is refused and left alone."""

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sims.double_descent import command as double_descent
from sims.shell import console
from sims.store import command as store_command
from sims.trials import committer, fingerprint, store
from sims.trials.fingerprint import Provenance
from sims.trials.store import Result, StoreError, opened

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
PEAK = Provenance("peak", {"n": 3}, seed=0)
SMALL = ["--n", "40", "--d", "20", "--p-max", "160", "--trials", "8", "--points", "6", "--jobs", "1"]


def _fill(path: Path, trials: int = 20) -> None:
    with opened(path) as kept:
        kept.add(PEAK, [Result(i, np.array([i, np.inf, np.nan]), 0.5) for i in range(trials)])


# ---------------------------------------------------------------- values and keys


def test_values_come_back_with_every_bit(tmp_path: Path) -> None:
    values = np.array([0.1, -0.0, np.inf, -np.inf, np.nan, 5e-324, np.finfo(float).max])
    with opened(tmp_path / "a.sqlite") as kept:
        kept.add(PEAK, [Result(3, values, 0.25)])
    with opened(tmp_path / "a.sqlite") as kept:
        (result,) = kept.finished(PEAK, 4)
        assert kept.finished(PEAK, 3) == []
        assert (kept.count(PEAK, 4), kept.count(PEAK, 3)) == (1, 0)
    assert (result.trial, result.seconds) == (3, 0.25)
    assert result.value.tobytes() == values.tobytes()


def test_the_first_result_stays(tmp_path: Path) -> None:
    with opened(tmp_path / "a.sqlite") as kept:
        for value in (1.0, 2.0):
            kept.add(PEAK, [Result(0, np.array([value]), 0.0)])
        assert [result.value for result in kept.finished(PEAK, 1)] == [[1.0]]


@pytest.mark.parametrize(
    "other",
    [
        Provenance("valley", {"n": 3}, 0),
        Provenance("peak", {"n": 4}, 0),
        Provenance("peak", {"n": 3}, 1),
        Provenance("peak", {"n": 3}, 0, index=1),
        Provenance("peak", {"n": 3}, 0, point=2.0),
        Provenance("peak", {"n": 3}, 0, code="other"),
    ],
)
def test_whatever_matters_is_in_the_key(other: Provenance, tmp_path: Path) -> None:
    assert other.key(0) != PEAK.key(0) != PEAK.key(1)
    _fill(tmp_path / "a.sqlite")
    with opened(tmp_path / "a.sqlite") as kept:
        assert kept.finished(other, 20) == []


# ---------------------------------------------------------------- results of other code


def test_results_of_other_code_are_counted_and_not_used(tmp_path: Path) -> None:
    old, older = replace(PEAK, code="old"), replace(PEAK, code="older")
    others = [
        replace(old, experiment="valley"), replace(old, config={"n": 4}), replace(old, seed=1),
        replace(old, index=1), replace(old, point=2.0),
    ]  # fmt: skip
    with opened(tmp_path / "a.sqlite") as kept:
        assert kept.count_of_other_code(PEAK, 20) == 0
        for provenance, numbers in (
            (old, range(12)),
            (older, range(8, 15)),
            *((o, range(20)) for o in others),
        ):
            kept.add(provenance, [Result(i, np.ones(1), 0.0) for i in numbers])
        assert kept.finished(PEAK, 20) == []
        assert kept.count_of_other_code(PEAK, 20) == 15  # each trial once
        assert kept.count_of_other_code(PEAK, 10) == 10
        kept.add(PEAK, [Result(i, np.ones(1), 0.0) for i in range(5)])
        assert kept.count_of_other_code(PEAK, 20) == 10  # those that are not computed again
        assert len(list(kept.results())) == 12 + 7 + 5 * 20 + 5  # nothing was lost


def test_a_run_says_what_it_does_not_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*SMALL, "--store", str(tmp_path / "a.sqlite"), "--json"]
    assert double_descent.main(words) in (0, 5)
    before = capsys.readouterr()
    assert "other code" not in before.err
    monkeypatch.setattr(fingerprint, "code", lambda: "0" * 64)
    assert double_descent.main([*words, "--trials", "2", "-q"]) in (0, 5)
    assert capsys.readouterr().err == ""
    assert double_descent.main(words) in (0, 5)
    after = capsys.readouterr()
    (note,) = [line for line in after.err.splitlines() if line.startswith("note: ")]
    assert "6 trials of this run computed by other code" in note
    assert json.loads(after.out)["rows"] == json.loads(before.out)["rows"]
    assert double_descent.main(words) in (0, 5)
    assert "other code" not in capsys.readouterr().err  # all have been computed again


# ---------------------------------------------------------------- what is no store


def _truncate(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def _sql(query: str) -> object:
    def change(path: Path) -> None:
        connection = sqlite3.connect(path)
        connection.execute(query)
        connection.commit()
        connection.close()

    return change


def _foreign(path: Path) -> None:
    path.unlink()
    _sql("CREATE TABLE mine (x)")(path)  # type: ignore[operator]


def _garbage(path: Path) -> None:
    with path.open("r+b") as file:  # two pages in the middle
        file.seek(4096 * 3)
        file.write(b"\xff" * 8192)


DAMAGE = {
    "truncated": (_truncate, "is damaged"),
    "cut in the header": (lambda path: path.write_bytes(path.read_bytes()[:50]), "is damaged or no store"),
    "empty": (lambda path: path.write_bytes(b""), "is damaged or no store"),
    "overwritten": (_garbage, "is damaged"),
    "text": (lambda path: path.write_text("my notes\n" * 100), "is damaged or no store"),
    "foreign": (_foreign, "belongs to another program"),
    "newer": (_sql("PRAGMA user_version = 2"), "has other tables (format 2)"),
    "other tables": (_sql("ALTER TABLE trials ADD COLUMN more"), "has other tables"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_what_is_no_whole_store_is_refused_and_left_alone(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.sqlite"
    _fill(path, trials=300)
    change, told = DAMAGE[kind]
    change(path)  # type: ignore[operator]
    before = path.read_bytes()
    for command in (
        lambda: double_descent.main([*SMALL, "--store", str(path)]),
        lambda: double_descent.main([*SMALL, "--fresh", "--store", str(path)]),
        lambda: store_command.main(["list", "--store", str(path)]),
        lambda: store_command.main(["prune", "--store", str(path)]),
    ):
        assert command() == 2
        seen = capsys.readouterr()
        assert seen.out == ""
        (line,) = seen.err.splitlines()
        assert line.startswith("error: store = ")
        assert str(path) in line
        assert told in line
    assert path.read_bytes() == before


def test_a_changed_value_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.sqlite"
    _fill(path)
    _sql("UPDATE trials SET value = zeroblob(24) WHERE trial = 5")(path)  # type: ignore[operator]
    with opened(path) as kept, pytest.raises(StoreError, match="a trial of peak is damaged"):
        kept.finished(PEAK, 20)
    words = ["--store", str(path)]
    assert store_command.main(["verify", *words]) == 1
    assert "trial 5 of" in capsys.readouterr().out
    assert store_command.main(["prune", *words]) == 0
    assert "1 trials removed" in capsys.readouterr().out
    assert store_command.main(["verify", *words]) == 0
    with opened(path) as kept:
        assert len(kept.finished(PEAK, 20)) == 19


def test_a_wal_without_its_store_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.with_name("a.sqlite-wal").write_bytes(b"rest")
    with pytest.raises(StoreError, match="-wal file is not; move that away"), opened(path):
        pass
    assert not path.exists()


def test_a_folder_that_cannot_be_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert double_descent.main([*SMALL, "--store", str(tmp_path / "file" / "a.sqlite")]) == 2
    assert "cannot be made" in capsys.readouterr().err


def test_without_a_cache_the_command_works(
    own_store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(store, "default_path", lambda: tmp_path / "file" / "a.sqlite")
    assert double_descent.main([*SMALL, "--json"]) in (0, 5)
    assert capsys.readouterr().err.startswith("note: finished trials are not saved: ")


@pytest.mark.skipif(os.name == "nt", reason="users of POSIX")
def test_a_read_only_store_is_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "readonly"
    folder.mkdir()
    _fill(folder / "a.sqlite")
    for place in (*tmp_path.parents, tmp_path):  # another user must get there
        if place.owner() == tmp_path.owner() and "pytest" in place.name:
            place.chmod(0o755)
    before = (folder / "a.sqlite").read_bytes()
    (folder / "a.sqlite").chmod(0o444)
    folder.chmod(0o555)
    program = """
import os, sys, sqlite3
from pathlib import Path
from sims.trials import store
if os.getuid() == 0:  # who may write everything
    os.seteuid(65534)
with store.opened(Path(sys.argv[1])):
    pass
"""
    done = subprocess.run(
        [sys.executable, "-c", program, folder / "a.sqlite"], capture_output=True, text=True, env=ENVIRONMENT
    )
    folder.chmod(0o755)
    assert "UnwritableError: store = " in done.stderr.splitlines()[-1]
    assert (folder / "a.sqlite").read_bytes() == before


def test_a_full_disk_keeps_what_was_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.sqlite"
    words = [*SMALL, "--trials", "300", "--store", str(path), "--json", "-q"]
    connect = sqlite3.connect

    def small(*a: object, **k: object) -> sqlite3.Connection:
        connection = connect(*a, **k)  # type: ignore[call-overload]
        connection.execute("PRAGMA max_page_count = 14")
        return connection  # type: ignore[no-any-return]

    monkeypatch.setattr(committer, "COMMIT", 0.0)
    monkeypatch.setattr(sqlite3, "connect", small)
    assert double_descent.main(words) == console.STOPPED
    seen = capsys.readouterr()
    assert seen.out == ""
    assert "the disk is full" in seen.err
    assert seen.err.count("\n") == 1
    monkeypatch.setattr(sqlite3, "connect", connect)
    assert store_command.main(["verify", "--store", str(path)]) == 0
    kept = int(capsys.readouterr().out.split()[0])
    assert 0 < kept < 300
    assert double_descent.main([word for word in words if word != "-q"]) in (0, 5)
    assert f"reused {kept} finished trials" in capsys.readouterr().err
