"""The executor over dask's client: results, errors, lost workers and connections, workers that are refused.

The client is a fake with one worker in this process; `test_real_cluster` starts real ones.
"""

import sys
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sims.double_descent import command as double_descent
from sims.trials import cluster, fingerprint, montecarlo, store

ADDRESS, WORKER = "tcp://127.0.0.1:8786", "tcp://127.0.0.1:40000"


class KilledWorker(Exception):
    """What dask raises for a task whose workers died."""


class FakeFuture:
    """A future of dask with one callback: done at once when it has that, or when the test says `finish`."""

    def __init__(self, call: Callable[[], Any], wait: bool) -> None:
        self._call, self._wait = call, wait
        self.status = "pending"

    def add_done_callback(self, callback: Callable[[Any], None]) -> None:
        self._callback = callback
        if not self._wait:
            self.finish()

    def result(self) -> Any:
        if isinstance(self._outcome, BaseException):
            raise self._outcome
        return self._outcome

    def finish(self) -> None:
        try:
            self._outcome, self.status = self._call(), "finished"
        except BaseException as error:
            self._outcome, self.status = error, "lost" if isinstance(error, OSError) else "error"
        self._callback(self)


class FakeDask(ModuleType):
    """The module `distributed`, with one worker that computes in this process."""

    KilledWorker = KilledWorker

    def __init__(self) -> None:
        super().__init__("distributed")
        self.comm = SimpleNamespace(get_address_host_port=lambda address: None)
        self.threads = {WORKER: 2}
        self.versions: Callable[[], Any] = cluster.versions
        self.before_task: Callable[[int], None] = lambda number: None
        """Called with the number of each task before it runs; what it raises is the task's error."""
        self.tasks: list[FakeFuture] = []
        self.wait = False
        """Tasks wait until the test finishes them."""

    def Client(self, address: str, timeout: float, set_as_default: bool) -> "FakeDask":
        assert not set_as_default
        return self

    def __enter__(self) -> "FakeDask":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def nthreads(self) -> dict[str, int]:
        return self.threads

    def run(self, function: Callable[[], Any], on_error: str) -> dict[str, Any]:
        assert (function, on_error) == (cluster.versions, "return")
        return {worker: self.versions() for worker in self.threads}

    def submit(self, function: Callable[..., Any], *args: Any, pure: bool) -> FakeFuture:
        assert not pure
        number = len(self.tasks)

        def call() -> Any:
            self.before_task(number)
            return function(*args)

        self.tasks.append(FakeFuture(call, self.wait))
        return self.tasks[-1]


@pytest.fixture
def dask(monkeypatch: pytest.MonkeyPatch) -> FakeDask:
    fake = FakeDask()
    monkeypatch.setitem(sys.modules, "distributed", fake)
    return fake


def _trial(rng: np.random.Generator) -> np.ndarray:
    return rng.standard_normal(3)


def test_the_same_bits_as_in_this_process(dask: FakeDask) -> None:
    alone = montecarlo.run(_trial, 7, 3, "bits").values
    with cluster.workers(ADDRESS) as pool:
        np.testing.assert_array_equal(montecarlo.run(_trial, 7, 3, "bits", pool).values, alone)
    assert len(dask.tasks) == 7


def test_threads_are_those_of_all_workers(dask: FakeDask) -> None:
    dask.threads = {WORKER: 2, "tcp://127.0.0.1:40001": 3}
    assert cluster.threads(ADDRESS) == 5


