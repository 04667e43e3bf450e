"""Arora et al. 2019: linear algebra, all labels, and the loss curve of a wide network."""

from collections.abc import Callable
from itertools import product
from math import inf, sqrt
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import refuses
from tests.samples import gaussian, sphere, unit_rows
from theory import descent, kernel
from theory.papers import arora2019


def test_arora2019_against_linear_algebra() -> None:
    X, y = sphere(8, 4, 7), gaussian(8, 4, 7)[1]
    H = kernel.first_layer(X)
    form = arora2019.quadratic_form(X, y)
    assert_allclose(form, y @ np.linalg.solve(H, y), rtol=1e-10)
    assert_allclose(arora2019.complexity(X, y), sqrt(2 * form / 8), rtol=1e-14)
    steps = np.array([0, 1, 7, 200])
    expected = [np.linalg.norm(np.linalg.matrix_power(np.eye(8) - 0.3 * H, k) @ y) for k in steps]
    assert_allclose(arora2019.residual(X, y, 0.3, steps), expected, rtol=1e-10)
    assert arora2019.residual(X, y, [[0.1], [0.3]], steps).shape == (2, 4)
    assert arora2019.residual(X, y, 0.3, inf) == 0.0
    assert arora2019.residual(X, y, 10.0, inf) == inf
    # the weights travel sqrt(y' H^-1 y)
    J = np.linalg.cholesky(H)
    assert_allclose(descent.linear_descent(J, y, 0.3, inf).distance ** 2, form, rtol=1e-9)


def test_arora2019_random_labels() -> None:
    """The mean over all labels +-1 is the trace of the inverse, exactly."""
    X = sphere(6, 4, 8)
    forms = [arora2019.quadratic_form(X, y) for y in product([-1.0, 1.0], repeat=6)]
    assert_allclose(np.mean(forms), np.trace(np.linalg.inv(kernel.first_layer(X))), rtol=1e-10)


def test_arora2019_singular() -> None:
    X = sphere(8, 4, 9)
    for inputs in (np.vstack([X, X[3]]), np.vstack([X, np.zeros(4)]), np.vstack([X, 2 * X[3]])):
        for function in (arora2019.quadratic_form, arora2019.complexity):
            with pytest.raises(ValueError, match="X makes the kernel singular"):
                function(inputs, np.ones(9))


X2 = [[1.0, 0.0], [0.0, 1.0]]


def relu_net(X: Any, y: Any, width: int, step: float, times: list[int], rng: Any) -> list[float]:
    """Misfit of a relu network with paired units (zero output at the start), first layer trained."""
    W = np.repeat(rng.standard_normal((width // 2, X.shape[1])), 2, axis=0)
    v = np.tile([1.0, -1.0], width // 2) / sqrt(width)
    misfits = []
    for k in range(max(times) + 1):
        H = X @ W.T
        r = np.maximum(H, 0) @ v - y
        if k in times:
            misfits.append(float(np.linalg.norm(r)))
        W -= step * v[:, None] * ((r[:, None] * (H > 0)).T @ X)
    return misfits


def test_residual_is_the_loss_curve_of_a_wide_network() -> None:
    """No constant is fitted; |y| = 1, and the kernel of a network of width N is off by about 1/sqrt(N)."""
    rng = np.random.default_rng(35)
    X = unit_rows(rng, 8, 5)
    times = [0, 2, 5, 12, 40]
    curves = []
    for y in (X[:, 0] / np.linalg.norm(X[:, 0]), rng.choice([-1.0, 1.0], 8) / sqrt(8)):
        curve = relu_net(X, y, 20_000, 0.5, times, rng)
        assert_allclose(curve, arora2019.residual(X, y, 0.5, times), atol=0.02)
        curves.append(curve[-1])
    assert curves[0] < curves[1] / 2  # a rule is learnt faster than random labels


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: arora2019.residual(X2, [1.0, 1.0], 0.1, 0.5), r"steps = 0\.5"),
        (lambda: arora2019.quadratic_form(X2, [1.0]), "X .*2.* y .*1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
