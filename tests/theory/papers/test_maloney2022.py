"""Maloney et al. 2022: one symmetric formula is the core's, and a power law of the scarcer number."""

from collections.abc import Callable
from math import inf, pi, sin

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from theory import Problem, random_features
from theory.papers import maloney2022


@pytest.mark.parametrize("a", [0.2, 0.7, 3.0])
@pytest.mark.parametrize("size", [60, 5000])
def test_it_is_the_core(a: float, size: int) -> None:
    sizes = np.array([1.5, 20, 59, 60, 61, 900, 20000, inf])
    problem = Problem.power_law(size, 1 + a, 1 + a)
    told = np.asarray(random_features(problem, sizes[:, None], sizes).test)
    square = (sizes[:, None] == size) & (sizes == size)
    told[square] = 0.0  # where the core has the limit of small ridges, and interpolation makes no error
    found = maloney2022.risk(a, sizes[:, None], sizes, size)
    assert_allclose(found, told, rtol=1e-10, atol=1e-300)
    np.testing.assert_array_equal(found, found.T)


@pytest.mark.parametrize("a", [0.4, 1.0, 2.0])
def test_without_end_the_scarcer_number_sets_a_power(a: float) -> None:
    m = np.array([1e3, 1e5])
    constant = (pi / (1 + a) / sin(pi / (1 + a))) ** (1 + a)
    found = maloney2022.risk(a, m, 4 * m, inf)
    assert_allclose(found * 0.75 * m**a / constant, 1.0, rtol=2 * (1 + a) / m[0])
    assert_allclose(maloney2022.risk(a, inf, m, inf) * m**a / constant, 1.0, rtol=2 * (1 + a) / m[0])
    long = maloney2022.risk(a, 50, 200, 10**6)
    assert_allclose(maloney2022.risk(a, 50, 200, inf), long, rtol=2 * (50 / 10**6) ** min(a, 1) * 10)


def test_ends() -> None:
    assert maloney2022.risk(0.7, 50, 50, 100) == inf
    np.testing.assert_array_equal(maloney2022.risk(0.7, [100, 500, inf], 100, 100), 0.0)
    assert maloney2022.risk(0.7, inf, inf, inf) == 0.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: maloney2022.risk(0.0, 5, 5, 10), "exponent = 0 must be"),
        (
            lambda: maloney2022.risk([0.5, 1.0], 5, 5, 10),
            r"exponent = array\(.*\) must be one number",
        ),
        (lambda: maloney2022.risk(0.7, 0, 5, 10), "n = 0 must be"),
        (lambda: maloney2022.risk(0.7, 5, -1, 10), "p = -1 must be"),
        (lambda: maloney2022.risk(0.7, 5, 5, 10.5), "size = 10.5 must be"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_samples_and_features_broadcast() -> None:
    broadcasts(lambda *a: maloney2022.risk(0.7, *a, 100), [30.0, 50.0])
