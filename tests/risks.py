"""Fits of the equation at a point, comparisons of their fields, and the sums of the equation as printed."""

import numpy as np
from numpy.testing import assert_allclose

from tests.strategies import Point
from theory import Problem, Risk, random_features

THREE = Problem([4.0, 1.0, 0.25], [4.0, 0.5, 0.7], [100, 200, 100], tail_power=0.3, noise=0.5)
PARTS = [name for name in Risk._fields if name.startswith("var_")]
ERRORS = ["test", "train", "bias", "variance", *PARTS]


def fit(point: Point) -> Risk:
    """The risk at a point."""
    return random_features(*point)


def close(one: Risk, other: Risk, factors: dict[str, float] | None = None, rtol: float = 1e-11) -> None:
    """`one` is `other` times the factor of each field (1 where none is given)."""
    for name in Risk._fields:
        expected = getattr(other, name) * (factors or {}).get(name, 1.0)
        assert_allclose(getattr(one, name), expected, rtol=rtol, err_msg=name)


def sums(problem: Problem, g: float) -> tuple[float, float, float, float]:
    """T, q, A, C at g, as they are printed; only for g > 0."""
    lam, m, v2 = problem.eigenvalues, problem.multiplicity, problem.power
    return (
        np.sum(m * lam / (lam + g)) + problem.tail / g,
        np.sum(m * (lam / (lam + g)) ** 2),
        np.sum(v2 * (g / (lam + g)) ** 2) + problem.tail_power,
        np.sum(v2 * lam * g / (lam + g) ** 2),
    )


def zero(risk: Risk, *names: str) -> None:
    """These fields are exactly 0."""
    for name in names:
        assert getattr(risk, name) == 0, name
