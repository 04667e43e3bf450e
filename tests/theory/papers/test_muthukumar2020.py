"""Muthukumar et al. 2020: the ideal interpolator, and Fourier features by linear algebra."""

from collections.abc import Callable
from itertools import product
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.checks import refuses
from tests.strategies import decades, maybe
from theory import exact
from theory.papers import muthukumar2020


def test_no_interpolant_beats_the_ideal_one() -> None:
    """noise (1 + E tr (Z Z')^-1), whitened Z; |z| <= 4.5 fails once in 150 000."""
    n, p, noise = 5, 16, 0.6
    Z = np.random.default_rng(11).standard_normal((20_000, n, p))
    costs = noise * (1 + np.linalg.inv(Z @ Z.transpose(0, 2, 1)).trace(axis1=1, axis2=2))
    ideal = muthukumar2020.ideal_interpolator(n, p, noise)
    assert abs(costs.mean() - ideal) <= 4.5 * costs.std() / np.sqrt(len(costs))
    assert ideal <= exact.least_squares(n, p, 1.0, noise).test
    assert muthukumar2020.ideal_interpolator(30, [30, 31, 32], 0.5).tolist() == [inf, inf, 15.5]
    assert muthukumar2020.ideal_interpolator(30, [30, 31, 32], 0.0).tolist() == [0.0, 0.0, 0.0]


POWERS = maybe(decades(-3, 3))


@given(st.integers(1, 9), st.lists(decades(-3, 3), min_size=1, max_size=25), st.data(), POWERS)
def test_fourier_features_by_linear_algebra(
    n: int, weights: list[float], data: st.DataObject, noise: float
) -> None:
    """The weighted minimum-norm fit as a matrix: coefficients are linear in the labels."""
    d = len(weights)
    index = data.draw(st.integers(0, d - 1))
    Phi = np.exp(2j * np.pi * np.outer(np.arange(n), np.arange(d)) / n)
    root = np.sqrt(weights)
    fit = root[:, None] * np.linalg.pinv(Phi * root, rcond=1e-10)
    learnt = fit @ Phi[:, index]
    parts = muthukumar2020.fourier(n, weights, index, noise)
    assert_allclose(parts.survival, learnt[index].real, rtol=1e-6, atol=1e-9)
    aliases = np.abs(np.delete(learnt, index)) ** 2
    assert_allclose(parts.contamination, aliases.sum(), rtol=1e-6, atol=1e-9)
    assert_allclose(parts.noise_cost, noise * (np.abs(fit) ** 2).sum(), rtol=1e-6, atol=1e-12)
    whole = (np.abs(learnt - np.eye(d)[index]) ** 2).sum()
    assert_allclose(parts.test, noise + whole + parts.noise_cost, rtol=1e-6, atol=1e-9)


def test_fourier_features_at_the_edges() -> None:
    flat = muthukumar2020.fourier(8, np.ones(32), np.arange(32), 0.2)
    assert_allclose(flat.survival, 8 / 32, rtol=1e-14)
    few = muthukumar2020.fourier(20, [3.0, 0.1, 7.0], 1, 0.5)  # d < n: least squares
    assert_allclose(few, (1.0, 0.0, 0.5 * 3 / 20, 0.5 + 0.5 * 3 / 20), rtol=1e-14)
    barred = muthukumar2020.fourier(2, [1.0, 0.0, 1.0, 0.0], [1, 2], 0.0)  # no odd feature is left
    assert_allclose(barred.test, [1.0, 0.25 + 0.25], rtol=1e-14)
    grid = muthukumar2020.fourier([[4], [5]], np.arange(1.0, 12), [0, 3, 7], [0.0, 0.1, 0.2])
    for i, j in product(range(2), range(3)):
        one = muthukumar2020.fourier([4, 5][i], np.arange(1.0, 12), [0, 3, 7][j], [0.0, 0.1, 0.2][j])
        assert_allclose([field[i, j] for field in grid], one, rtol=1e-15)
    tiny = muthukumar2020.fourier(8, np.full(32, 1e-200), 2, 0.2)
    assert_allclose(tiny.test, 1.0, rtol=1e-14)
    faint = muthukumar2020.fourier(2, [1.0, 1.0, 1e-12], 0, 0.0)  # 1 - survival keeps its digits
    assert_allclose(faint.test, 2e-24, rtol=1e-11)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: muthukumar2020.ideal_interpolator(30, 20, 1.0), "p = 20 .*n = 30"),
        (lambda: muthukumar2020.fourier(8, [0.0, 0.0], 0, 0.1), r"weights of shape \(2,\) must be"),
        (lambda: muthukumar2020.fourier(8, [1.0, -1.0], 0, 0.1), "weights = -1"),
        (
            lambda: muthukumar2020.fourier(8, [1.0, 1.0], 2, 0.1),
            "index = 2",
        ),
        (lambda: muthukumar2020.fourier(8.5, [1.0, 1.0], 1, 0.1), r"n = 8\.5"),
        (lambda: muthukumar2020.fourier(8, [1.0, 1.0], 1, -0.1), r"noise = -0\.1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
