"""Real clusters on this machine: same bits, lost workers, limits, and clusters that cannot be used."""

import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from sims.double_descent import command as double_descent
from sims.ntk import command as ntk
from sims.trials import blocks, cluster, committer, fingerprint, montecarlo, store
from sims.trials.pool import local_pool

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.slow  # to start workers takes seconds

SMALL = ["--n", "40", "--d", "20", "--p-max", "160", "--trials", "8", "--points", "6", "--json"]
HANGS = 600  # seconds after which what should have happened never will


@pytest.fixture
def local() -> Iterator[Callable[..., Any]]:
    """Starts clusters of worker processes, their web pages on any free port, and ends them."""
    started = []

    def start(n_workers: int, threads_per_worker: int = 1) -> Any:
        one = distributed.LocalCluster(
            n_workers=n_workers, threads_per_worker=threads_per_worker, dashboard_address=":0"
        )
        started.append(one)
        return one

    yield start
    for one in started:
        one.close()


def _trial(rng: np.random.Generator) -> np.ndarray:
    # a matrix product large enough for BLAS to split it over threads
    x = rng.standard_normal((200, 200))
    return np.array([(x @ x.T @ x).sum(), rng.random()])


def _noted(log: str, seconds: float, rng: np.random.Generator) -> np.ndarray:
    """A number, which goes into a file as well: who has been computed, and where."""
    value = rng.random(1)
    time.sleep(seconds)
    with open(log, "a") as file:
        file.write(f"{value[0].hex()} {os.getpid()}\n")
    return value


