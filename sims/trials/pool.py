"""Processes of this machine that run trials, and how many of them to start."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait


@contextmanager
def local_pool(jobs: int) -> Iterator[Executor | None]:
    """`jobs` processes on this machine, or None for one job: then trials run in this process.

    They ignore Ctrl-C, which their parent handles, and end with it however it ends.

    >>> with local_pool(1) as pool:
    ...     print(pool)
    None
    """
    if jobs < 1:
        raise ValueError(f"jobs = {jobs} must be at least 1")
    if jobs == 1:
        yield None
        return
    # spawn: forked processes inherit locks of BLAS threads
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_follow_parent)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Hold Ctrl-C back until the end: a worker that starts inside inherits that, before it can ignore it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow_parent() -> None:
    """Make this worker leave Ctrl-C to its parent, and end when that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def end_with_parent() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()


def cores() -> int:
    """Number of cores that this process may use.

    >>> cores() >= 1
    True
    """
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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
