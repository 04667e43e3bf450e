"""Finished trials survive kills and company: of workers, of other sweeps, in any executor."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from sims.trials import montecarlo
from sims.trials.pool import local_pool
from sims.trials.store import opened

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
HANGS = 600  # seconds after which a process that should have ended never will
TRIALS = 300

# A sweep over a grid, in processes or threads; every trial leaves a line in a log before it ends. To be
# killed, it stays alive after the last trial.
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
    path, log, jobs, kind, end = sys.argv[1:]
    with store.opened(Path(path)) as kept:
        committer.COMMIT = 0.02
        pool = ThreadPoolExecutor(int(jobs)) if kind == "threads" else None
        with local_pool(int(jobs) if kind == "processes" else 1) as local:
            montecarlo.sweep(trial, [1.0, 2.0], 150, 7, "kill", pool or local, store=kept, config={})
            while end == "stay":
                time.sleep(1)
"""


def _contents(path: Path) -> dict[tuple[str, int], bytes]:
    with opened(path) as kept:
        return {(document, result.trial): result.value.tobytes() for document, result in kept.results()}


def _script(tmp_path: Path) -> Path:
    script = tmp_path / "sweep.py"
    script.write_text(SWEEP)
    return script


def _children(pid: int) -> list[str]:
    """Processes that this one has started."""
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _alive(pid: str) -> bool:
    """Whether a process runs; a zombie whom nobody buries does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _wait_for_end(pids: list[str]) -> None:
    """Wait until these processes have ended by themselves."""
    limit = time.monotonic() + HANGS
    while any(map(_alive, pids)) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not any(map(_alive, pids))


needs_proc = pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")


@needs_proc
@pytest.mark.slow
def test_ten_kills_in_a_row_change_nothing(tmp_path: Path) -> None:
    """kill -9 at random moments, processes and threads in turn, then a run to the end."""
    script, quiet, path = _script(tmp_path), tmp_path / "quiet.sqlite", tmp_path / "killed.sqlite"
    command = [sys.executable, script]
    subprocess.run([*command, quiet, tmp_path / "one.log", "1", "alone", "end"], check=True, env=ENVIRONMENT)
    rng = np.random.default_rng(0)
    log = tmp_path / "many.log"
    log.touch()
    kills = []
    for i in range(10):
        kind = ("alone", "processes", "threads")[i % 3]
        before = len(_contents(path)) if path.exists() else 0
        size = log.stat().st_size
        process = subprocess.Popen([*command, path, log, "2", kind, "stay"], env=ENVIRONMENT)
        if i < 7 and before < TRIALS:  # once it computes; else while it starts
            while log.stat().st_size == size:
                assert process.poll() is None, "the script failed"
                time.sleep(0.005)
        time.sleep(float(rng.uniform(0, 0.15)))
        workers = _children(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        kills.append(process.wait())
        _wait_for_end(workers)
        done = set(_contents(path).values()) if path.exists() else set()
        assert len(done) >= before
        committed = {np.frombuffer(value)[0].hex() for value in done}
        (tmp_path / f"{i}.known").write_text(f"{log.stat().st_size}\n" + "\n".join(committed))
    assert kills == [-signal.SIGKILL] * 10
    subprocess.run([*command, path, log, "2", "processes", "end"], check=True, env=ENVIRONMENT)
    assert _contents(path) == _contents(quiet)
    for i in range(10):
        length, *committed = (tmp_path / f"{i}.known").read_text().split("\n")
        later = set(log.read_bytes()[int(length) :].decode().split())
        assert not later & set(committed)  # nothing that was committed is computed again


@needs_proc
def test_workers_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    script, log = _script(tmp_path), tmp_path / "log"
    process = subprocess.Popen(
        [sys.executable, script, tmp_path / "a.sqlite", log, "2", "processes", "stay"], env=ENVIRONMENT
    )
    while not log.exists():
        assert process.poll() is None, "the script failed"
        time.sleep(0.01)
    children = _children(process.pid)
    process.kill()
    process.wait()
    assert len(children) >= 2
    _wait_for_end(children)


SPIN = """
import sys
from pathlib import Path
import numba, numpy as np
from sims.trials import montecarlo
from sims.trials.pool import local_pool

@numba.njit
def spin(rounds):
    total = 0.0
    for i in range(rounds):
        total += np.sqrt(i)
    return total

def trial(rng):
    spin(1)
    Path(sys.argv[1]).touch()
    return np.array([spin(60_000_000_000)])

if __name__ == "__main__":
    with local_pool(2) as pool:
        montecarlo.run(trial, 2, 0, "spin", pool)
"""


@needs_proc
@pytest.mark.jit
def test_a_worker_in_a_compiled_loop_ends_with_its_parent(tmp_path: Path) -> None:
    """No thread of the worker can run then; the loop takes minutes."""
    script, began = tmp_path / "spin.py", tmp_path / "began"
    script.write_text(SPIN)
    process = subprocess.Popen([sys.executable, script, began], env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    while not began.exists():
        assert process.poll() is None, "the script failed"
        time.sleep(0.05)
    time.sleep(0.5)
    workers = _children(process.pid)
    process.kill()
    process.wait()
    limit = time.monotonic() + 30
    while any(map(_alive, workers)) and time.monotonic() < limit:
        time.sleep(0.05)
    assert len(workers) >= 2
    assert not any(map(_alive, workers))


def test_two_sweeps_on_one_store_lose_nothing(tmp_path: Path) -> None:
    """The same sweep twice, from an empty folder: both make the store, both write every trial."""
    script = _script(tmp_path)
    pair = [
        subprocess.Popen(
            [sys.executable, script, tmp_path / "both.sqlite", tmp_path / "log", "1", kind, "end"],
            env=ENVIRONMENT,
        )
        for kind in ("alone", "threads")
    ]
    assert [process.wait(HANGS) for process in pair] == [0, 0]
    subprocess.run(
        [sys.executable, script, tmp_path / "one.sqlite", tmp_path / "log", "1", "alone", "end"],
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
