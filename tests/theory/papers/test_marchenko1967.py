"""The law of Marchenko and Pastur: its moments, its equation, 60 digits, and eigenvalues that were drawn."""

import numpy as np
import pytest
from hypothesis import given
from mpmath import mp, mpf
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from tests.strategies import decades
from theory.papers import dascoli2020triple, marchenko1967


def _mean(ratio: float, power: int) -> float:
    """Mean of x^power, with a density that vanishes at both ends: x = low + (high - low) sin^2(t/2)."""
    low, high = marchenko1967.edges(ratio)
    t = np.linspace(0, np.pi, 20_001)[1:]
    x = low + (high - low) * np.sin(t / 2) ** 2
    return float(np.trapezoid(marchenko1967.density(x, ratio) * x**power * (high - low) * np.sin(t) / 2, t))


@pytest.mark.parametrize("ratio", [0.04, 0.5, 1.3, 20.0])
def test_mass_and_moments(ratio: float) -> None:
    """E tr C/p = 1 and E tr C^2/p = 1 + c, and below c = 1 the mean of 1/x is 1/(1 - c)."""
    assert_allclose([_mean(ratio, k) for k in range(3)], [min(1.0, 1 / ratio), 1.0, 1 + ratio], rtol=1e-6)
    assert_allclose(_mean(ratio, -1), 1 / (1 - ratio) if ratio < 1 else 1 / ratio / (ratio - 1), rtol=1e-6)


@given(decades(-3, 3), decades(-3, 3))
def test_it_is_the_imaginary_part_of_the_resolvent(x: float, ratio: float) -> None:
    """m(z) = E 1/(X - z) solves c z m^2 + (z + c - 1) m + 1 = 0, here to 60 digits."""
    with mp.workdps(60):
        z, c = mpf(x), mpf(ratio)
        square = (z + c - 1) ** 2 - 4 * c * z
        truth = mp.sqrt(-square) / (2 * c * z) / mp.pi if square < 0 else mpf(0)
        nearness = float(abs(square) / ((z + c - 1) ** 2 + 4 * c * z))
    assert_allclose(
        marchenko1967.density(x, ratio), float(truth), rtol=1e-14 / max(nearness, 1e-15), atol=1e-12
    )


@pytest.mark.parametrize("ratio", [0.2, 1.0, 3.0])
def test_nonlinear_random_features_have_it(ratio: float) -> None:
    """Eigenvalues of a Gram matrix of n = c p rows, by another equation."""
    x = np.linspace(0.05, 8.0, 60)
    assert_allclose(
        marchenko1967.density(x, ratio), dascoli2020triple.spectrum(x, 1.0, ratio, 0.0), rtol=1e-6, atol=1e-9
    )


@pytest.mark.parametrize("ratio", [0.25, 4.0])
def test_eigenvalues_that_were_drawn(ratio: float) -> None:
    """Signs as well as Gaussian entries: counts in bins within 2 % of all, ends within 8 n^(-2/3)."""
    n, rng = 400, np.random.default_rng(0)
    p = int(ratio * n)
    low, high = marchenko1967.edges(ratio)
    edges = np.linspace(low, high, 6)
    fine = np.linspace(low, high, 5001)
    law = np.diff(np.interp(edges, fine, np.append(0.0, np.cumsum(
        (marchenko1967.density(fine, ratio)[1:] + marchenko1967.density(fine, ratio)[:-1]) / 2 * np.diff(fine)
    ))))  # fmt: skip
    for X in (rng.standard_normal((n, p)), rng.choice([-1.0, 1.0], (n, p))):
        values = np.linalg.svd(X, compute_uv=False) ** 2 / n
        counts = np.histogram(values, np.append([0.0], np.append(edges[1:-1], [np.inf])))[0]
        assert np.abs(counts / p - law).max() < 0.02 * min(1, 1 / ratio)
        assert_allclose([values.min(), values.max()], [low, high], rtol=8 * n ** (-2 / 3))


def test_the_gap_closes_at_one_alone() -> None:
    assert marchenko1967.edges(1.0).low == 0
    assert marchenko1967.density(0.0, 1.0) == np.inf
    assert marchenko1967.density(0.0, [0.5, 2.0]).tolist() == [0.0, 0.0]
    assert_allclose(marchenko1967.edges([1e-300, 1e300]).low, [1.0, 1e300], rtol=1e-15)


def test_arguments() -> None:
    broadcasts(marchenko1967.density, [0.7, 0.5])
    refuses(lambda: marchenko1967.density(-1.0, 0.5), "eigenvalue = -1")
    refuses(lambda: marchenko1967.density(1.0, 0.0), "ratio = 0")
    refuses(lambda: marchenko1967.edges(np.inf), "ratio = inf")
