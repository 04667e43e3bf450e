"""A trial that is interrupted at a deadline, in the process that asked for it."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from types import FrameType

AGAIN = 0.1  # seconds to the next look, where the timer's clock is ahead of ours


class DeadlineError(Exception):
    """The deadline has come in the middle of a trial."""


@contextmanager
def interrupted_at(deadline: float) -> Iterator[None]:
    """Raise DeadlineError inside once time.monotonic() reaches the deadline.

    Compiled code is interrupted as it returns. Only the main thread can be interrupted, and only by an
    operating system that has timers; elsewhere nothing is raised.

    >>> with interrupted_at(time.monotonic() + 60):
    ...     pass
    """
    main = threading.current_thread() is threading.main_thread()
    if deadline == inf or not main or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        if time.monotonic() >= deadline:
            raise DeadlineError
        signal.setitimer(signal.ITIMER_REAL, AGAIN)

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(deadline - time.monotonic(), 1e-6))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
