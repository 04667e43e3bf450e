"""The argument `problem` of functions that take a `theory.Problem`."""

from typing import Any

from theory.arguments import show
from theory.problem import Problem


def spectral(problem: Any) -> Problem:
    """The argument `problem`, a `theory.Problem`."""
    if not isinstance(problem, Problem):
        raise ValueError(f"problem = {show(problem)} is not a theory.Problem; build one from its spectrum")
    return problem
