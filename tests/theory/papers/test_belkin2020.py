"""Belkin, Hsu, Xu 2020: Monte Carlo, enumeration, and quadrature over the Jacobi law."""

from collections.abc import Callable
from math import inf, sqrt
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.checks import refuses
from tests.samples import mean_agrees
from tests.strategies import decades, maybe
from theory import exact
from theory.papers import belkin2020


@pytest.mark.parametrize(("n", "p"), [(20, 0), (20, 8), (20, 14), (12, 20), (12, 45)])
def test_belkin2020_gaussian(n: int, p: int) -> None:
    """Target on p + 3 coordinates, of which p are seen; the fresh error is known given the fit."""
    rng = np.random.default_rng([2020, n, p])
    beta, noise = np.append(rng.standard_normal(p), [0.5, -0.3, 0.1]), 0.25
    samples = []
    for _ in range(3000):
        x = rng.standard_normal((n, p + 3))
        y = x @ beta + sqrt(noise) * rng.standard_normal(n)
        fit = np.linalg.pinv(x[:, :p]) @ y if p else np.empty(0)
        samples.append(noise + beta[p:] @ beta[p:] + np.sum((fit - beta[:p]) ** 2))
    signal, omitted = beta[:p] @ beta[:p], beta[p:] @ beta[p:]
    mean_agrees(samples, belkin2020.gaussian(n, p, signal, omitted, noise))


@pytest.mark.parametrize(("n", "p", "d"), [(16, 6, 20), (8, 15, 20)])
def test_belkin2020_gaussian_random(n: int, p: int, d: int) -> None:
    rng = np.random.default_rng([2020, n, p])
    beta, noise = np.arange(d) / d, 0.04
    samples = []
    for _ in range(3000):
        seen = rng.permutation(d) < p
        x = rng.standard_normal((n, d))
        y = x @ beta + sqrt(noise) * rng.standard_normal(n)
        fit = np.zeros(d)
        fit[seen] = np.linalg.pinv(x[:, seen]) @ y
        samples.append(noise + np.sum((fit - beta) ** 2))
    mean_agrees(samples, belkin2020.gaussian_random(n, p, d, beta @ beta, noise))


def unitary_risk(block: np.ndarray, rows: np.ndarray, seen: np.ndarray, c: float) -> float:
    """Mean over a random target of power 1 of |beta - beta_hat|^2, ridge c on the unitary block."""
    d = len(seen)
    if c == 0:
        inverse = np.linalg.pinv(block)
    else:
        gram = block.conj().T @ block
        inverse = np.linalg.solve(gram + c * np.eye(len(gram)), block.conj().T)
    error = np.eye(d, dtype=complex)
    error[seen] -= inverse @ rows
    return float(np.sum(np.abs(error) ** 2) / d)


@pytest.mark.parametrize(("n", "p"), [(3, 8), (8, 3), (5, 12), (9, 14), (10, 10)])
def test_belkin2020_haar(n: int, p: int) -> None:
    rng = np.random.default_rng([2020, n, p])
    d = 10 if n == p else 16
    seen = np.arange(d) < p
    samples = []
    for _ in range(800):
        gauss = rng.standard_normal((d, d)) + 1j * rng.standard_normal((d, d))
        q, r = np.linalg.qr(gauss)
        u = q * (np.diag(r) / np.abs(np.diag(r)))  # without the phases it is not uniform
        samples.append(unitary_risk(u[:n, seen], u[:n], seen, 0.0))
    if n == p == d:
        assert belkin2020.haar(n, p, d) == 0
        assert max(samples) < 1e-20
    else:
        mean_agrees(samples, belkin2020.haar(n, p, d))


@pytest.mark.parametrize(("rho_n", "rho_p"), [(0.25, 0.75), (0.75, 0.25), (0.5, 0.25), (0.75, 0.9375)])
@pytest.mark.parametrize("lam", [0.0, 0.02, 1.0])
def test_belkin2020_fourier(rho_n: float, rho_p: float, lam: float) -> None:
    """Random rows and columns; the limit is reached to O(1/d), and each draw has an exact sum."""
    d = 64
    n, p, c = int(rho_n * d), int(rho_p * d), rho_n * lam
    rng = np.random.default_rng([2020, n, p])
    transform = np.fft.fft(np.eye(d)) / sqrt(d)
    samples = []
    for _ in range(60):
        rows, seen = transform[rng.permutation(d) < n], rng.permutation(d) < p
        risk = unitary_risk(rows[:, seen], rows, seen, c)
        if lam > 0:
            s = np.zeros(p)
            s[: min(n, p)] = np.linalg.svd(rows[:, seen], compute_uv=False) ** 2
            assert_allclose(risk, 1 - rho_p + np.sum((c**2 + s * (1 - s)) / (s + c) ** 2) / d, rtol=1e-9)
        samples.append(risk)
    mean_agrees(samples, belkin2020.fourier(rho_n, rho_p, lam), allowance=1 / d)


