"""Mallinar et al. 2022: sums of spectra, and benign, tempered and catastrophic fits."""

from collections.abc import Callable
from math import inf, pi
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from numpy.testing import assert_allclose
from scipy.optimize import brentq

from tests.checks import broadcasts, refuses
from tests.strategies import decades, maybe
from theory import Problem, ridge
from theory.papers import mallinar2022, simon2023


@settings(max_examples=25)
@given(st.floats(1.05, 12), decades(-1, 1.3), maybe(decades(-6, 1)))
@example(1.1, 100.0, 0.0)
@example(1.5, 30.0, 1e-3)
def test_mallinar2022_power_law_sums(a: float, n: float, lam: float) -> None:
    """Directly to M, then Hurwitz zetas, at 30 digits."""
    found = mallinar2022.power_law(n, a, lam)
    with mp.workdps(30):
        kappa, exponent = mpf(float(found.kappa)), mpf(a)
        M = int(mp.ceil((30 / kappa) ** (1 / exponent)))
        assume(M < 3000)
        share = [1 / (1 + kappa * mpf(i) ** exponent) for i in range(1, M + 1)]
        T, q = sum(share), sum(s**2 for s in share)
        for j in range(20):
            T += (-1) ** j * kappa ** -(j + 1) * mp.zeta(exponent * (j + 1), M + 1)
            q += (-1) ** j * (j + 1) * kappa ** -(j + 2) * mp.zeta(exponent * (j + 2), M + 1)
        left = n * mpf(lam) / kappa
        assert abs(T + left - n) < 1e-11 * (T - q + left)  # kappa is right to 1e-11
        assert_allclose(float(found.overfitting), float(n / (n - q)), rtol=1e-9)


@pytest.mark.parametrize(
    ("a", "n", "lam"),
    [(2.0, 30.0, 0.0), (1.2, 1e5, 0.0), (3.0, 1e12, 0.0), (8.0, 4.0, 1e-3), (20.0, 50.0, 0.0)],
)
def test_mallinar2022_logarithmic_sums(a: float, n: float, lam: float) -> None:
    """Directly to 300, then Euler-Maclaurin with two corrections and adaptive quadrature, at 25 digits."""
    found = mallinar2022.logarithmic(n, a, lam)
    with mp.workdps(25):
        kappa, M, rate = mpf(float(found.kappa)), 300, mpf(a)

        def share(x: Any) -> Any:
            return 1 / (1 + kappa * x * mp.log(x) ** rate)

        def total(f: Any) -> Any:
            def mass(u: Any) -> Any:
                return f(mp.exp(u)) * mp.exp(u)

            start, middle = mp.log(M + 0.5), mp.log(1 / kappa)
            pieces = [
                start,
                *(start + k * (middle - start) / 12 for k in range(1, 13)),
                middle + 30,
                middle + 60,
            ]
            far = (middle + 60) ** (1 - rate) / (rate - 1) / kappa  # f is 1/(kappa x log^a x) there
            edge = mpf(M) + 0.5
            ends = mp.diff(f, edge) / 24 - 7 * mp.diff(f, edge, 3) / 5760
            return sum(f(mpf(i)) for i in range(2, M + 1)) + mp.quad(mass, pieces) + far + ends

        T, w = total(share), total(lambda x: share(x) * (1 - share(x)))
        left = n * mpf(lam) / kappa
        assert abs(T + left - n) < 1e-9 * (w + left)
        assert_allclose(float(found.overfitting), float(n / (left + w)), rtol=1e-9)


def test_mallinar2022_logarithmic_is_benign() -> None:
    """E0 - 1 goes like (a - 1)/log n, up to 1e300 samples, and is 0 in the limit."""
    n = np.array([1e10, 1e50, 1e300])
    for a in (1.5, 2.0, 4.0):
        excess = mallinar2022.logarithmic(n, a).overfitting - 1
        gap = excess * np.log(n) / (a - 1) - 1
        assert (np.diff(np.abs(gap)) < 0).all()
        assert abs(gap[-1]) < 0.03
    assert_allclose(mallinar2022.logarithmic(inf, 2.0), [0.0, 1.0])
    assert_allclose(mallinar2022.logarithmic(100.0, 2.0, inf), [inf, 1.0])


