"""The argument `problem` of functions that take a `theory.Problem`."""

from typing import Any

from theory.arguments import show
from theory.problem import Problem


def spectral(problem: Any) -> Problem:
    """The argument `problem`, a `theory.Problem`."""
    if not isinstance(problem, Problem):
        raise ValueError(f"problem = {show(problem)} is not a theory.Problem; build one from its spectrum")
    return problem


def unlearnable(problem: Problem) -> float:
    """Target power that no feature can learn: `tail_power`, and what lies in eigenvalues of 0."""
    return problem.tail_power + float(problem.power[problem.eigenvalues == 0].sum())
