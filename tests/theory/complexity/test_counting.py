"""VC dimension and Occam bounds: against exact binomial sums and simplices."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose

from tests.strategies import decades, deltas, sizes
from theory import complexity as c


@given(sizes, decades(-1, 7), deltas)
def test_vc_gap_inverts_the_tail(n: float, dimension: float, delta: float) -> None:
    """ln 4 + D ln(2 e n/D) - n gap^2/8 = ln delta, with D <= n."""
    gap = c.vc_gap(dimension, n, delta)
    D = min(dimension, n)
    entropy = np.log(4) + D * np.log(2 * np.e * n / D)
    assert_allclose(n * gap**2 / 8, entropy - np.log(delta), rtol=1e-12)
    assert gap <= c.vc_gap(2 * dimension, n, delta)
    assert c.vc_gap(inf, n, delta) == c.vc_gap(n, n, delta) > 3.6


def test_no_dimension_is_one_classifier() -> None:
    assert_allclose(c.vc_gap(0, 100, 0.05), np.sqrt(8 * np.log(80) / 100), rtol=1e-15)
    assert_allclose(c.vc_gap(1e-300, 100, 0.05), c.vc_gap(0, 100, 0.05), rtol=1e-15)


@pytest.mark.parametrize("points", [2, 4, 6, 8, 10, 50])
def test_simplices_attain_the_norm_bound(points: int) -> None:
    """A regular simplex is shattered: every split in halves has the margin 1/sqrt(points - 1), rounded."""
    simplex = np.eye(points) - 1 / points
    simplex /= np.linalg.norm(simplex[0])
    half = points // 2
    margin = np.linalg.norm(simplex[:half].mean(axis=0) - simplex[half:].mean(axis=0)) / 2
    assert_allclose(margin, 1 / np.sqrt(points - 1), rtol=1e-12)
    assert c.norm_vc_dimension(1.0, margin, inf) == points
    assert c.norm_vc_dimension(1.0, margin * 1.001, inf) == points - 1
    assert c.norm_vc_dimension(1.0, margin, points - 2) == points - 1


def test_norm_vc_dimension_at_the_edges() -> None:
    assert c.norm_vc_dimension(1.0, inf, 10) == c.norm_vc_dimension(0.0, 1.0, 10) == 1
    assert c.norm_vc_dimension(1.0, 1e-200, 10) == 11
    assert c.norm_vc_dimension(1.0, 1e-200, inf) == inf
    assert c.norm_vc_dimension(0.3, 0.1, inf) == 10


@given(decades(-2, 4), sizes, deltas)
def test_occam_gap_inverts_the_union_bound(bits: float, n: float, delta: float) -> None:
    gap = c.occam_gap(bits, n, delta)
    assert_allclose(bits * np.log(2) - 2 * n * gap**2, np.log(delta), rtol=1e-9, atol=1e-11 * bits)
