"""Soudry et al. 2018: margins of the flow, integrated in log t."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp
from scipy.special import expit

from tests.checks import refuses
from theory.papers.soudry2018 import margins


def gram(n: int, d: int, seed: int) -> np.ndarray:
    X = np.random.default_rng(seed).standard_normal((n, d)) / np.sqrt(d)
    return X @ X.T


@pytest.mark.parametrize(("n", "d"), [(1, 1), (4, 60), (8, 300)])
def test_the_flow(n: int, d: int) -> None:
    A = gram(n, d, n)
    late = 24.0
    run = solve_ivp(
        lambda tau, m: np.exp(tau) * A @ expit(-m) / n, (-12, late), np.zeros(n), method="LSODA", rtol=1e-11,
        atol=1e-11,
    )  # fmt: skip
    assert_allclose(run.y[:, -1], margins(A, late), atol=3e-8)


def test_the_direction_is_that_of_the_largest_margin() -> None:
    """Margins of length 1: all alike, off by 1/log t."""
    A = gram(5, 200, 0)
    for when in (1e2, 1e4, 1e6):
        m = margins(A, when)
        assert_allclose(m / m.mean(), 1, atol=3 / when)


def test_arguments() -> None:
    refuses(lambda: margins([[1.0, 1.0], [1.0, 1.0]], 3.0), "A is not positive definite")
    refuses(lambda: margins([[1.0, 1.5], [1.5, 3.0]], 3.0), r"A has alpha\[1\] = -0.666667 <= 0: sample 1")
    refuses(lambda: margins([[1.0, 0.5]], 3.0), r"A has shape \(1, 2\); pass a Gram matrix")
    refuses(lambda: margins([[1.0, 0.5], [0.4, 1.0]], 3.0), "A is not symmetric")
