"""What is kept survives kills, damage and company, and what is not a store is left alone."""

import csv
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from sims.double_descent import command as double_descent
from sims.shell import console
from sims.store import command as store_command
from sims.trials import committer, fingerprint, montecarlo, store
from sims.trials.fingerprint import Provenance
from sims.trials.pool import local_pool
from sims.trials.store import Result, StoreError, opened

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
PEAK = Provenance("peak", {"n": 3}, seed=0)
SMALL = ["--n", "40", "--d", "20", "--p-max", "160", "--trials", "8", "--points", "6", "--jobs", "1"]

# A sweep over a grid, in processes or threads; every trial leaves a line in a log before it ends.
SWEEP = """
import os, sys, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import numpy as np
from sims.trials import committer, montecarlo, store
from sims.trials.pool import local_pool

def trial(point, rng):
    value = np.concatenate([rng.standard_normal(3) * point, np.linalg.svd(rng.random((20, 20)))[1]])
    time.sleep(0.005)
    with open(sys.argv[2], "a") as log:
        log.write(f"{value[0].hex()}\\n")
    return value

if __name__ == "__main__":
    path, log, jobs, kind = sys.argv[1:]
    with store.opened(Path(path)) as kept:
        committer.COMMIT = 0.02
        pool = ThreadPoolExecutor(int(jobs)) if kind == "threads" else None
        with local_pool(int(jobs) if kind == "processes" else 1) as local:
            montecarlo.sweep(trial, [1.0, 2.0], 150, 7, "kill", pool or local, store=kept, config={})
"""


def _fill(path: Path, trials: int = 20) -> None:
    with opened(path) as kept:
        kept.add(PEAK, [Result(i, np.array([i, np.inf, np.nan]), 0.5) for i in range(trials)])


def _contents(path: Path) -> dict[tuple[str, int], bytes]:
    with opened(path) as kept:
        return {(document, result.trial): result.value.tobytes() for document, result in kept.results()}


def _script(tmp_path: Path) -> Path:
    script = tmp_path / "sweep.py"
    script.write_text(SWEEP)
    return script


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


def test_the_order_of_settings_does_not_matter() -> None:
    a, b = (Provenance("peak", config, 0) for config in ({"n": 3, "d": 2}, {"d": 2, "n": 3}))
    assert a.key(5) == b.key(5)


def test_code_changes_with_every_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("sims", "theory"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprint, "__file__", str(tmp_path / "sims" / "trials" / "fingerprint.py"))
    digest = fingerprint.code.__wrapped__
    before = digest()
    assert before == fingerprint.code()
    with (tmp_path / "theory" / "equivalent.py").open("a") as file:
        file.write("\n")
    assert digest() != before


# ---------------------------------------------------------------- kills and company


@pytest.mark.slow
def test_ten_kills_in_a_row_change_nothing(tmp_path: Path) -> None:
    """kill -9 at random moments, processes and threads in turn, then a run to the end."""
    script, quiet, path = _script(tmp_path), tmp_path / "quiet.sqlite", tmp_path / "killed.sqlite"
    command = [sys.executable, script]
    subprocess.run([*command, quiet, tmp_path / "one.log", "1", "alone"], check=True, env=ENVIRONMENT)
    rng = np.random.default_rng(0)
    log = tmp_path / "many.log"
    log.touch()
    kills = []
    for i in range(10):
        kind = ("alone", "processes", "threads")[i % 3]
        before = len(_contents(path)) if path.exists() else 0
        process = subprocess.Popen([*command, path, log, "2", kind], env=ENVIRONMENT)
        if i < 7:  # once it computes; else while it starts
            lines = log.read_text().count("\n")
            while log.read_text().count("\n") == lines and process.poll() is None:
                time.sleep(0.005)
        time.sleep(float(rng.uniform(0, 0.15)))
        os.kill(process.pid, signal.SIGKILL)
        kills.append(process.wait())
        time.sleep(0.1)  # its workers end by themselves
        done = set(_contents(path).values()) if path.exists() else set()
        assert len(done) >= before
        committed = {np.frombuffer(value)[0].hex() for value in done}
        (tmp_path / f"{i}.known").write_text(f"{log.stat().st_size}\n" + "\n".join(committed))
    assert kills == [-signal.SIGKILL] * 10  # none had ended
    subprocess.run([*command, path, log, "2", "processes"], check=True, env=ENVIRONMENT)
    assert _contents(path) == _contents(quiet)
    for i in range(10):
        size, *committed = (tmp_path / f"{i}.known").read_text().split("\n")
        later = set(log.read_bytes()[int(size) :].decode().split())
        assert not later & set(committed)  # nothing that was committed is computed again