def test_mallinar2022_logarithmic_with_a_ridge_is_the_core() -> None:
    """A ridge makes the far tail irrelevant."""
    i = np.arange(2.0, 200001)
    cut = Problem(1 / (i * np.log(i) ** 3), i * 0, tail=float(np.log(200000.5) ** -2 / 2), noise=1.0)
    found = mallinar2022.logarithmic([10.0, 100.0], 3.0, 0.01)
    assert_allclose(found.overfitting, ridge(cut, [10.0, 100.0], 0.01).test, rtol=1e-7)


@settings(max_examples=25)
@given(st.floats(0.001, 0.99), decades(-1, 1.6), maybe(decades(-6, 1)))
def test_mallinar2022_exponential_sums(r: float, n: float, lam: float) -> None:
    found = mallinar2022.exponential(n, r, lam)
    with mp.workdps(120):
        kappa, level, T, q = mpf(float(found.kappa)), mpf(1), mpf(0), mpf(0)
        assume(kappa > 1e-280)
        while level / kappa > 1e-25:
            T, q, level = T + level / (level + kappa), q + (level / (level + kappa)) ** 2, level * mpf(r)
        left = n * mpf(lam) / kappa
        assert abs(T + left - n) < 1e-11 * (T - q + left)
        assert_allclose(float(found.overfitting), float(n / (left + T - q)), rtol=1e-9)


def test_mallinar2022_is_the_core() -> None:
    """A truncated power law with its rest as tail, and a geometric spectrum that has underflowed."""
    index = np.arange(1.0, 40001)
    cut = Problem(index**-1.5, index * 0, tail=2.612375348685488 - float((index**-1.5).sum()))
    found = mallinar2022.power_law([5.0, 50.0], 1.5, [[0.0], [1e-3]])
    E0 = simon2023.overfitting_coefficient(cut, [5.0, 50.0], [[0.0], [1e-3]])
    assert_allclose(found.overfitting, E0, rtol=1e-4)
    decay = Problem(0.6 ** np.arange(1000.0), np.zeros(1000))
    found = mallinar2022.exponential([5.0, 50.0], 0.6, [[0.0], [1e-3]])
    assert_allclose(found.kappa, ridge(decay, [5.0, 50.0], [[0.0], [1e-3]]).kappa, rtol=1e-11)
    E0 = simon2023.overfitting_coefficient(decay, [5.0, 50.0], [[0.0], [1e-3]])
    assert_allclose(found.overfitting, E0, rtol=1e-10)


@pytest.mark.parametrize("a", [1.01, 1.5, 3.0, 5.99, 6.0, 60.0])
def test_mallinar2022_is_tempered(a: float) -> None:
    n = 1e5
    found = mallinar2022.power_law([n, inf], a)
    assert_allclose(found.overfitting, [a * n / (n + 0.5), a], rtol=1e-6)
    predicted = -a * np.log((n + 0.5) * (a / pi) * np.sin(pi / a))
    if predicted > -700:
        assert_allclose(np.log(found.kappa[0]), predicted, rtol=1e-5)


@pytest.mark.parametrize("a", [1.01, 1.5, 3.0, 5.99, 6.0, 60.0])
def test_mallinar2022_power_law_has_no_seam(a: float) -> None:
    """The sums are taken in another way from kappa^(-1/a) = 8/sin(pi/a) on."""
    edge = np.log(8 / np.sin(pi / max(a, 2.0)))

    def beyond(log_n: float) -> float:
        return float(-np.log(mallinar2022.power_law(np.exp(log_n), a).kappa) / a - edge)

    n = np.exp(brentq(beyond, 0.0, 12.0, xtol=1e-15, rtol=1e-15))
    below, above = np.transpose(mallinar2022.power_law(n * np.array([1 - 1e-13, 1 + 1e-13]), a))
    # kappa falls as n^-E0 there, and E0 is a
    assert_allclose(below, above, rtol=1e-11 + 2e-13 * a)