@pytest.mark.parametrize(("n", "p"), [(1, 2), (3, 1), (3, 3), (4, 3), (4, 4)])
def test_belkin2020_haar_approaches_fourier(n: int, p: int) -> None:
    size = 10**9
    assert_allclose(
        belkin2020.haar(n * size, p * size, 4 * size), belkin2020.fourier(n / 4, p / 4), rtol=1e-8
    )


@given(st.floats(0.05, 1), st.floats(0.05, 1))
def test_belkin2020_fourier_ridge_joins_both_ends(rho_n: float, rho_p: float) -> None:
    assume(abs(rho_n - rho_p) > 0.05)
    assert_allclose(
        belkin2020.fourier(rho_n, rho_p, 1e-9), belkin2020.fourier(rho_n, rho_p), rtol=0, atol=1e-6
    )
    assert_allclose(belkin2020.fourier(rho_n, rho_p, 1e9), 1.0, rtol=1e-6)


@pytest.mark.parametrize(("rho_n", "rho_p", "value"), [(0.5, 0.5, inf), (1.0, 1.0, 0.0), (1.0, 0.5, 0.5)])
def test_belkin2020_fourier_at_the_edges(rho_n: float, rho_p: float, value: float) -> None:
    assert belkin2020.fourier(rho_n, rho_p) == value
    assert belkin2020.haar(64 * rho_n, 64 * rho_p, 64) == value


@pytest.mark.parametrize("gap", [-1, 0, 1])
def test_belkin2020_gaussian_near_the_threshold(gap: int) -> None:
    assert belkin2020.gaussian(20, 20 + gap, noise=0.1) == inf
    assert_allclose(belkin2020.gaussian(20, 20 + gap, signal=2.0), 2 * max(0.0, gap / 21), rtol=1e-13)


def test_belkin2020_without_features() -> None:
    assert belkin2020.gaussian([1, 5], 0, signal=0.0, omitted=0.7, noise=0.1).tolist() == [0.7 + 0.1] * 2


def test_headline_figure_of_weak_features() -> None:
    """linear.md 6: signal 1, noise 1/25, d = 100, n = 40; 73 features or more beat none."""
    p = [0, 10, 30, 38, 39, 40, 41, 42, 60, 100]
    test = belkin2020.gaussian_random(40, p, 100, 1.0, 1 / 25)
    expected = [1.04, 1.26414, 3.20667, 25.74, inf, inf, inf, 25.44, 1.56632, 0.667119]
    assert_allclose(test, expected, rtol=5e-6)
    curve = belkin2020.gaussian_random(40, np.arange(101), 100, 1.0, 1 / 25)
    assert np.flatnonzero(curve < curve[0]).tolist() == list(range(73, 101))


POWERS = maybe(decades(-3, 3))


@given(st.integers(1, 60), st.data(), POWERS)
def test_random_coordinates_are_the_mean_of_all_choices(n: int, data: st.DataObject, noise: float) -> None:
    """The error is linear in the powers, so only their means over the choices count."""
    d = data.draw(st.integers(1, 60))
    p = data.draw(st.integers(0, d))
    share = p / d
    expected = exact.least_squares(n, p, 3 * share, noise, 3 * (1 - share)).test
    assert_allclose(belkin2020.gaussian_random(n, p, d, 3.0, noise), expected, rtol=1e-10)


@given(st.integers(1, 30), st.lists(st.floats(-5, 5), min_size=1, max_size=25), POWERS)
def test_prescient_selection(n: int, beta: list[float], noise: float) -> None:
    p = np.arange(len(beta) + 1)
    energy = np.sort(np.square(beta))[::-1]
    expected = [belkin2020.gaussian(n, k, energy[:k].sum(), energy[k:].sum(), noise) for k in p]
    assert_allclose(belkin2020.prescient(n, p, beta, noise), expected, rtol=1e-12)
    random = belkin2020.gaussian_random(n, p, len(beta), energy.sum(), noise)
    below = p <= n - 2  # there the choice matters through what is left out alone
    assert (belkin2020.prescient(n, p, beta, noise) <= random * (1 + 1e-12))[below].all()


def _fourier_by_quadrature(rho_n: float, rho_p: float, ridge: float) -> float:
    """The ridge risk averaged over the Jacobi law of the squared singular values, in 30 digits."""
    with mpmath.workdps(30):
        a, b = mpmath.mpf(rho_n), mpmath.mpf(rho_p)
        c, root = a * mpmath.mpf(ridge), mpmath.sqrt
        low = (root(a * (1 - b)) - root(b * (1 - a))) ** 2
        left = (root(a * b) - root((1 - a) * (1 - b))) ** 2  # 1 - high
        half = 2 * root(a * (1 - a) * b * (1 - b))

        def integrand(angle: Any) -> Any:
            s = low + 2 * half * mpmath.sin(angle / 2) ** 2
            rest = left + 2 * half * mpmath.cos(angle / 2) ** 2
            return (half * mpmath.sin(angle)) ** 2 / (s * rest) * (c**2 + s * rest) / (s + c) ** 2

        steps = [mpmath.mpf(10) ** -k for k in range(9, -1, -1)]  # towards both ends of the spectrum
        panels = [0, *steps, *(mpmath.pi - step for step in reversed(steps)), mpmath.pi]
        bulk = mpmath.quad(integrand, panels) / (2 * mpmath.pi)
        atoms = max(b - a, 0) + max(a + b - 1, 0) * (c / (1 + c)) ** 2
        return float(1 - b + atoms + bulk)


