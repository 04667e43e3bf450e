"""Rademacher averages and margins: against all signs, closed cases and the mean."""

from functools import partial
from itertools import product
from math import comb, inf

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.checks import traced
from tests.samples import inputs
from tests.strategies import decades, deltas, sizes
from theory import complexity as c


@given(st.integers(1, 9), st.integers(1, 12), st.integers(0, 99), st.sampled_from(["l2", "l1"]))
def test_rademacher_is_the_mean_over_all_signs(n: int, d: int, seed: int, norm: str) -> None:
    X = inputs(n, d, seed)
    sums = np.array(list(product([-1, 1], repeat=n))) @ X
    dual = np.linalg.norm(sums, axis=1) if norm == "l2" else np.abs(sums).max(axis=1)
    assert_allclose(c.rademacher(X, 0.7, norm), 0.7 * dual.mean() / n, rtol=1e-12)
    assert_allclose(c.rademacher(X, norm=norm), c.rademacher(X[::-1], norm=norm), rtol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3, 8, 21, 22])
@pytest.mark.parametrize("d", [1, 3, 50])
def test_rademacher_of_identical_and_orthonormal_inputs(n: int, d: int) -> None:
    """Identical: sums that vanish leave no rounding behind, whatever the direction."""
    direction = inputs(1, d) / np.linalg.norm(inputs(1, d))
    walk = comb(n - 1, (n - 1) // 2) / 2 ** (n - 1)
    assert_allclose(c.rademacher(np.repeat(direction, n, axis=0)), walk, rtol=1e-13)
    assert_allclose(c.rademacher_kernel(np.ones((n, n)) * (direction @ direction.T)), walk, rtol=1e-13)
    turned = np.linalg.qr(inputs(n + d, n))[0].T
    assert_allclose(c.rademacher(turned), 1 / np.sqrt(n), rtol=1e-13)
    assert_allclose(c.rademacher(np.eye(n), norm="l1"), 1 / n, rtol=1e-15)


def test_rademacher_at_the_limit_of_the_enumeration() -> None:
    """The largest case, in tens of megabytes, against a sample of signs; 4.5 standard errors."""
    X = inputs(22, 40)
    signs = np.random.default_rng(1).choice([-1.0, 1.0], (40_000, 22))
    for norm, order in (("l2", 2), ("l1", inf)):
        exact, peak = traced(partial(c.rademacher, X, norm=norm))
        assert peak < 40e6
        lengths = np.linalg.norm(signs @ X, axis=1, ord=order) / 22
        assert abs(lengths.mean() - exact) <= 4.5 * lengths.std() / 200


@given(st.integers(1, 10), st.integers(1, 6), st.integers(0, 99), st.integers(-150, 150))
def test_bounds_hold_and_lengths_scale(n: int, d: int, seed: int, power: int) -> None:
    """Khintchine: the l2 bound loses at most sqrt 2."""
    X, scale = inputs(n, d, seed), 10.0**power
    for norm in ("l2", "l1"):
        exact, bound = c.rademacher(X, norm=norm), c.rademacher_bound(X, norm=norm)
        assert exact <= bound * (1 + 1e-12)
        assert_allclose(c.rademacher(scale * X, norm=norm), scale * exact, rtol=1e-11)
        assert_allclose(c.rademacher_bound(scale * X, 2.0, norm), 2 * scale * bound, rtol=1e-12)
    assert c.rademacher_bound(X) <= np.sqrt(2) * c.rademacher(X) * (1 + 1e-12)
    assert_allclose(c.rademacher_bound(X), np.linalg.norm(X) / n, rtol=1e-13)
    assert c.rademacher(X) >= c.rademacher(X, norm="l1") * (1 - 1e-12)  # its ball is larger


@given(st.integers(1, 10), st.integers(1, 12), st.integers(0, 99))
def test_the_kernel_form_is_the_linear_one(n: int, d: int, seed: int) -> None:
    X = inputs(n, d, seed)
    assert_allclose(c.rademacher_kernel(X @ X.T, 1.5), c.rademacher(X, 1.5), rtol=1e-7)
    assert c.rademacher_kernel(X @ X.T) <= np.sqrt(np.trace(X @ X.T)) / n * (1 + 1e-12)


def test_kernel_of_short_rows_beside_long_ones() -> None:
    """Two opposite signs cancel the long rows: the short one is the sum, once in two patterns."""
    short = 1e-10
    K = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, short**2]])
    expected = (np.hypot(2, short) + short) / 6
    assert_allclose(c.rademacher_kernel(K) - 1 / 3, expected - 1 / 3, rtol=1e-4)
    assert_allclose(c.rademacher_kernel(np.diag([1e-200, 1e-200])), 1e-100 / np.sqrt(2), rtol=1e-14)
    assert c.rademacher_kernel(np.zeros((3, 3))) == c.rademacher(np.zeros((3, 2))) == 0
    single = (inputs(6, 2) @ inputs(6, 2).T).astype(np.float32)
    assert_allclose(c.rademacher_kernel(single), c.rademacher(inputs(6, 2)), rtol=1e-6)


def test_gaussian_inputs_in_the_mean() -> None:
    """Over draws; 4.5 standard errors fail once in 150 000."""
    for n, d in ((1, 1), (4, 2), (6, 9)):
        values = [c.rademacher(inputs(n, d, seed), 2.0) for seed in range(1500)]
        gap = abs(np.mean(values) - c.rademacher_gaussian(n, d, 2.0))
        assert gap <= 4.5 * np.std(values) / np.sqrt(1500)


@pytest.mark.parametrize("d", [1, 2, 3, 98, 99, 100, 101, 150, 341, 10**4, 10**6, 10**9 + 1, 10**12, 10**15])
def test_gaussian_inputs_of_any_dimension(d: int) -> None:
    with mpmath.workdps(60):
        x = mpmath.mpf(d) / 2
        chi = mpmath.sqrt(2) * mpmath.exp(mpmath.loggamma(x + 0.5) - mpmath.loggamma(x))
    assert_allclose(c.rademacher_gaussian(7, d), float(chi) / np.sqrt(7), rtol=2e-15)


@given(decades(-3, 2), sizes, deltas, decades(-2, 2), decades(-2, 2))
def test_margin_gap_is_a_rademacher_gap(
    radius: float, n: float, delta: float, data: float, margin: float
) -> None:
    complexity = radius * data / np.sqrt(n)
    expected = c.rademacher_gap(complexity, n, delta, lipschitz=1 / margin)
    assert_allclose(c.margin_gap(radius, data, margin, n, delta), expected, rtol=1e-12)
    # bounded differences twice at delta/2: what is left beyond the mean is 3 times Hoeffding's
    hoeffding = (expected - 2 * complexity / margin) / 3
    assert_allclose(2 * np.exp(-2 * n * hoeffding**2), delta, rtol=1e-6)
