"""The argument `problem` of functions that take a `theory.Problem`, and eigenvalues that are rounding."""

from typing import Any

import numpy as np

from theory.arguments import Array, show
from theory.problem import Problem


def spectral(problem: Any) -> Problem:
    """The argument `problem`, a `theory.Problem`."""
    if not isinstance(problem, Problem):
        raise ValueError(f"problem = {show(problem)} is not a theory.Problem; build one from its spectrum")
    return problem


def unlearnable(problem: Problem) -> float:
    """Target power that no feature can learn: `tail_power`, and what lies in eigenvalues of 0."""
    return problem.tail_power + float(problem.power[problem.eigenvalues == 0].sum())


def significant(eigenvalues: Array) -> Array:
    """Mask of the eigenvalues of a positive semi-definite n x n matrix that are not rounding.

    Those above n eps times the largest one count; a matrix of zeros has none.

    >>> significant(np.array([1e-17, 0.5, 1.0]))
    array([False,  True,  True])
    """
    return eigenvalues > len(eigenvalues) * np.finfo(float).eps * eigenvalues.max(initial=0.0)
