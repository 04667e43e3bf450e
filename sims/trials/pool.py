"""Processes of this machine that run trials, and how many of them to start."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from ctypes import CDLL
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, TypeVar

from sims.blas import is_worker, one_blas_thread

PR_SET_PDEATHSIG = 1  # of Linux's prctl
MOST = 4  # threads of a trial: more need more memory than they save time

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@contextmanager
def local_pool(jobs: int) -> Iterator[Executor | None]:
    """`jobs` processes on this machine, or None for one job: then trials run in this process.

    They leave Ctrl-C to their parent, and end with it however it ends. On an error, at a deadline or an
    interruption they are killed in the middle of their trials, for nobody waits for these.

    >>> with local_pool(1) as pool:
    ...     print(pool)
    None
    """
    if jobs < 1:
        raise ValueError(f"jobs = {jobs} must be at least 1")
    if jobs == 1:
        yield None
        return
    if os.name == "posix":  # before there is a semaphore: a kill in between would leave that behind
        resource_tracker.ensure_running()
    context = _Recording()
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_follow_parent, initargs=(os.getpid(),))
    try:
        yield pool
    except BaseException:
        # First: a pool that loses a worker stumbles over trials that were cancelled before.
        pool.shutdown(wait=False, cancel_futures=True)
        for process in context.started:
            process.kill()
        for process in context.started:
            process.join()
        raise
    pool.shutdown(cancel_futures=True)


class _Recording(SpawnContext):
    """How processes start, with a list of them; they are spawned, for forked ones inherit locks of BLAS."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[SpawnProcess] = []

    def Process(self, *args: Any, **settings: Any) -> SpawnProcess:  # type: ignore[override]  # a class
        """A new process, which is remembered."""
        process = SpawnProcess(*args, **settings)
        self.started.append(process)
        return process


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Hold signals that end a process back: a worker that starts inside is whole before it meets one."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow_parent(pid: int) -> None:
    """Make this worker leave Ctrl-C and the end of the terminal to its parent, and end when that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    _killed_with_parent(pid)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def end_with_parent() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()


def _killed_with_parent(pid: int) -> None:
    """Let Linux kill this worker as its parent ends: a thread must wait for a compiled loop to return."""
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):  # another C library
        CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != pid:  # it ended before
        os._exit(1)


def cores() -> int:
    """Number of cores that this process may use.

    >>> cores() >= 1
    True
    """
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def threads() -> int:
    """How many threads a trial may start: one for each core up to MOST, but one in a worker beside others.

    >>> 1 <= threads() <= MOST
    True
    """
    return 1 if is_worker() else min(cores(), MOST)


def spread(function: Callable[[_Item], _Result], items: Sequence[_Item]) -> list[_Result]:
    """`function` of each item, by as many threads, of one thread of BLAS each; give the longest first.

    On an error or an interruption no more items start, and nobody waits for those that run.

    >>> spread(str, [2, 1])
    ['2', '1']
    """

    def alone(item: _Item) -> _Result:
        with one_blas_thread():  # some libraries count by thread
            return function(item)

    workers = ThreadPoolExecutor(threads())
    try:
        with one_blas_thread():
            return list(workers.map(alone, items))
    finally:
        workers.shutdown(wait=False, cancel_futures=True)


def jobs(asked: int | None, trials: int, quick: bool) -> int:
    """Number of processes for these trials: as many as asked for, or else one per core.

    A quick run gets one, for it would be over before more had started.

    >>> jobs(None, trials=10, quick=True)
    1
    """
    if asked is None:
        return 1 if quick else min(cores(), trials)
    if asked < 1:
        raise ValueError(f"--jobs = {asked} must be at least 1")
    return min(asked, trials)