def test_an_error_of_a_trial_comes_out(dask: FakeDask) -> None:
    def wrong(rng: np.random.Generator) -> np.ndarray:
        raise ZeroDivisionError("in a trial")

    with cluster.workers(ADDRESS) as pool, pytest.raises(ZeroDivisionError, match="in a trial"):
        montecarlo.run(wrong, 3, 0, "x", pool)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (KilledWorker("task", WORKER), "every worker that took a trial died"),
        (OSError("closed"), "the connection to the cluster was lost"),
    ],
)
def test_what_was_done_before_a_loss_is_saved(
    dask: FakeDask, error: Exception, reason: str, tmp_path: Path
) -> None:
    def fail(number: int) -> None:
        if number >= 4:
            raise error

    dask.before_task = fail
    with store.opened(tmp_path / "a.sqlite") as kept, cluster.workers(ADDRESS) as pool:
        with pytest.raises(montecarlo.Stopped, match=reason) as stop:
            montecarlo.run(_trial, 9, 0, "lost", pool, store=kept, config={})
        assert (stop.value.done, stop.value.finished) == (4, 4)
        results = kept.finished(montecarlo.provenance(_trial, "lost", {}, 0), 9)
        assert [result.trial for result in results] == [0, 1, 2, 3]


def test_a_worker_that_joins_with_other_code_computes_nothing(
    dask: FakeDask, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[int] = []
    with cluster.workers(ADDRESS) as pool:
        monkeypatch.setattr(fingerprint, "code", lambda: "other")
        future = pool.submit(called.append, 1)
        with pytest.raises(BrokenExecutor, match="a worker that joined has other versions"):
            future.result()
    assert called == []


def test_a_cancelled_future_stays_cancelled(dask: FakeDask) -> None:
    dask.wait = True
    with cluster.workers(ADDRESS) as pool:
        cancelled, other = pool.submit(int, "1"), pool.submit(int, "2")
        assert cancelled.cancel()
        for task in dask.tasks:
            task.finish()
        assert cancelled.cancelled()
        assert other.result() == 2


# ---------------------------------------------------------------- clusters that cannot be used


def _refusal(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line with which a command refuses the cluster."""
    small = ["--n", "40", "--d", "20", "--p-max", "160", "--trials", "8", "--points", "6", "--json"]
    assert double_descent.main([*small, "--cluster", ADDRESS]) == 2
    seen = capsys.readouterr()
    assert seen.out == ""
    (line,) = seen.err.splitlines()
    assert line.startswith(f"error: --cluster = {ADDRESS}")
    return line


def test_without_dask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "python -m pip install 'overparam[cluster]'" in _refusal(capsys)


@pytest.mark.parametrize("error", [OSError("Timed out\n after 10 s"), ValueError("missing port")])
def test_no_scheduler(dask: FakeDask, error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    def nobody(address: str) -> None:
        raise error

    dask.comm.get_address_host_port = nobody
    assert f"no dask scheduler answers there ({' '.join(str(error).split())})" in _refusal(capsys)


def test_no_workers(dask: FakeDask, capsys: pytest.CaptureFixture[str]) -> None:
    dask.threads = {}
    assert "has no workers; start some with" in _refusal(capsys)


@pytest.mark.parametrize("name", ["python", "overparam", "numpy", "scipy", "numba", "blas", "sources"])
def test_a_worker_with_other_versions(dask: FakeDask, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    ours = cluster.versions()
    dask.versions = lambda: {**ours, name: "0.1"}
    assert f"worker {WORKER} has {name} 0.1, this command {ours[name]}" in _refusal(capsys)


def test_a_worker_with_another_processor_is_told_what_to_do(
    dask: FakeDask, capsys: pytest.CaptureFixture[str]
) -> None:
    dask.versions = lambda: {**cluster.versions(), "blas": "openblas Prescott"}
    assert "has blas openblas Prescott" in (told := _refusal(capsys))
    assert "take workers of one kind" in told


def test_a_worker_that_lacks_an_extra_or_has_one_more(
    dask: FakeDask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = cluster.versions()
    dask.versions = lambda: {**ours, "scikit-learn": "1.6"}
    monkeypatch.setattr(cluster, "versions", lambda: {k: v for k, v in ours.items() if k != "scikit-learn"})
    assert "has scikit-learn 1.6, this command not installed" in _refusal(capsys)


def test_a_worker_without_this_package(dask: FakeDask, capsys: pytest.CaptureFixture[str]) -> None:
    dask.versions = lambda: ModuleNotFoundError("No module named 'sims'")
    assert "cannot import this version of overparam (No module named 'sims')" in _refusal(capsys)
