"""Kunin et al. 2024: the tangent kernel of two weights that are integrated."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from tests.checks import broadcasts, refuses
from theory.papers.kunin2024 import kernel


@pytest.mark.parametrize("imbalance", [0.0, 0.3, 4.0])
def test_kernel_of_both_weights(imbalance: float) -> None:
    u, s, t = 0.05, 1.5, 0.9
    a2 = (imbalance + np.sqrt(imbalance**2 + 4 * u**2)) / 2
    a, b = solve_ivp(
        lambda _, w: (s - w[0] * w[1]) * w[::-1],
        (0, t),
        [np.sqrt(a2), u / np.sqrt(a2)],
        rtol=1e-11,
        atol=1e-13,
    ).y[:, -1]
    assert_allclose(kernel(s, u, t, imbalance), a**2 + b**2, rtol=1e-8)
    assert_allclose(kernel(s, u, 0.0, imbalance), np.hypot(imbalance, 2 * u), rtol=1e-14)
    assert_allclose(kernel(s, u, np.inf, imbalance), np.hypot(imbalance, 2 * s), rtol=1e-14)


def test_arguments() -> None:
    broadcasts(kernel, [3.0, 0.25, 0.5, 1.5])
    refuses(lambda: kernel(1.0, 0.1, 1.0, -1.0), "imbalance = -1 must be finite and zero or positive")
