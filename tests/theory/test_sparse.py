"""The Lasso: its equations in 40 digits, least squares, and the ends of the penalty."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf, ncdf, npdf
from numpy.testing import assert_allclose

from tests.checks import refuses
from theory.engines import threshold
from theory.sparse import Sparse, lasso


def _risk(x: mpf, z: mpf) -> mpf:
    def beyond(u: mpf) -> mpf:
        return ncdf(-u) + u * npdf(u) - 2 * z * npdf(u) + z**2 * ncdf(-u)

    return x**2 * (ncdf(z - x) - ncdf(-z - x)) + beyond(z - x) + beyond(z + x)


@given(st.floats(0, 60), st.floats(0, 8))
def test_risk_of_a_soft_threshold_in_many_digits(x: float, z: float) -> None:
    with mp.workdps(700):
        assert_allclose(threshold.risk(x, z), float(_risk(mpf(x), mpf(z))), rtol=3e-12)
        assert_allclose(threshold.passes(x, z), float(ncdf(x - mpf(z)) + ncdf(-x - mpf(z))), rtol=1e-12)


@given(
    st.integers(20, 400), st.floats(0.2, 4), st.floats(0.01, 0.6), st.floats(0.1, 5), st.floats(0.01, 2),
    st.floats(0.01, 2),
)  # fmt: skip
def test_the_three_equations(
    n: int, ratio: float, share: float, value: float, noise: float, penalty: float
) -> None:
    """From test and active alone: the threshold from active, then both equations in 40 digits."""
    p = ratio * n
    target = Sparse([value, 0.0], [share * p, (1 - share) * p], noise)
    found = lasso(target, n, penalty)
    if found.active < 1e-6:  # all coefficients are below the threshold
        return
    with mp.workdps(40):
        s = mp.sqrt(mpf(float(found.test)) / n)
        left = 1 - mpf(float(found.active)) / n
        z = mpf(penalty) / (2 * s * left)
        risks = share * p * _risk(value / s, z) + (1 - share) * p * _risk(mpf(0), z)
        assert_allclose(float((noise + s**2 * risks) / (n * s**2)), 1.0, rtol=1e-9)
        active = share * p * (ncdf(value / s - z) + ncdf(-value / s - z)) + (1 - share) * p * 2 * ncdf(-z)
        assert_allclose(float(active), float(found.active), rtol=1e-6)
    assert_allclose(found.train, found.test * float(left) ** 2, rtol=1e-12)


@given(st.integers(30, 300), st.floats(0.05, 0.95), st.floats(0.01, 3))
def test_a_small_penalty_on_few_features_is_least_squares(n: int, ratio: float, noise: float) -> None:
    target = Sparse([1.0], [ratio * n], noise)
    exact = lasso(target, n, 0.0)
    assert_allclose(exact.test, noise / (1 - ratio), rtol=1e-12)
    assert_allclose(exact.train, noise * (1 - ratio), rtol=1e-12)
    assert_allclose(lasso(target, n, 1e-9).test, exact.test, rtol=1e-5)


def test_the_ends_of_the_penalty() -> None:
    target = Sparse([1.0, 0.0], [20, 380], noise=0.1)
    nothing = lasso(target, 200, [1e4, np.inf])
    assert_allclose(nothing.test, 20.1, rtol=1e-12)
    assert_allclose(nothing.active, 0.0, atol=1e-12)
    pursuit = lasso(target, 200, [1e-8, 0.0])
    assert_allclose(pursuit.test[0], pursuit.test[1], rtol=1e-5)
    assert pursuit.active[1] == 200
    assert lasso(target, 400, 0.0).test == np.inf
    assert lasso(Sparse([1.0, 0.0], [20, 380]), 400, 0.0).test == 0.0


def test_wrong_arguments() -> None:
    refuses(lambda: Sparse([1.0], [1, 2]), "counts has shape")
    refuses(lambda: lasso(Sparse([1.0], [2]), 0, 0.1), "n = 0 must be finite and positive")
