"""Hyperplanes with a margin: the distance of the hulls of every split of k points, by least squares."""

from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import nnls

from theory import complexity


def _hulls_apart(A: np.ndarray, B: np.ndarray) -> float:
    """Distance of two convex hulls: weights >= 0, whose sums are held at 1 by heavy rows."""
    heavy = 1e4
    sums = np.zeros((2, len(A) + len(B)))
    sums[0, : len(A)] = sums[1, len(A) :] = heavy
    weights, _ = nnls(np.vstack([np.hstack([A.T, -B.T]), sums]), np.r_[np.zeros(A.shape[1]), heavy, heavy])
    return float(np.linalg.norm(A.T @ weights[: len(A)] - B.T @ weights[len(A) :]))


def _margin(points: np.ndarray) -> float:
    """The largest margin at which every split of the points is separated (one side empty needs none)."""
    k = len(points)
    gaps = []
    for size in range(1, k // 2 + 1):
        for chosen in combinations(range(k), size):
            side = np.isin(np.arange(k), chosen)
            gaps.append(_hulls_apart(points[side], points[~side]))
    return min(gaps) / 2


def _simplex(k: int) -> np.ndarray:
    """Regular, on the unit sphere about 0."""
    points = np.eye(k) - 1 / k
    return points / np.linalg.norm(points[0])


@pytest.mark.parametrize("k", [2, 3, 4, 5, 6, 7, 8])
def test_a_simplex_is_shattered_up_to_its_margin(k: int) -> None:
    margin = _margin(_simplex(k))
    assert complexity.norm_vc_dimension(1.0, margin * (1 - 1e-6), 20) == k
    assert complexity.norm_vc_dimension(1.0, margin * (1 + 1e-6), 20) == k - 1
    assert complexity.norm_vc_dimension(7.0, 7 * margin * (1 - 1e-6), k - 1) == k
    assert complexity.norm_vc_dimension(7.0, 7 * margin * (1 - 1e-6), k - 2) == k - 1


@pytest.mark.parametrize("k", [3, 4, 5])
def test_no_other_points_do_better(k: int) -> None:
    """A random climb over k points of the ball ends at the simplex, and never above it."""
    rng = np.random.default_rng(k)
    points = rng.standard_normal((k, k - 1))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    best, size = _margin(points), 0.5
    for _ in range(1500):
        moved = points + size * rng.standard_normal(points.shape)
        moved /= np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1.0)
        margin = _margin(moved)
        points, best, size = (moved, margin, size * 1.5) if margin > best else (points, best, size * 0.97)
        size = max(size, 1e-4)
    simplex = _margin(_simplex(k))
    assert 0.97 * simplex < best <= simplex * (1 + 1e-6)


def test_an_equilateral_triangle_at_margin_three_quarters() -> None:
    assert complexity.norm_vc_dimension(1.0, 0.75, 2) == 3.0
