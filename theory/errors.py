"""What can go wrong besides a bad argument."""

from __future__ import annotations

from theory.names import own_names

__dir__ = own_names(globals())


class ConvergenceError(ArithmeticError):
    """A solver did not reach its tolerance; the message says what was tried and what to do."""


class SingularKernelWarning(RuntimeWarning):
    """A kernel matrix is singular to rounding, and the answer leaves its smallest modes out.

    The true solution without a ridge, or at the end of training, may differ by far. `rank` is the numerical
    rank, `size` the number of samples, `condition` the ratio of the extreme eigenvalues as computed.
    """

    def __init__(self, message: str, rank: int, size: int, condition: float) -> None:
        super().__init__(message)
        self.rank, self.size, self.condition = rank, size, condition
