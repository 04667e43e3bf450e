"""The argument `problem` of functions that take a `theory.Problem`, and eigenvalues that are rounding."""

from dataclasses import replace
from math import frexp
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


def no_tail(problem: Any, method: str) -> None:
    """Refuse a problem with a tail, of which `method` has no limit of this kind."""
    if spectral(problem).tail > 0:
        raise ValueError(
            f"tail = {problem.tail:g} must be 0 for {method}; give its trace to levels of small eigenvalues"
        )


def distinct(problem: Problem) -> tuple[Array, Array, Array]:
    """Positive eigenvalues, ascending and each once, with their multiplicity and power.

    >>> distinct(Problem([2.0, 0.5, 2.0, 0.0], power=[1.0, 0.5, 0.25, 3.0], multiplicity=[1, 4, 2, 9]))
    (array([0.5, 2. ]), array([4., 3.]), array([0.5 , 1.25]))
    """
    learnable = problem.eigenvalues > 0
    lam, level = np.unique(problem.eigenvalues[learnable], return_inverse=True)
    m, power = np.zeros((2, lam.size))
    np.add.at(m, level, problem.multiplicity[learnable])
    np.add.at(power, level, problem.power[learnable])
    return lam, m, power


_FAR = 330  # a largest eigenvalue beyond 2^+-330 has a cube that a float cannot hold


def unit(problem: Problem) -> tuple[Problem, float]:
    """The problem with its eigenvalues and tail divided by a power of two, and that power.

    It is 1 unless the largest of them is so far from 1 that sums over the spectrum leave the range of
    floats; then largest and smallest come to lie as far above 1 as below, but the largest not beyond 2^300.
    Errors do not depend on the unit; ridges and kappa are in it, norms in its inverse.
    """
    positive = problem.eigenvalues[problem.eigenvalues > 0]
    sizes = [float(positive.max()), float(positive.min())] if positive.size else []
    exponents = [frexp(size)[1] for size in (*sizes, problem.tail) if size > 0]
    if not exponents or abs(max(exponents)) <= _FAR:
        return problem, 1.0
    exponent = max((max(exponents) + min(exponents)) // 2, max(exponents) - 300)
    scale = 2.0 ** min(max(exponent, -1022), 1022)
    return replace(problem, eigenvalues=problem.eigenvalues / scale, tail=problem.tail / scale), scale


def in_unit(ridge: Array, scale: float) -> Array:
    """A ridge divided by the scale; one that is not 0 stays so."""
    with np.errstate(over="ignore", under="ignore"):
        scaled = ridge / scale
    return np.where((ridge != 0) & (scaled == 0), np.copysign(5e-324, ridge), scaled)


def rounding(eigenvalues: NDArray[np.floating[Any]]) -> float:
    """Size up to which the eigenvalues of a positive semi-definite n x n matrix are rounding.

    It is n eps times the largest of them.

    >>> rounding(np.array([0.5, 1.0]))
    4.440892098500626e-16
    """
    return float(len(eigenvalues) * np.finfo(float).eps * eigenvalues.max(initial=0.0))


def significant(eigenvalues: Array) -> NDArray[np.bool_]:
    """Mask of the eigenvalues of a positive semi-definite n x n matrix that are not rounding.

    Those above n eps times the largest one count; a matrix of zeros has none.

    >>> significant(np.array([1e-17, 0.5, 1.0]))
    array([False,  True,  True])
    """
    return eigenvalues > rounding(eigenvalues)
