"""Kernels of residual networks: 60 digits with arccos, equal and opposite rows, networks, limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import acos, mp, mpf, pi, sin, sqrt
from numpy.testing import assert_allclose

from tests.checks import refuses
from tests.strategies import decades
from theory.kernel import residual


def recursion(x: list[float], z: list[float], depth: int, branch: float) -> tuple[float, float]:
    with mp.workdps(80):
        a, c, k = (
            sum(mpf(u) * mpf(v) for u, v in zip(*pair, strict=True)) / len(x)
            for pair in ((x, x), (z, z), (x, z))
        )
        theta, b2 = k, mpf(branch) ** 2
        for _ in range(depth):
            size = sqrt(a * c)
            angle = acos(k / size)
            dual = size * (sin(angle) + (pi - angle) * k / size) / (2 * pi)
            theta = theta * (1 + b2 * (pi - angle) / (2 * pi)) + b2 * dual
            k, a, c = k + b2 * dual, a * (1 + b2 / 2), c * (1 + b2 / 2)
        return float(mp.re(k)), float(mp.re(theta + k))


@given(
    st.lists(st.floats(-1, 1).map(lambda v: round(v, 6)), min_size=3, max_size=3).filter(lambda v: any(v)),
    decades(-9, 0), st.sampled_from([-1.0, 1.0]), st.integers(0, 30), decades(-2, 1),
)  # fmt: skip
def test_80_digits(x: list[float], turn: float, sign: float, depth: int, branch: float) -> None:
    """Nearly parallel and opposite rows; an entry is small beside the diagonal where its terms cancel."""
    z = [sign * v + turn * w for v, w in zip(x, (0.3, -0.7, 0.5), strict=True)]
    unit = residual(x, x, depth, branch)
    for found, exact, whole in zip(
        residual(x, z, depth, branch), recursion(x, z, depth, branch), unit, strict=True
    ):
        assert_allclose(found, exact, rtol=1e-9, atol=1e-12 * float(whole))


def test_equal_rows_are_the_diagonal() -> None:
    X = np.random.default_rng(0).standard_normal((4, 5))
    X[3] = X[1]
    for gram in residual(X, depth=4, branch=0.5):
        assert_allclose(gram, gram.T, rtol=1e-14)
        assert gram[3, 1] == gram[1, 1]
        assert np.linalg.eigvalsh(gram)[0] > -1e-12
    for first, second in zip(residual(X, X + 0.0, 4, 0.5), residual(X, depth=4, branch=0.5), strict=True):
        assert_allclose(first, second, rtol=1e-13)


@pytest.mark.parametrize("seed", [0, 1])
def test_networks(seed: int) -> None:
    """Mean of the outputs' products over 400 networks of 300 units."""
    rng = np.random.default_rng(seed)
    X, N, b = rng.standard_normal((2, 4)), 300, 0.8
    products = []
    for _ in range(400):
        h = rng.standard_normal((N, 4)) @ X.T / 2
        for _ in range(2):
            h = h + b * rng.standard_normal((N, N)) @ np.maximum(h, 0) / np.sqrt(N)
        products.append((h.T @ h / N).ravel())
    error = np.std(products, axis=0) / 20
    assert (np.abs(np.mean(products, axis=0) - residual(X, depth=2, branch=b).nngp.ravel()) < 5 * error).all()


def test_ends() -> None:
    X = np.array([[0.6, -0.3, 0.8], [0.2, 0.9, -0.4]])
    for depth, branch in ((0, 0.7), (5, 0.0)):
        nngp, ntk = residual(X, depth=depth, branch=branch)
        assert_allclose(nngp, X @ X.T / 3, rtol=1e-14)
        assert_allclose(ntk, 2 * X @ X.T / 3, rtol=1e-14)
    assert residual([0.0, 0.0], [1.0, 0.0]) == (0, 0)
    refuses(lambda: residual(X, branch=-1.0), "branch = -1.0 must be one finite number >= 0")
    refuses(lambda: residual(X, depth=2000, branch=9.0), "depth = 2000 and branch = 9 make kernels beyond")
