"""Cho, Saul 2009: sampled units, the closed forms of J_n, and composition."""

from collections.abc import Callable
from math import pi, sqrt

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import refuses
from theory.papers import cho2009

X = np.array([[1.0, 0.5, -0.2], [-0.3, 0.8, 1.1]])
Z = np.array([[0.4, -1.1, 0.7], [2.0, 1.0, 0.4], [-0.9, -0.2, 0.1]])


@pytest.mark.parametrize("order", [0, 1, 2])
def test_kernel_is_the_mean_over_units(order: int) -> None:
    """2 E (w.x)_+^n (w.z)_+^n over 4e5 draws; |z| <= 5 for 18 entries fails once in 90 000."""
    w = np.random.default_rng(2009).standard_normal((3, 400_000))
    left, right = ((rows @ w > 0) * (rows @ w) ** order for rows in (X, Z))
    kernel = cho2009.kernel(X, Z, order)
    for i, j in np.ndindex(2, 3):
        draws = 2 * left[i] * right[j]
        assert abs(draws.mean() - kernel[i, j]) <= 5 * draws.std() / sqrt(400_000)


def test_kernel_as_printed() -> None:
    """J_0 = pi - angle, J_1 = sin + (pi - angle) cos, J_2 = 3 sin cos + (pi - angle)(1 + 2 cos^2)."""
    lengths = np.outer(np.linalg.norm(X, axis=1), np.linalg.norm(Z, axis=1))
    cosine = X @ Z.T / lengths
    angle, sine = np.arccos(cosine), np.sqrt(1 - cosine**2)
    rest = pi - angle
    J = [rest, sine + rest * cosine, 3 * sine * cosine + rest * (1 + 2 * cosine**2)]
    for order in (0, 1, 2):
        assert_allclose(cho2009.kernel(X, Z, order), lengths**order * J[order] / pi, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("order", [0, 1, 2])
def test_composition_sees_the_kernel_below(order: int) -> None:
    """The second layer is the first at the lengths and angles that the first layer's kernel gives."""
    once = cho2009.kernel(np.vstack([X, Z]), order=order)
    factor = np.linalg.cholesky(once)  # points with that Gram matrix
    assert_allclose(
        cho2009.kernel(np.vstack([X, Z]), order=order, depth=2),
        cho2009.kernel(factor, order=order),
        rtol=1e-9,
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cho2009.kernel(X, Z, order=3), "order = 3"),
        (lambda: cho2009.kernel(X, Z, depth=0), "depth = 0"),
        (lambda: cho2009.kernel(X, Z[:, :2]), "X"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