@pytest.mark.parametrize("r", [0.2, 0.9, 0.9511, 0.9513, 0.99999])
def test_mallinar2022_is_catastrophic(r: float) -> None:
    n = 60 / -np.log(r)
    found = mallinar2022.exponential([n, inf], r)
    assert_allclose(found.overfitting, [60.0, inf], rtol=0.01 if r > 0.5 else 0.1)


@pytest.mark.parametrize("t", [-40.0, -8.0, 0.0, 15.0, 300.0])
def test_mallinar2022_exponential_has_no_seam(t: float) -> None:
    """The sums are taken in another way from log(1/ratio) = 0.05 on; t is log kappa/log ratio."""
    n = np.logaddexp(0.0, 0.05 * t) / 0.05
    fast = np.exp(-0.05) * (1 - 1e-15)
    while -np.log(np.nextafter(fast, 1.0)) >= 0.05:
        fast = np.nextafter(fast, 1.0)
    slow = np.nextafter(fast, 1.0)
    assert -np.log(slow) < 0.05 <= -np.log(fast)
    one, other = mallinar2022.exponential(n, slow), mallinar2022.exponential(n, fast)
    assert_allclose(one, other, rtol=2e-13)


def test_mallinar2022_extremes() -> None:
    steep = mallinar2022.power_law([1.0, 10.0], [400.0, 2000.0])
    assert_allclose(steep.kappa, [2.0**-200, 0.0], rtol=1e-11)
    assert_allclose(steep.overfitting, [2.0**199, 5 * 1.1**1000], rtol=1e-9)
    assert_allclose(mallinar2022.exponential(20.0, 1e-20).overfitting, 10 * 1e10, rtol=1e-9)
    assert_allclose(mallinar2022.exponential(20.5, 1e-300).overfitting, 82.0, rtol=1e-12)
    assert mallinar2022.power_law(5.0, 2.0, inf) == (inf, 1.0)
    assert mallinar2022.exponential(inf, 0.5, 0.1) == (0.1, 1.0)
    for penalty in (1e-300, 1e300):
        assert np.isfinite(mallinar2022.power_law([1e-5, 1e5], [[1.001], [40.0]], penalty)).all()
        assert np.isfinite(mallinar2022.exponential([1e-5, 1e5], [[0.001], [0.9999]], penalty)).all()
    assert_allclose(mallinar2022.power_law(1e12, 1 + 1e-9, 0.3), (0.3, 1.0), rtol=0.01)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mallinar2022.power_law(10, [2.0, 1.0]), "exponent = 1"),
        (lambda: mallinar2022.power_law(10, inf), "exponent = inf"),
        (lambda: mallinar2022.logarithmic(10, 1.0), "exponent = 1 "),
        (lambda: mallinar2022.logarithmic(10, 21.0), "exponent = 21"),
        (lambda: mallinar2022.power_law(0, 2.0), "n = 0"),
        (lambda: mallinar2022.exponential(10, 1.0), "ratio = 1"),
        (lambda: mallinar2022.exponential(10, 0.5, -1.0), "ridge = -1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (mallinar2022.power_law, [5.0, 1.5, 0.1]),
        (mallinar2022.exponential, [5.0, 0.5, 0.1]),
        (mallinar2022.logarithmic, [5.0, 1.5, 0.1]),
    ],
)
def test_every_argument_broadcasts(function: Callable[..., Any], arguments: list[float]) -> None:
    broadcasts(function, arguments)
