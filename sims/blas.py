"""How many threads the linear algebra libraries use: one, for the same bits on any number of cores.

A matrix product that is split over threads sums in another order, and so in other bits. Trials that run at
once would also fight for the cores.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import scipy.linalg  # noqa: F401  its BLAS must be loaded before the libraries are listed
from threadpoolctl import ThreadpoolController, threadpool_limits

_thread = threading.local()


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread in every BLAS and OpenMP library that is loaded by now.

    To look for them takes a millisecond: meant for a whole run; in a step that is short use
    `one_blas_thread`. Threads of one process need it around them all, for a limit that is set in one of them
    is lifted for all as soon as that one ends.

    >>> from threadpoolctl import threadpool_info
    >>> with one_thread():
    ...     {library["num_threads"] for library in threadpool_info()}
    {1}
    """
    with threadpool_limits(limits=1):
        yield


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """One thread in BLAS, in the libraries that were loaded at the first call: cheap enough for each step."""
    with _libraries().limit(limits=1, user_api="blas"):
        yield


@contextmanager
def one_openmp_thread() -> Iterator[None]:
    """One thread of OpenMP for what this thread calls, in libraries that are loaded by now."""
    with threadpool_limits(limits=1, user_api="openmp"):
        yield


def one_thread_for_good() -> None:
    """One thread in BLAS and OpenMP from now on, in a worker process that does nothing else.

    To set it anew for every block of trials takes 0.15 ms after a long trial. Every thread of a worker calls
    it: some libraries count by thread, and none lifts the limit of the others.
    """
    if not is_worker():
        _thread.limit = _libraries().limit(limits=1)


def is_worker() -> bool:
    """Whether this thread runs trials beside others, after `one_thread_for_good`.

    >>> is_worker()
    False
    """
    return hasattr(_thread, "limit")


def libraries() -> list[dict[str, Any]]:
    """What threadpoolctl tells of each library of BLAS and OpenMP: name, version, kernels, threads.

    >>> libraries()[0]["num_threads"] > 0
    True
    """
    return list(_libraries().info())


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()
