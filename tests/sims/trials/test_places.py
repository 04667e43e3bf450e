"""Places where a store may lie: full disks, folders that nobody may write, what killed processes left."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from sims.shell import console
from sims.trials import store_file
from sims.trials.fingerprint import Provenance
from sims.trials.store import FullError, Result, opened
from tests.sims.commands import ENVIRONMENT

PEAK = Provenance("peak", {"n": 3}, seed=0)
SMALL = ["--model", "linear", "--n", "20", "--p-max", "60", "--points", "4", "--jobs", "1", "-q", "--no-plot"]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="folders and locks of POSIX")
Mount = Callable[..., Path]


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """Mounts a file system of its own; skipped where the tests may not."""
    place = tmp_path / "mounted"
    place.mkdir()

    def do(*words: str) -> Path:
        if not sys.platform.startswith("linux") or os.getuid() != 0:
            pytest.skip("mounting needs Linux and root")
        if subprocess.run(["mount", *words, str(place)], capture_output=True).returncode:
            pytest.skip("no file system can be mounted here")
        return place

    yield do
    if os.path.ismount(place):
        subprocess.run(["umount", str(place)], check=True)


def _fill(path: Path) -> None:
    with opened(path) as kept:
        kept.add(PEAK, [Result(i, np.array([i, np.inf]), 0.5) for i in range(20)])


def _run(module: str, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=cwd, env=ENVIRONMENT)


def test_a_full_disk_is_told_from_damage(mount: Mount, tmp_path: Path) -> None:
    disk = mount("-t", "tmpfs", "-o", "size=200k", "tmpfs")
    words = [*SMALL, "--trials", "3000", "--csv", "--store", str(disk / "a.sqlite")]
    done = _run("sims.double_descent", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (console.STOPPED, "")
    assert "no space left, the disk is full" in done.stderr
    assert done.stderr.count("\n") == 1
    assert _run("sims.store", "verify", "--store", str(disk / "a.sqlite"), cwd=tmp_path).returncode == 0


def test_a_full_disk_from_the_start(mount: Mount, tmp_path: Path) -> None:
    disk = mount("-t", "tmpfs", "-o", "size=64k", "tmpfs")
    _fill(tmp_path / "b.sqlite")
    (disk / "out").mkdir()
    with open(disk / "fill", "wb", buffering=0) as file:
        while file.write(bytes(1024)) == 1024:
            if store_file.disk_usage(disk).free == 0:
                break
    small = [*SMALL, "--trials", "4", "--store"]
    for module, words in (
        ("sims.double_descent", [*small, str(disk / "a.sqlite"), "--csv"]),
        ("sims.double_descent", [*small, str(tmp_path / "b.sqlite"), "--out", str(disk / "out")]),
        ("sims.store", ["export", "--store", str(tmp_path / "b.sqlite"), "--out", str(disk / "a.csv")]),
    ):
        done = _run(module, *words, cwd=tmp_path)
        assert done.returncode == console.FAILED
        assert "no space left on the disk" in done.stderr
        assert done.stderr.count("\n") == 1
        assert ("verdict: " in done.stdout) == ("--out" in words and module == "sims.double_descent")
    assert sorted(path.name for path in disk.rglob("*")) == ["fill", "out"]


@pytest.mark.parametrize("name", ["SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_CANTOPEN"])
def test_what_sqlite_says_on_a_full_disk(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = store_file.disk_usage(tmp_path)
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = name
    with pytest.raises(store_file.StoreError) as told, store_file.explained(tmp_path / "a"):
        raise error
    assert not isinstance(told.value, FullError)
    monkeypatch.setattr(store_file, "disk_usage", lambda path: usage._replace(free=0))
    with pytest.raises(FullError, match="no space left"), store_file.explained(tmp_path / "a"):
        raise error


FEW_FILES = """
import resource, sys
import sims.trials.montecarlo
from sims.double_descent.command import main
from sims.shell import console
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
sys.exit(console.run(main))
"""


def test_too_many_open_files_is_one_line(tmp_path: Path) -> None:
    """Wherever in a run the limit is met."""
    words = [*SMALL, "--trials", "4", "--csv", "--store", "a.sqlite"]
    codes = []
    for limit in ("4", "5", "6", "8", "10", "100"):
        done = subprocess.run(
            [sys.executable, "-c", FEW_FILES, limit, *words],
            capture_output=True, text=True, cwd=tmp_path, env=ENVIRONMENT,
        )  # fmt: skip
        codes.append(done.returncode)
        if done.returncode == console.FAILED:
            assert "too many open files" in done.stderr
            assert done.stderr.count("\n") == 1
    assert set(codes[:-1]) <= {0, console.FAILED, console.UNDECIDED}
    assert codes[0] == console.FAILED != codes[-1]


def test_a_read_only_file_system_can_be_read(mount: Mount, tmp_path: Path) -> None:
    disk = mount("-t", "tmpfs", "-o", "size=1m", "tmpfs")
    _fill(disk / "a.sqlite")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    words = ["--store", str(disk / "a.sqlite")]
    for action, code in (("list", 0), ("verify", 0), ("export", 0), ("prune", 2)):
        more = ["--out", str(tmp_path / "a.csv")] if action == "export" else []
        done = _run("sims.store", action, *words, *more, cwd=tmp_path)
        assert (done.returncode, done.stderr.count("\n")) == (code, code // 2)
    assert len((tmp_path / "a.csv").read_text().splitlines()) == 21


def test_reading_leaves_no_file_behind(tmp_path: Path) -> None:
    _fill(tmp_path / "a.sqlite")
    before = (tmp_path / "a.sqlite").read_bytes()
    with opened(tmp_path / "a.sqlite", write=False) as kept:
        assert len(kept.finished(PEAK, 20)) == 20
    assert [path.name for path in tmp_path.iterdir()] == ["a.sqlite"]
    assert (tmp_path / "a.sqlite").read_bytes() == before


def test_what_a_killed_maker_left_is_removed(tmp_path: Path) -> None:
    """A process dies between the file under another name and its own; one that lives is left alone."""
    program = """
import os, sys
from pathlib import Path
from sims.trials import store
os.link = lambda *_: os.kill(os.getpid(), 9)
with store.opened(Path(sys.argv[1])):
    pass
"""
    path, living = tmp_path / "a.sqlite", tmp_path / "a.sqliteabcdefgh.tmp"
    for _ in range(3):
        subprocess.run([sys.executable, "-c", program, path], env=ENVIRONMENT)
    assert len(list(tmp_path.glob("*.tmp"))) == 1
    with living.open("wb") as file:
        store_file._lock(file)
        _fill(path)
        assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.sqlite", living.name]
    _fill(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.sqlite"]