@pytest.mark.parametrize(
    ("rho_n", "rho_p", "ridge"),
    [(0.5, 0.5, 1e-12), (0.5, 0.5, 1e-9), (0.3, 0.3001, 1.0), (0.7, 0.6, 1e-3), (0.2, 0.9, 1e-8)],
)
def test_fourier_with_a_ridge_is_the_mean_over_the_jacobi_law(
    rho_n: float, rho_p: float, ridge: float
) -> None:
    expected = _fourier_by_quadrature(rho_n, rho_p, ridge)
    assert_allclose(belkin2020.fourier(rho_n, rho_p, ridge), expected, rtol=1e-13)


RHOS = st.floats(0.01, 1) | decades(-12, 0) | decades(-15, -0.01).map(lambda rest: 1 - rest)


@given(RHOS, RHOS, st.sampled_from([None, 0.0, 1e-15, 1e-9, 1e-4]), decades(-16, 8))
def test_fourier_keeps_all_digits(rho_n: float, other: float, gap: float | None, ridge: float) -> None:
    """The algebraic formula of the docstring, in 60 digits: it cancels where double precision must not."""
    rho_p = other if gap is None else min(1.0, rho_n * (1 + gap))
    with mpmath.workdps(60):
        a, b = mpmath.mpf(rho_n), mpmath.mpf(rho_p)
        c, m = a * mpmath.mpf(ridge), a + b - 2 * a * b
        R = mpmath.sqrt(c * c + 2 * m * c + (a - b) ** 2)
        risk = (1 + 2 * c) * (1 - a - b + R) / (2 * (1 + c) ** 2) + (c + m) / (2 * (1 + c) * R)
    assert_allclose(belkin2020.fourier(rho_n, rho_p, ridge), float(risk), rtol=1e-13)


@given(RHOS, RHOS)
def test_fourier_and_haar_without_a_ridge_keep_all_digits(rho_n: float, rho_p: float) -> None:
    k, q = (mpmath.mpf(x) for x in sorted([rho_n, rho_p]))
    with mpmath.workdps(60):
        ends = inf if k == q < 1 else 0.0
        risk = ends if k == q else float(1 - k * (2 - (1 - k) / (q - k)))
    assert_allclose(belkin2020.fourier(rho_n, rho_p), risk, rtol=1e-13)
    assert_allclose(belkin2020.haar(rho_n, rho_p, 1.0), risk, rtol=1e-13)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: belkin2020.gaussian(10, 5, -1.0), "signal = -1"),
        (lambda: belkin2020.gaussian_random(10, 101, 100), "p = 101 .*d = 100"),
        (
            lambda: belkin2020.prescient(10, 4, [1.0, 2.0, 3.0]),
            "p = 4 .*the length of beta = 3",
        ),
        (lambda: belkin2020.prescient(10, 1.5, [1.0, 2.0]), r"p = 1\.5"),
        (lambda: belkin2020.prescient(10, 0, []), r"beta .*\(0,\)"),
        (lambda: belkin2020.prescient(10, 0, [[1.0]]), r"beta .*\(1, 1\)"),
        (lambda: belkin2020.prescient(10, 1, [1.0, inf]), "signal = inf"),
        (lambda: belkin2020.fourier(0.5, 1.2), r"rho_p = 1\.2"),
        (lambda: belkin2020.haar(20, 5, 10), "n = 20 .*d = 10"),
        (lambda: belkin2020.gaussian(0, 3), "n = 0"),
        (lambda: belkin2020.gaussian(5, -3), "p = -3"),
        (lambda: belkin2020.gaussian(5, 3, omitted=-1.0), "omitted = -1"),
        (lambda: belkin2020.gaussian_random(5, 11, 10), "p = 11 .*d = 10"),
        (lambda: belkin2020.fourier(0.0, 0.5), "rho_n = 0"),
        (lambda: belkin2020.fourier(0.5, 1.5), "rho_p = 1.5"),
        (lambda: belkin2020.fourier(0.5, 0.5, -1.0), "ridge = -1"),
        (lambda: belkin2020.haar(11, 5, 10), "n = 11 .*d = 10"),
        (lambda: belkin2020.haar(5, [3, 12], 10), "p = 12 .*d = 10"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
