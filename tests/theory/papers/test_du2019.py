"""Du et al. 2019: the residual bound, the smallest eigenvalue, and width and step."""

from collections.abc import Callable
from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.checks import refuses
from tests.samples import gaussian, sphere
from theory import kernel
from theory.papers import arora2019, du2019


@given(st.integers(0, 99), st.floats(0.01, 1.0), st.integers(0, 10_000) | st.just(inf))
def test_du2019_bounds_the_kernel(seed: int, relative: float, steps: float) -> None:
    X, y = sphere(5, 4, seed), gaussian(5, 4, seed)[1]
    step = relative / np.linalg.norm(kernel.first_layer(X), 2)
    assert arora2019.residual(X, y, step, steps) <= du2019.residual_bound(X, y, step, steps) * (1 + 1e-12)


def test_du2019_repeated_inputs() -> None:
    X = np.array([[0.6, 0.8], [0.6, 0.8], [1.0, 0.0]])
    assert du2019.residual_bound(X, [1.0, -1.0, 2.0], 0.1, [0, 1000, inf]) == pytest.approx(sqrt(6))
    assert_allclose(arora2019.residual(X, [1.0, -1.0, 2.0], 0.1, inf), sqrt(2), rtol=1e-14)


X2 = [[1.0, 0.0], [0.0, 1.0]]


def test_smallest_eigenvalue() -> None:
    X = sphere(12, 5, 0)
    least = 1 / np.linalg.norm(np.linalg.inv(kernel.first_layer(X)), 2)
    assert_allclose(du2019.minimum_eigenvalue(X), least, rtol=1e-9)


def test_scaling_laws() -> None:
    assert_allclose(du2019.required_width(20, 0.5, 0.1, 3.0), 3 * 20**6 / (0.5**4 * 0.1**3))
    assert du2019.required_width(20, 0.0) == inf
    assert du2019.largest_step(10, [0.0, 0.5], 2.0).tolist() == [0.0, 0.01]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: du2019.residual_bound(X2, [1.0, 1.0], 9.0, 1), r"step lambda_0/2 = 2\.25"),
        (lambda: du2019.required_width(10, 0.5, 0.0), "delta = 0"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
