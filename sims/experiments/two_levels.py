"""The problem that many claims share: eigenvalues 2 and 1/2, more power in the first."""

import numpy as np

from theory import Problem


def two_levels(first: float, second: float, noise: float, signal: float = 1.0) -> Problem:
    """Levels of these multiplicities, with 3/2 and 1 times the signal in them.

    >>> two_levels(10, 30, noise=0.3)
    Problem(2 levels, rank 40, eigenvalues 2 .. 0.5, power 2.5, noise 0.3)
    """
    power = np.array([1.5, 1.0]) * signal
    return Problem(np.array([2.0, 0.5]), power, np.array([first, second], dtype=float), noise=noise)
