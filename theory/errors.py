"""What can go wrong besides a bad argument."""


class ConvergenceError(ArithmeticError):
    """A solver did not reach its tolerance; the message says what was tried and what to do."""
