"""Kills at random moments: exit codes as documented, the same bits, no process or file left."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.sims.commands import ENVIRONMENT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.jit,
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc"),
]
KILLS = 24
AWAY = 60.0  # seconds after which no process of a command may be left: an orphan would wait for ever
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
COMMANDS = {
    "double_descent": ["--n", "100", "--p-max", "400", "--points", "8", "--trials", "200", "--json"],
    "claims": ["check", "mei2022.peak", "hastie2022.ridgeless", "--json"],
    "belkin2019": ["fourier", "--data", "digits", "--n", "100", "--points", "8", "--trials", "15", "--json"],
}


def _start(command: str, store: Path, mark: str, jobs: int) -> "subprocess.Popen[bytes]":
    words = [*COMMANDS[command], "--jobs", str(jobs), "--store", str(store)]
    return subprocess.Popen(
        [sys.executable, "-m", f"sims.{command}", *words, "-q"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT | {"OVERPARAM_MARK": mark},
    )  # fmt: skip


def _processes(mark: str) -> list[int]:
    """Processes with this mark in their environment that are no zombies."""
    found = []
    for place in Path("/proc").iterdir():
        try:
            if f"OVERPARAM_MARK={mark}".encode() in (place / "environ").read_bytes():
                found.append(int(place.name))
        except (OSError, ValueError):
            continue
    return found


def _numbers(text: bytes) -> Any:
    """What a command prints, without the time that it took."""
    document = json.loads(text)
    rows = document if isinstance(document, list) else document["rows"]
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]


def _semaphores() -> set[str]:
    place = Path("/dev/shm")
    return {entry.name for entry in place.glob("sem.mp-*")} if place.is_dir() else set()


def _abandoned(semaphores: set[str]) -> set[str]:
    """Those that no living process holds; other programs of this machine may have some."""
    held = set()
    for maps in Path("/proc").glob("[0-9]*/maps"):
        with contextlib.suppress(OSError):  # it has ended
            lines = [line.split() for line in maps.read_text().splitlines() if "/dev/shm/" in line]
            held |= {int(line[4]) for line in lines}  # of the file, whatever its name was
    left = set()
    for name in semaphores:
        with contextlib.suppress(FileNotFoundError):
            left |= {name} if (Path("/dev/shm") / name).stat().st_ino not in held else set()
    return left


def test_kills_at_random_moments(tmp_path: Path) -> None:
    rng, before = np.random.default_rng(0), _semaphores()
    usual, seconds = {}, {}
    for command in COMMANDS:
        for _ in range(2):  # the first may compile
            began = time.monotonic()
            out, err = _start(command, tmp_path / f"{command}.usual", "usual", 2).communicate()
            usual[command], seconds[command] = _numbers(out), time.monotonic() - began
            (tmp_path / f"{command}.usual").unlink()
            assert b"Traceback" not in err
    met: dict[tuple[str, int], int] = {}
    for number in range(KILLS):
        command = list(COMMANDS)[number % 3]
        how, mark, jobs = SIGNALS[number % 4], f"{os.getpid()}.{number}", 1 + number // 12 % 2
        store = tmp_path / f"{command}.{number % 2}"
        process = _start(command, store, mark, jobs)
        time.sleep(float(rng.uniform(0.1, 0.7) * seconds[command]))
        process.send_signal(how)
        out, err = process.communicate(timeout=60)
        limit = time.monotonic() + AWAY
        while _processes(mark) and time.monotonic() < limit:
            time.sleep(0.05)
        assert _processes(mark) == []
        code = process.returncode
        # a shell shows 130 for Python's own end by SIGINT, and a signal may come before our first line
        ended = {-how} if how == signal.SIGKILL else {130, -signal.SIGINT, -how}
        assert code in ended | {0, 5}, (code, err)
        assert b"Traceback" not in err, err.decode()
        if code == 130:
            assert err.startswith(b"error: interrupted; ")
        met[how.name, code] = met.get((how.name, code), 0) + 1
        if code in (0, 5):  # it was faster: the next begins anew
            assert _numbers(out) == usual[command]
            store.unlink()
    for command in COMMANDS:  # what was killed, most of it several times, is resumed to the end
        for store in tmp_path.glob(f"{command}.[01]"):
            assert _numbers(_start(command, store, "end", 2).communicate()[0]) == usual[command]
    names = {f"{command}.{end}" for command in COMMANDS for end in ("0", "1")}
    assert {path.name for path in tmp_path.iterdir()} <= names  # no -wal, -shm or .tmp
    assert not _abandoned(_semaphores() - before)
    assert sum(count for (_, code), count in met.items() if code not in (0, 5)) > KILLS // 2, met
