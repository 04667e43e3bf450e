"""The roots for one level, all points at once, against the one for any spectrum, point by point."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from theory.engines import root, single

POINTS = 300
LEVELS = [(0.25, 1.0, 0.09), (4.0, 50.0, 0.0), (1e-6, 3.0, 1e-3)]


def points(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """n, p and ridge over many decades, with infinite sizes and equal ones among them."""
    rng = np.random.default_rng(seed)
    n, p = 10 ** rng.uniform(-2, 3, (2, POINTS))
    p[::5] = n[::5]
    n[::7] = np.inf
    p[::11] = np.inf
    return n, p, 10 ** rng.uniform(-9, 2, POINTS)


def one_by_one(n: float, p: float, ridge: float, lam: float, mult: float, tail: float) -> tuple[float, float]:
    levels, rank = np.array([lam]), np.inf if tail > 0 else mult
    base = root.threshold.plain(min(n, p), rank, levels, np.array([mult]), tail)
    weight = np.array([mult * lam])
    tilted = weight / (levels + base)
    trace = mult * lam + tail
    u = root.distance.plain(n, p, ridge, base, rank, trace, levels, weight, tilted, tail)
    return base, u


@pytest.mark.parametrize("level", LEVELS)
def test_all_points_at_once_are_those_one_by_one(level: tuple[float, float, float]) -> None:
    n, p, ridge = points(0)
    base, moved = np.empty((2, POINTS))
    with np.errstate(all="ignore"):
        single.thresholds.plain(n, p, *level, base)
        single.distances.plain(n, p, ridge, base, *level, moved)
        want = np.array([one_by_one(*map(float, point), *level) for point in zip(n, p, ridge, strict=True)])
    found = ~np.isnan(moved)
    assert found[np.isfinite(n) | np.isfinite(p)].mean() > 0.95
    assert not found[np.isinf(n) & np.isinf(p)].any()  # there u is the ridge itself
    assert_allclose(base, want[:, 0], rtol=1e-15)
    assert_allclose(moved[found], want[found, 1], rtol=1e-13)


@pytest.mark.parametrize("level", LEVELS)
def test_plain_and_compiled_have_the_same_bits(level: tuple[float, float, float]) -> None:
    n, p, ridge = points(1)
    results = []
    for form in ("plain", "strict"):
        base, moved = np.empty((2, POINTS))
        with np.errstate(all="ignore"):
            getattr(single.thresholds, form)(n, p, *level, base)
            getattr(single.distances, form)(n, p, ridge, base, *level, moved)
        results.append(np.array([base, moved]))
    np.testing.assert_array_equal(*results)
