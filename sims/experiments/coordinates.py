"""A problem coordinate by coordinate, as a design that is drawn needs it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from theory import Problem
from theory.engines import conditional

Array = NDArray[np.float64]


class Coordinates(NamedTuple):
    """The eigenfunctions of a problem, level by level."""

    variance: Array
    """(rank,) eigenvalue of each."""
    power: Array
    """(rank,) target power in each: that of the level, spread evenly."""

    @property
    def beta(self) -> Array:
        """(rank,) coefficients of the target on coordinates of these variances, all positive."""
        beta: Array = np.sqrt(self.power / self.variance)
        return beta


def coordinates(problem: Problem) -> Coordinates:
    """One entry for each eigenfunction; multiplicities are whole.

    >>> coordinates(Problem([2.0, 0.5], [1.0, 3.0], [1, 2])).power
    array([1. , 1.5, 1.5])
    """
    return Coordinates(*conditional.coordinates(problem.eigenvalues, problem.power, problem.multiplicity))
