"""Ghorbani et al. 2021: the staircase of degrees, and the core in high dimension."""

from collections.abc import Callable
from math import inf

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from theory import Problem, ridge
from theory.papers import ghorbani2021

POWER = [0.1, 0.4, 0.3, 0.15, 0.05]


@pytest.mark.parametrize(
    ("s", "w", "model", "degree"),
    [
        (0.5, inf, "kernel", 0),
        (1.5, inf, "kernel", 1),
        (7.5, inf, "kernel", 7),
        (inf, inf, "kernel", 9),
        (2.5, 1.5, "random_features", 1),
        (1.5, 2.5, "random_features", 1),
        (inf, 0.5, "random_features", 0),
        (inf, 1.5, "neural_tangent", 2),
        (2.5, 0.5, "neural_tangent", 1),
        (1.5, 3.5, "neural_tangent", 1),
    ],
)
def test_ghorbani2021_staircase(s: float, w: float, model: str, degree: int) -> None:
    assert_allclose(ghorbani2021.limiting_excess(POWER, s, w, model), sum(POWER[degree + 1 :]), rtol=1e-14)


def test_ghorbani2021_edges() -> None:
    found = ghorbani2021.limiting_excess(POWER, [[0.0], [1.0], [1.5]], [0.5, 2.0, inf], "random_features")
    assert np.isnan(found).tolist() == [[True] * 3, [True] * 3, [False, True, False]]
    assert ghorbani2021.limiting_excess([], 1.5) == 0


def test_ghorbani2021_is_the_limit_of_the_core() -> None:
    """Kernel regression on the sphere of R^d for large d, in the middle of each step."""
    d, power = 30000, [0.0, 0.5, 0.3, 0.2]
    problem = Problem.from_kernel_on_sphere(lambda t: np.exp(t), d=d, target_power=power)
    for s in (0.5, 1.5, 2.5):
        found = ridge(problem, d**s).test
        assert_allclose(found, ghorbani2021.limiting_excess(power, s), rtol=0.01)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ghorbani2021.limiting_excess([0.1, -0.2], 1.5), "power = -0.2"),
        (lambda: ghorbani2021.limiting_excess(0.1, 1.5), r"power .*\(\)"),
        (lambda: ghorbani2021.limiting_excess([0.1], -0.5), "sample_exponent = -0.5"),
        (lambda: ghorbani2021.limiting_excess([0.1], 1.5, 2.5), "width_exponent = 2.5"),
        (lambda: ghorbani2021.limiting_excess([0.1], 1.5, model="ntk"), "model = 'ntk'"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(lambda *a: ghorbani2021.limiting_excess(POWER, *a, "random_features"), [1.5, 0.5])
