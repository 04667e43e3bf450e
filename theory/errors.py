"""What can go wrong besides a bad argument."""

from __future__ import annotations

from theory.names import own_names

__dir__ = own_names(globals())


class ConvergenceError(ArithmeticError):
    """A solver did not reach its tolerance; the message says what was tried and what to do."""
