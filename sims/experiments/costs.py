"""What a piece of work costs on this machine: processor seconds and memory."""

import time
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class Cost(NamedTuple):
    """Of one piece of work."""

    seconds: float
    """Of the processor, the least of the runs."""
    bytes: int
    """The most in use at a time."""


def measured(works: Sequence[Callable[[], Any]], runs: int = 4) -> list[Cost]:
    """The cost of each piece of work; they take turns, so that a busy moment meets all of them.

    Use it for comparisons on one machine: seconds of another are others.

    >>> small, large = measured([lambda: bytearray(1000), lambda: bytearray(1_000_000)])
    >>> large.bytes > 100 * small.bytes
    True
    """
    seconds = [float("inf")] * len(works)
    for _ in range(runs):
        for i, work in enumerate(works):
            start = time.thread_time()
            work()
            seconds[i] = min(seconds[i], time.thread_time() - start)
    return [Cost(least, _peak(work)) for least, work in zip(seconds, works, strict=True)]


def _peak(work: Callable[[], Any]) -> int:
    """Most bytes in use while the work runs, beyond those before; without those of compiled code."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