def _blas_threads(rng: np.random.Generator) -> np.ndarray:
    time.sleep(rng.uniform(0, 0.1))
    return np.array([pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"], float)


def test_same_bits_for_1_2_4_workers_threads_processes_or_dask(local: Callable[..., Any]) -> None:
    alone = montecarlo.run(_trial, 8, seed=3, experiment="bits").values
    dask = {1: local(1), 2: local(2), 4: local(2, threads_per_worker=2)}
    pools: list[AbstractContextManager[Any]] = []
    for count in (1, 2, 4):
        pools += [ThreadPoolExecutor(count), local_pool(count)]
        pools += [cluster.workers(dask[count].scheduler_address)]
    for pool in pools:
        with pool as executor:
            values = montecarlo.run(_trial, 8, seed=3, experiment="bits", executor=executor).values
        np.testing.assert_array_equal(values, alone)


def test_one_blas_thread_in_every_thread_of_a_worker_for_good(
    local: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(name, "2")  # what a nanny leaves as it is
    with (
        distributed.Client(local(1, threads_per_worker=2), set_as_default=False) as client,
        client.get_executor(pure=False) as pool,  # as others may bring it
    ):
        seen = montecarlo.run(_blas_threads, 20, seed=0, experiment="x", executor=pool).values
        after = list(client.run(_blas_threads, np.random.default_rng(0)).values())
    assert seen.size
    assert set(seen.ravel()) == {1.0}
    assert set(np.ravel(after)) == {1.0}


def _held(log: str, go: str, rng: np.random.Generator) -> np.ndarray:
    """A trial that, once the log has 40 lines, waits for the file `go`."""
    value = _noted(log, 0.0, rng)
    limit = time.monotonic() + HANGS
    while Path(log).read_text().count("\n") > 40 and not Path(go).exists() and time.monotonic() < limit:
        time.sleep(0.01)
    return value


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_killed_worker_changes_nothing(
    local: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committer, "COMMIT", 0.0)
    log, path, go, trials = tmp_path / "log", tmp_path / "a.sqlite", tmp_path / "go", 80
    address = local(2).scheduler_address
    committed: set[str] = set()
    killed: list[int] = []

    trial = partial(_held, str(log), str(go))
    provenance = montecarlo.provenance(trial, "cluster", {}, 0)

    def kill(kept: store.Store, done: int) -> None:
        if done >= 30 and not killed:
            committed.update(result.value[0].hex() for result in kept.finished(provenance, trials))
            killed.append(int(log.read_text().split()[-1]))
            os.kill(killed[0], signal.SIGKILL)
            go.touch()

    with store.opened(path) as kept, cluster.workers(address) as pool:
        values = montecarlo.run(
            trial, trials, 0, "cluster", pool, partial(kill, kept), store=kept, config={}
        ).values
    assert killed
    assert committed
    alone = montecarlo.run(lambda rng: rng.random(1), trials, 0, "cluster").values
    np.testing.assert_array_equal(values, alone)
    with store.opened(path) as kept:
        assert [result.trial for result in kept.finished(provenance, trials)] == list(range(trials))
        assert kept.damage() == []
    computed, pids = zip(*(line.split() for line in log.read_text().splitlines()), strict=True)
    assert {str(killed[0])} < set(pids)
    assert {Counter(computed)[value] for value in committed} == {1}


def _kills(rng: np.random.Generator) -> np.ndarray:
    os.kill(os.getpid(), signal.SIGKILL)
    return np.zeros(1)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_trial_that_kills_every_worker_stops_the_sweep(local: Callable[..., Any]) -> None:
    with (
        cluster.workers(local(2).scheduler_address) as pool,
        pytest.raises(montecarlo.Stopped, match="every worker that took a trial died"),
    ):
        montecarlo.run(_kills, 1, 0, "x", pool)


def test_a_lost_connection_keeps_what_is_done(local: Callable[..., Any], tmp_path: Path) -> None:
    one, log = local(1), tmp_path / "log"
    closing: list[Thread] = []
    trial = partial(_noted, str(log), 0.05)

    def close(done: int) -> None:
        if not closing:
            closing.append(Thread(target=one.close))
            closing[0].start()

    with store.opened(tmp_path / "a.sqlite") as kept, cluster.workers(one.scheduler_address) as pool:
        with pytest.raises(montecarlo.Stopped, match="the connection to the cluster was lost") as stop:
            montecarlo.run(trial, 10_000, 0, "cluster", pool, close, store=kept, config={})
        provenance = montecarlo.provenance(trial, "cluster", {}, 0)
        assert len(kept.finished(provenance, 10_000)) == stop.value.done > 0
    closing[0].join()


def test_deadline_and_errors_of_trials(
    local: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, log = local(2).scheduler_address, tmp_path / "log"
    clock = [0.0]
    monkeypatch.setattr(blocks, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    with cluster.workers(address) as pool:
        slow = partial(_noted, str(log), 0.05)
        # the first result moves the clock past the deadline, which waiting for it never reaches
        with pytest.raises(montecarlo.Stopped, match="time is up") as stop:
            montecarlo.run(slow, 10_000, 0, "x", pool, lambda done: clock.insert(0, 2e6), deadline=1e6)
        assert 1 <= stop.value.done < 10_000
    with cluster.workers(address) as pool, pytest.raises(ZeroDivisionError):
        montecarlo.run(_wrong, 3, 0, "x", pool)
    # what was queued has left the cluster: the workers come to rest
    before, computed = -1, len(log.read_text().splitlines())
    while before < computed < 1000:
        time.sleep(0.5)
        before, computed = computed, len(log.read_text().splitlines())
    assert computed < 1000


def _wrong(rng: np.random.Generator) -> np.ndarray:
    return np.array([1 / 0])


def test_commands(local: Callable[..., Any], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The same document as from local processes, and nothing of dask on stderr."""
    address = local(2).scheduler_address
    capfd.readouterr()
    on = ["--cluster", address, "--store", str(tmp_path / "cluster.sqlite")]
    assert double_descent.main([*SMALL, "--dry-run", *on]) == 0
    assert '"jobs": 2' in capfd.readouterr().out
    for command, words in (
        (double_descent, SMALL),
        (ntk, ["--width-min", "8", "--width-max", "32", "--trials", "6", "--json"]),
    ):
        code = command.main([*words, "--jobs", "1"])
        here = capfd.readouterr()
        assert command.main([*words, "-q", *on]) == code
        there = capfd.readouterr()
        assert there.out == here.out
        assert there.err == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--cluster", "tcp://127.0.0.1:8786", "--jobs", "2"], "--jobs"),
        (["--cluster", "nonsense"], "--cluster = nonsense: no dask scheduler answers there (missing port"),
        (["--cluster", "tcp://127.0.0.1:PORT"], "no dask scheduler answers there (Timed out"),
    ],
)
def test_addresses_without_a_cluster(
    words: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "CONNECT", 1.0)
    with socket.socket() as taken:  # bound and not listening: nobody else answers there
        taken.bind(("127.0.0.1", 0))
        words = [word.replace("PORT", str(taken.getsockname()[1])) for word in words]
        _refused(words, told, capfd)


def _refused(words: list[str], told: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert double_descent.main([*SMALL, *words]) == 2
    seen = capfd.readouterr()
    assert seen.out == ""
    (line,) = seen.err.splitlines()
    assert line.startswith("error: ")
    assert told in line


def test_no_workers_and_other_versions(
    local: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    _refused(["--cluster", local(0).scheduler_address], "has no workers; start some with", capfd)
    address = local(1).scheduler_address
    capfd.readouterr()
    honest, sources = fingerprint.versions(), fingerprint.code()[:12]
    with monkeypatch.context() as changed:
        changed.setattr(fingerprint, "versions", lambda: {**honest, "numpy": "1.0"})
        _refused(["--cluster", address], f" has numpy {honest['numpy']}, this command 1.0", capfd)
    monkeypatch.setattr(fingerprint, "code", lambda: "0" * 64)
    _refused(["--cluster", address], f" has sources {sources}, this command 000000000000", capfd)
