"""Basri et al. 2020: eigenvalues on the circle as printed, and learning times."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import refuses
from theory.papers import basri2020


def test_circle_as_printed() -> None:
    k = np.arange(2, 12)
    even = (k**2 + 1) / (2 * np.pi**2 * (k**2 - 1.0) ** 2)
    expected = np.where(k % 2 == 0, even, 1 / (2 * np.pi**2 * k**2))
    assert_allclose(basri2020.eigenvalue(k), expected, rtol=1e-12)
    assert_allclose(basri2020.eigenvalue([0, 1]), 1 / (2 * np.pi**2) + np.array([1 / 8, 1 / 16]), rtol=1e-12)
    assert_allclose(basri2020.eigenvalue(k, bias=False), np.where(k % 2 == 0, 2 * even, 0), rtol=1e-12)


def test_learning_times() -> None:
    fast, slow = basri2020.learning_time(2, 3, True, [0.1, 0.01])
    assert fast == basri2020.learning_time(2, 3, True, 0.1)
    assert_allclose(slow, 2 * fast)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: basri2020.eigenvalue(1, bias="yes"), "bias = 'yes'"),  # type: ignore[arg-type]
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
