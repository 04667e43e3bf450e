"""Spectra of random-feature Gram matrices: moments, known laws, and eigenvalues that were drawn."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from theory.papers import dascoli2020triple


def _moments(psi1: float, psi2: float, r: float, orders: tuple[int, ...]) -> list[float]:
    """Of the density, on a grid that is fine near 0."""
    x = np.linspace(1e-6, 100.0**0.5, 200_001) ** 2
    density = dascoli2020triple.spectrum(x, psi1, psi2, r)
    return [float(np.trapezoid(density * x**order, x)) for order in orders]


@pytest.mark.parametrize(
    ("psi1", "psi2", "r"),
    [(5.0, 1.0, 0.9), (2.0, 5.0, 0.8), (0.5, 0.3, 0.5), (10.0, 4.0, 0.0), (3.0, 2.0, 1.0)],
)
def test_mass_mean_and_second_moment(psi1: float, psi2: float, r: float) -> None:
    """E tr K/N = 1 and E tr K^2/N = 1 + psi2/psi1 + r^2 psi2, by the products of two rows and two columns."""
    mass, mean, second = _moments(psi1, psi2, r, (0, 1, 2))
    share = min(1.0, psi1 / psi2, 1 / psi2 if r == 1 else 1.0)
    assert_allclose([mass, mean], [share, 1.0], rtol=1e-3)
    assert_allclose(second, 1 + psi2 / psi1 + r**2 * psi2, rtol=2e-3)


@pytest.mark.parametrize(("psi1", "psi2"), [(5.0, 1.0), (2.0, 6.0)])
def test_without_a_linear_part_it_is_the_law_of_marchenko_and_pastur(psi1: float, psi2: float) -> None:
    ratio = psi2 / psi1
    low, high = (1 - np.sqrt(ratio)) ** 2, (1 + np.sqrt(ratio)) ** 2
    x = np.linspace(low + 1e-3, high - 1e-3, 50)
    law = np.sqrt((high - x) * (x - low)) / (2 * np.pi * ratio * x)
    assert_allclose(dascoli2020triple.spectrum(x, psi1, psi2, 0.0), law, rtol=1e-8)
    assert dascoli2020triple.spectrum([0.0, low - 1e-3, high + 1e-3], psi1, psi2, 0.0).tolist() == [0, 0, 0]
    assert_allclose(dascoli2020triple.least_eigenvalue(psi1, psi2, 0.0), low, rtol=1e-12)


def test_infinite_width_is_a_shifted_law() -> None:
    """K = r X'X/d + (1 - r) I."""
    r, psi2 = 0.6, 2.0
    low, high = (1 - np.sqrt(psi2)) ** 2, (1 + np.sqrt(psi2)) ** 2
    y = np.linspace(low + 1e-2, high - 1e-2, 30)
    law = np.sqrt((high - y) * (y - low)) / (2 * np.pi * psi2 * y) / r
    assert_allclose(dascoli2020triple.spectrum(r * y + 1 - r, np.inf, psi2, r), law, rtol=1e-8)


@pytest.mark.parametrize(("psi1", "psi2"), [(5.0, 1.0), (5.0, 3.0), (1.0, 3.0)])
def test_eigenvalues_that_were_drawn(psi1: float, psi2: float) -> None:
    """tanh on the sphere at d = 150: counts below quantiles within 2 % of all, the least eigenvalue."""
    d, rng = 150, np.random.default_rng(0)
    n, p = round(psi2 * d), round(psi1 * d)
    X, W = (rng.standard_normal((count, d)) for count in (n, p))
    X, W = (Z / np.linalg.norm(Z, axis=1, keepdims=True) for Z in (X, W))
    H = np.tanh(np.sqrt(d) * X @ W.T)
    values = np.linalg.eigvalsh(H @ H.T / p / np.mean(H**2))
    values = values[values > 1e-9]
    r = dascoli2020triple.linearity("tanh")
    least = dascoli2020triple.least_eigenvalue(psi1, psi2, r)
    x = least + np.linspace(0, np.sqrt(1.1 * values.max()), 20_001) ** 2
    density = dascoli2020triple.spectrum(x, psi1, psi2, r)
    below = np.append(0, np.cumsum(np.diff(x) * (density[1:] + density[:-1]) / 2))
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        cut = np.interp(share, below / below[-1], x)
        assert np.mean(values < cut) == pytest.approx(share, abs=0.02)
    assert values.min() == pytest.approx(least, rel=0.15)
    assert (density[1:50] > 0).all()
    assert dascoli2020triple.spectrum(0.999 * least, psi1, psi2, r) == 0


def test_the_gap_closes_where_samples_are_as_many_as_features_alone() -> None:
    psi2 = np.geomspace(0.1, 100, 31)  # holds 1 and 10
    gap = dascoli2020triple.least_eigenvalue(10.0, psi2, 0.9)
    assert np.argmin(gap) == 20
    assert gap[20] == 0
    assert gap[10] > 0.02
    linear = dascoli2020triple.least_eigenvalue(10.0, 1.0, [0.9, 0.99, 0.999])
    assert (np.diff(linear) < 0).all()
    assert linear[-1] < 1e-3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dascoli2020triple.spectrum(-1.0, 1.0, 2.0, 0.5), "eigenvalue = -1"),
        (lambda: dascoli2020triple.spectrum(1.0, 1.0, np.inf, 0.5), "psi2 = inf"),
        (lambda: dascoli2020triple.least_eigenvalue(1.0, 2.0, 1.0), r"linearity = 1 must be in \[0, 1\)"),
        (lambda: dascoli2020triple.least_eigenvalue(0.0, 2.0, 0.5), "psi1 = 0"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(dascoli2020triple.spectrum, [0.7, 3.0, 2.0, 0.5])
    broadcasts(dascoli2020triple.least_eigenvalue, [3.0, 2.0, 0.5])
