"""Trials in blocks, here or on any executor: short ones travel together, all run on one BLAS thread."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, overload
from uuid import UUID, uuid4

import numpy as np

from sims.blas import one_thread, one_thread_for_good
from sims.trials.deadline import DeadlineError, interrupted_at
from sims.trials.pool import interrupts_held_back
from sims.trials.store import Result

AHEAD = 1000  # blocks handed to an executor before their turn: more than any cluster's workers
GRACE = 1.0  # seconds after the deadline for what runs: not to lose a trial that is nearly done
SECONDS = 0.1  # of work in a block of short trials
HERE = uuid4()  # this process


@dataclass(frozen=True, slots=True)
class Task:
    """One trial at one point of a grid."""

    index: int
    """Number of the point in its grid."""
    point: Any
    """The point itself."""
    trial: int


class Tasks(Sequence[Task]):
    """What is left of `trials` trials at every point of a grid; each task is made when its turn comes.

    >>> left = Tasks(["a", "b"], trials=3, done=[(0, 0), (1, 1)])
    >>> [(task.point, task.trial) for task in left]
    [('a', 1), ('a', 2), ('b', 0), ('b', 2)]
    """

    def __init__(self, grid: Sequence[Any], trials: int, done: Iterable[tuple[int, int]]) -> None:
        places = np.sort(np.array([index * trials + trial for index, trial in done], dtype=np.int64))
        self._grid, self._trials = grid, trials
        self._jumps = places - np.arange(len(places))  # how many are left before each finished one

    def __len__(self) -> int:
        return len(self._grid) * self._trials - len(self._jumps)

    @overload
    def __getitem__(self, place: int) -> Task: ...

    @overload
    def __getitem__(self, place: slice) -> list[Task]: ...

    def __getitem__(self, place: int | slice) -> Task | list[Task]:
        if isinstance(place, slice):
            return [self[k] for k in range(len(self))[place]]
        k = range(len(self))[place]
        index, trial = divmod(k + int(np.searchsorted(self._jumps, k, side="right")), self._trials)
        return Task(index, self._grid[index], trial)


RunTask = Callable[[Task], Result]


def results(
    run: RunTask, tasks: Sequence[Task], executor: Executor | None, deadline: float
) -> Iterator[tuple[Task, Result]]:
    """Tasks with their results as they come; at the deadline no more of them start.

    What runs then has GRACE to end; in this process it is interrupted as soon as it is back in Python.
    """
    if executor is not None:
        yield from _on_executor(partial(run_block, run, HERE), tasks, executor, deadline)
        return
    for task in tasks:
        if time.monotonic() >= deadline:
            return
        try:
            with interrupted_at(deadline):
                result = run(task)
        except DeadlineError:
            return
        yield task, result


def run_block(run: RunTask, home: UUID, tasks: Sequence[Task]) -> list[Result]:
    """The results of tasks, in the process `home` that asked for them or in a worker.

    One BLAS thread: no fight between workers, and the same bits with any number of them.
    """
    if home != HERE:
        one_thread_for_good()
        return [run(task) for task in tasks]
    with one_thread():
        return [run(task) for task in tasks]


def _on_executor(
    run: Callable[[Sequence[Task]], list[Result]], tasks: Sequence[Task], executor: Executor, deadline: float
) -> Iterator[tuple[Task, Result]]:
    """Results as they arrive. At the deadline nothing more starts; what runs has GRACE to end."""
    arrived: SimpleQueue[Future[list[Result]]] = SimpleQueue()
    running: dict[Future[list[Result]], Sequence[Task]] = {}
    start, size, seconds, done = 0, 1, 0.0, 0
    over = deadline + GRACE
    try:
        while running or start < len(tasks):
            while start < len(tasks) and len(running) < AHEAD:
                block = tasks[start : start + size]
                with interrupts_held_back():
                    future = executor.submit(run, block)
                running[future] = block
                future.add_done_callback(arrived.put)
                start += len(block)
            try:
                left = max(deadline - time.monotonic(), 0.0)
                future = arrived.get(timeout=min(left, threading.TIMEOUT_MAX))
            except Empty:
                if start == len(tasks) and deadline == over:
                    return
                start, deadline = len(tasks), over
                for future in running:
                    future.cancel()
                continue
            block = running.pop(future)
            if future.cancelled():
                continue
            block_results = future.result()
            yield from zip(block, block_results, strict=True)
            seconds += sum(result.seconds for result in block_results)
            done += len(block_results)
            size = _block_size(seconds / done, len(tasks) - start)
    finally:
        for future in running:  # on an error or Ctrl-C: do not start what nobody waits for
            future.cancel()


def _block_size(seconds_per_trial: float, left: int) -> int:
    """Trials in the next block: some work for the trip, and enough blocks for all workers to end together."""
    return max(1, min(int(SECONDS / max(seconds_per_trial, 1e-9)), left // 64))
