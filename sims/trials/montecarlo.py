"""Trials: seeds that depend on nothing but the trial, run on any executor, in any order, kept in a store."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from concurrent.futures.process import BrokenProcessPool
from functools import cache, partial
from math import inf
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple
from uuid import UUID, uuid4
from zlib import crc32

import numpy as np
import scipy.linalg  # noqa: F401  its BLAS must be there when threads are limited
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController, threadpool_limits

from sims.trials.fingerprint import Point
from sims.trials.pool import interrupts_held_back
from sims.trials.sample import Sample
from sims.trials.store import Result, Store, StoreError

Trial = Callable[[np.random.Generator], NDArray[np.float64]]
TrialAt = Callable[[Any, np.random.Generator], NDArray[np.float64]]

AHEAD = 1000  # blocks handed to an executor before their turn: more than any cluster's workers
BLOCK = 0.1  # seconds of work in a block of short trials
COMMIT = 0.5  # seconds between two commits: all that a kill can lose
HERE = uuid4()  # this process

_thread = threading.local()


class Task(NamedTuple):
    """One trial at one point of the grid."""

    point: int
    place: Any
    trial: int


class Stopped(Exception):
    """A sweep ended early; `finished` trials, counted from the first, are done at every point.

    >>> print(Stopped("time is up", done=7, trials=20, finished=5))
    time is up: 7 of 20 trials are done
    """

    def __init__(self, reason: str, done: int, trials: int, finished: int) -> None:
        super().__init__(reason, done, trials, finished)
        self.reason, self.done, self.trials, self.finished = reason, done, trials, finished

    def __str__(self) -> str:
        return f"{self.reason}: {self.done} of {self.trials} trials are done"


def generator(seed: int, experiment: str, point: int, trial: int) -> np.random.Generator:
    """The random numbers of one trial: the same whoever runs it, and whenever.

    >>> a, b = (generator(0, "peak", 0, trial=3).random() for _ in range(2))
    >>> a == b
    True
    """
    key = (crc32(experiment.encode()), point, trial)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def run(
    trial: Trial,
    trials: int,
    seed: int,
    experiment: str,
    executor: Executor | None = None,
    progress: Callable[[int], None] = lambda done: None,
    **keeping: Any,
) -> Sample:
    """Run `trial(rng)` once per trial and stack what it measures, (trials, points): `sweep` at one point.

    Parameters
    ----------
    trial : callable
        Takes a Generator, returns a 1-D array; must be picklable for an executor of processes.
    trials, seed, experiment, executor, progress, **keeping
        As for `sweep`.

    Returns
    -------
    Sample

    Raises
    ------
    ValueError
        If trials < 1 or seed < 0.

    >>> sample = run(lambda rng: rng.normal(size=2), trials=100, seed=0, experiment="example")
    >>> sample.values.shape
    (100, 2)
    """
    at = partial(_anywhere, trial)
    return sweep(at, [None], trials, seed, experiment, executor, progress, **keeping)[0]


def try_out(trial: Trial, point: Point, trials: Sequence[int]) -> list[Result]:
    """The trials of `run` with these numbers, in this process.

    >>> try_out(lambda rng: rng.normal(size=2), Point("example", {}, seed=0), [5])[0].value.shape
    (2,)
    """
    tasks = [Task(point.index, point.place, number) for number in trials]
    return _block(partial(_one, partial(_anywhere, trial), point.seed, point.experiment), HERE, tasks)


def _anywhere(trial: Trial, place: None, rng: np.random.Generator) -> NDArray[np.float64]:
    return trial(rng)


def sweep(
    trial: TrialAt,
    grid: Sequence[Any],
    trials: int,
    seed: int,
    experiment: str,
    executor: Executor | None = None,
    progress: Callable[[int], None] = lambda done: None,
    *,
    store: Store | None = None,
    config: Mapping[str, Any] | None = None,
    fresh: bool = False,
    deadline: float = inf,
) -> list[Sample]:
    """Run `trial(point, rng)` so often at every point of the grid; one Sample for each point.

    Parameters
    ----------
    trial : callable
        Takes a point and a Generator, returns a 1-D array; must be picklable for an executor of processes.
    grid : sequence
        Numbers or texts; anything that JSON can hold.
    trials : int >= 1
    seed : int >= 0
    experiment : str
        Name that keeps the random numbers of two experiments with one seed apart.
    executor : concurrent.futures.Executor, optional
        Where the trials run; in this process by default. The result is bit-identical either way.
    progress : callable
        Called with the number of finished trials, first with that of the reused ones.
    store : Store, optional
        Where finished trials are kept, and found again.
    config : mapping, optional
        All that a trial depends on beside experiment, point, seed and code; needed with a store.
    fresh : bool
        Do not reuse trials of the store.
    deadline : float
        When to stop, on the clock of time.monotonic().

    Returns
    -------
    list of Sample

    Raises
    ------
    ValueError
        If trials < 1 or seed < 0, or there is a store but no config.
    Stopped
        At the deadline, or if the executor broke, as when a worker died.

    >>> [s.mean.tolist() for s in sweep(lambda point, rng: [2.0 * point], [1, 2], 3, 0, "example")]
    [[2.0], [4.0]]
    """
    if trials < 1:
        raise ValueError(f"trials = {trials} must be at least 1")
    if seed < 0:
        raise ValueError(f"seed = {seed} must be zero or positive")
    if store is not None and config is None:
        raise ValueError("config = None: a store must know what the trials depend on; pass a mapping")
    points = [Point(experiment, config or {}, seed, i, place) for i, place in enumerate(grid)]
    rows: dict[tuple[int, int], NDArray[np.float64]] = {}
    if store is not None and not fresh:
        for point in points:
            rows.update(((point.index, r.trial), r.value) for r in store.finished(point, trials))
    if rows:
        progress(len(rows))
    todo = [Task(i, place, t) for i, place in enumerate(grid) for t in range(trials) if (i, t) not in rows]
    one = partial(_one, trial, seed, experiment)
    reason = "time is up"
    keeper = _Keeper(store, points)
    # in threads the limit of one trial would be lifted by the first to end: here it holds for all
    with threadpool_limits(limits=1), keeper:
        try:
            for task, result in _results(one, todo, executor, deadline):
                rows[task.point, task.trial] = result.value
                keeper.keep(task, result)
                progress(len(rows))
        except BrokenExecutor as error:
            died = isinstance(error, BrokenProcessPool)
            reason = "a worker died (killed, or out of memory)" if died else str(error)
    if len(rows) < len(grid) * trials:
        finished = min(
            next((t for t in range(trials) if (i, t) not in rows), trials) for i in range(len(grid))
        )
        raise Stopped(reason, len(rows), len(grid) * trials, finished)
    return [Sample(np.array([rows[i, t] for t in range(trials)])) for i in range(len(grid))]


class _Keeper:
    """Commits finished trials now and then, and what is left at the end, however it comes."""

    def __init__(self, store: Store | None, points: Sequence[Point]) -> None:
        self._store, self._points = store, points
        self._waiting: dict[int, list[Result]] = {}
        self._last = time.monotonic()

    def keep(self, task: Task, result: Result) -> None:
        self._waiting.setdefault(task.point, []).append(result)
        if time.monotonic() > self._last + COMMIT:
            self.flush()

    def flush(self) -> None:
        if self._store is not None:
            for point, results in self._waiting.items():
                self._store.add(self._points[point], results)
        self._waiting = {}  # only now: an interrupted commit is repeated
        self._last = time.monotonic()

    def __enter__(self) -> "_Keeper":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None or not issubclass(kind, StoreError):
            self.flush()


def _results(
    one: Callable[[Task], Result], todo: Sequence[Task], executor: Executor | None, deadline: float
) -> Iterator[tuple[Task, Result]]:
    if executor is not None:
        yield from _parallel(partial(_block, one, HERE), todo, executor, deadline)
        return
    for task in todo:
        if time.monotonic() >= deadline:
            return
        yield task, one(task)


def _parallel(
    call: Callable[[Sequence[Task]], list[Result]], todo: Sequence[Task], executor: Executor, deadline: float
) -> Iterator[tuple[Task, Result]]:
    """Results as they arrive. At the deadline nothing more starts; what runs is waited for."""
    arrived: SimpleQueue[Future[list[Result]]] = SimpleQueue()
    running: dict[Future[list[Result]], Sequence[Task]] = {}
    start, size, seconds, done = 0, 1, 0.0, 0
    try:
        while running or start < len(todo):
            while start < len(todo) and len(running) < AHEAD:
                block = todo[start : start + size]
                with interrupts_held_back():
                    future = executor.submit(call, block)
                running[future] = block
                future.add_done_callback(arrived.put)
                start += len(block)
            try:
                left = max(deadline - time.monotonic(), 0.0)
                future = arrived.get(timeout=min(left, threading.TIMEOUT_MAX))
            except Empty:
                start, deadline = len(todo), inf
                for future in running:
                    future.cancel()
                continue
            block = running.pop(future)
            if future.cancelled():
                continue
            results = future.result()
            yield from zip(block, results, strict=True)
            seconds, done = seconds + sum(result.seconds for result in results), done + len(results)
            size = max(1, min(int(BLOCK * done / max(seconds, 1e-9)), (len(todo) - start) // 64))
    finally:
        for future in running:  # on an error or Ctrl-C: do not start what nobody waits for
            future.cancel()


@cache
def _controller() -> ThreadpoolController:
    """Of the libraries that this process has loaded; to look for them takes a millisecond."""
    return ThreadpoolController()


def _block(one: Callable[[Task], Result], home: UUID, tasks: Sequence[Task]) -> list[Result]:
    # one BLAS thread: no fight between workers, and the same bits in any number of them
    if home != HERE:
        _limit_for_good()
        return [one(task) for task in tasks]
    with _controller().limit(limits=1):
        return [one(task) for task in tasks]


def _limit_for_good() -> None:
    """A worker keeps one BLAS thread: to set it anew takes 0.15 ms after a long trial.

    A worker of dask may run trials in several threads: none of them lifts the limit of the others, and each
    sets its own, for some libraries count by thread.
    """
    if not hasattr(_thread, "limit"):
        _thread.limit = _controller().limit(limits=1)


def _one(trial: TrialAt, seed: int, experiment: str, task: Task) -> Result:
    start = time.perf_counter()
    value = trial(task.place, generator(seed, experiment, task.point, task.trial))
    seconds = time.perf_counter() - start
    return Result(task.trial, np.asarray(value, dtype=np.float64), seconds)
