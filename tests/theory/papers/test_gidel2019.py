"""Gidel et al. 2019: two layers of matrices integrated, and the limit of a small start."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from tests.checks import broadcasts, refuses
from theory.papers import saxe2014
from theory.papers.gidel2019 import error, limit


def test_error_of_two_matrices() -> None:
    """W = A B from A = B' = sqrt(u_0) in the singular vectors of the target."""
    rng = np.random.default_rng(0)
    left, right = (np.linalg.qr(rng.standard_normal((3, 3)))[0] for _ in range(2))
    s, u, t = np.array([2.0, 1.0, 0.3]), 1e-3, 2.5
    target = left * s @ right.T
    start = np.array([np.sqrt(u) * left, np.sqrt(u) * right])

    def velocity(_: float, w: np.ndarray) -> np.ndarray:
        A, B = w.reshape(2, 3, 3)
        gap = target - A @ B.T
        return np.array([gap @ B, gap.T @ A]).ravel()

    A, B = solve_ivp(velocity, (0, t), start.ravel(), rtol=1e-10, atol=1e-12).y[:, -1].reshape(2, 3, 3)
    assert_allclose(error(s, u, t), ((A @ B.T - target) ** 2).sum(), rtol=1e-7)


@pytest.mark.parametrize("time", [0.2, 0.5, 0.8, 1.5, 4.0])
def test_limit_of_a_small_start(time: float) -> None:
    """u_0 = 1e-200: the time 1/2 is that of s = 2 itself."""
    s, u = np.array([2.0, 1.0, 0.3, 0.0]), 1e-200
    found = saxe2014.strength(s, u, time * np.log(1 / u) / 2)
    assert_allclose(found, limit(s, time), atol=1e-12)


def test_ends() -> None:
    assert_allclose(error([2.0, 1.0], 0.0, np.inf), 5.0)
    assert_allclose(error([2.0, 1.0], 0.1, np.inf), 0.0, atol=1e-30)
    assert limit(0.0, np.inf) == 0
    assert limit(1e-9, np.inf) == 1e-9


def test_arguments() -> None:
    broadcasts(limit, [3.0, 0.5])
    broadcasts(lambda u, t: error([2.0, 1.0], u, t), [0.1, 0.7])
    refuses(lambda: error(2.0, 0.1, 1.0), r"targets has shape \(\); pass the singular values")
    refuses(lambda: error([-2.0], 0.1, 1.0), "targets = -2 must be finite and zero or positive")