def test_workers_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    if not Path("/proc").is_dir():
        pytest.skip("needs /proc")
    script, log = _script(tmp_path), tmp_path / "log"
    process = subprocess.Popen(
        [sys.executable, script, tmp_path / "a.sqlite", log, "2", "processes"], env=ENVIRONMENT
    )
    while not log.exists():
        assert process.poll() is None, "the script failed"
        time.sleep(0.01)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.kill()
    process.wait()
    limit = time.monotonic() + 20

    def alive(pid: str) -> bool:  # a zombie whom nobody buries is dead
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    while any(map(alive, children)) and time.monotonic() < limit:
        time.sleep(0.05)
    assert len(children) >= 2
    assert not any(map(alive, children))


def test_two_sweeps_on_one_store_lose_nothing(tmp_path: Path) -> None:
    """The same sweep twice, from an empty folder: both make the store, both write every trial."""
    script = _script(tmp_path)
    pair = [
        subprocess.Popen(
            [sys.executable, script, tmp_path / "both.sqlite", tmp_path / "log", "1", kind], env=ENVIRONMENT
        )
        for kind in ("alone", "threads")
    ]
    assert [process.wait(120) for process in pair] == [0, 0]
    subprocess.run(
        [sys.executable, script, tmp_path / "one.sqlite", tmp_path / "log", "1", "alone"],
        check=True, env=ENVIRONMENT,
    )  # fmt: skip
    assert _contents(tmp_path / "both.sqlite") == _contents(tmp_path / "one.sqlite")


def _trial(point: float, rng: np.random.Generator) -> np.ndarray:
    x = rng.standard_normal((60, 60)) * point
    return np.linalg.svd(x)[1]


def test_same_bits_for_one_two_and_four_workers_threads_or_processes(tmp_path: Path) -> None:
    def bits(executor: object, name: str) -> list[bytes]:
        with opened(tmp_path / name) as kept:
            samples = montecarlo.sweep(
                _trial,
                [1.0, 2.0],
                6,
                3,
                "bits",
                executor,
                store=kept,
                config={},  # type: ignore[arg-type]
            )
        return [sample.values.tobytes() for sample in samples]

    alone = bits(None, "alone")
    for workers in (1, 2, 4):
        with ThreadPoolExecutor(workers) as threads:
            assert bits(threads, f"threads{workers}") == alone
    for workers in (2, 4):
        with local_pool(workers) as processes:
            assert bits(processes, f"processes{workers}") == alone
    assert _contents(tmp_path / "processes4") == _contents(tmp_path / "alone")


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
    assert capsys.readouterr().err.startswith("note: trials are not kept: ")


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


# ---------------------------------------------------------------- python -m sims.store


def test_list_and_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, table = str(tmp_path / "a.sqlite"), tmp_path / "a.csv"
    _fill(Path(path))
    with opened(Path(path)) as kept:
        kept.add(Provenance("old", {"n": 3}, 1, code="old"), [Result(0, np.array([0.1]), 0.5)])
    assert store_command.main(["list", "--store", path]) == 0
    listed = capsys.readouterr().out
    assert "peak, seed 0: 20 trials of 0.5 s\n    n = 3" in listed
    assert "old, seed 1: 1 trials of 0.5 s, of other code" in listed
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
