"""A trial that is interrupted at a deadline, in the process that asked for it."""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from math import inf
from types import FrameType
from typing import Any

AGAIN = 0.1  # seconds to the next look: our clock may be behind, or a destructor have swallowed the error

MAKERS = ("numba.", "llvmlite.", "importlib._bootstrap")
"""Modules that make code, and must not be interrupted in this process, which goes on."""


class DeadlineError(Exception):
    """The deadline has come in the middle of a trial."""


@contextmanager
def interrupted_at(deadline: float) -> Iterator[None]:
    """Raise DeadlineError inside once time.monotonic() reaches the deadline.

    Compiled code is interrupted as it returns, and neither a compilation nor an import is. Only the main
    thread can be interrupted, and only by an operating system that has timers; elsewhere nothing is raised.

    >>> with interrupted_at(time.monotonic() + 60):
    ...     pass
    """
    main = threading.current_thread() is threading.main_thread()
    if deadline == inf or not main or not hasattr(signal, "setitimer"):
        yield
        return

    inside = True

    def ring(number: int, frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_REAL, AGAIN)
        if inside and time.monotonic() >= deadline and not _half_made(frame):
            raise DeadlineError

    before, hook = signal.signal(signal.SIGALRM, ring), sys.unraisablehook
    sys.unraisablehook = partial(_told, hook)
    signal.setitimer(signal.ITIMER_REAL, max(deadline - time.monotonic(), 1e-6))
    try:
        try:
            yield
        finally:
            inside = False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        sys.unraisablehook = hook


def _half_made(frame: FrameType | None) -> bool:
    """Whether a function is being compiled, or a module imported: what is interrupted there stays broken."""
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith(MAKERS):
            return True
        frame = frame.f_back
    return False


def _told(hook: Callable[[Any], Any], lost: Any) -> None:
    """Say what was raised where nothing can be, unless it is a DeadlineError: that is raised again soon."""
    if not isinstance(lost.exc_value, DeadlineError):
        hook(lost)
