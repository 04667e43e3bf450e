"""Stöger, Soltanolkotabi 2021: Runge-Kutta on U, 1500 digits at long times, limits, any width."""

import numpy as np
import pytest
from mpmath import mp
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from tests.checks import refuses
from theory.papers.stoger2021 import flow


def problem(d: int, width: int, seed: int, scale: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    M = rng.standard_normal((d, d))
    return (M + M.T) / 2, scale * rng.standard_normal((d, width))


@pytest.mark.parametrize(("d", "width"), [(1, 1), (4, 1), (4, 3), (4, 4), (4, 9)])
def test_the_weights_integrated(d: int, width: int) -> None:
    M, U0 = problem(d, width, d + width)

    def velocity(_: float, w: np.ndarray) -> np.ndarray:
        U = w.reshape(d, width)
        return ((M - U @ U.T) @ U).ravel()

    for t in (0.0, 0.1, 1.0, 6.0):
        U = solve_ivp(velocity, (0, t), U0.ravel(), rtol=1e-11, atol=1e-13).y[:, -1].reshape(d, width)
        assert_allclose(flow(M, U0, t), U @ U.T, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("t", [1e-9, 3.0, 40.0, 400.0])
@pytest.mark.parametrize("width", [2, 4, 7])
def test_1500_digits(width: int, t: float) -> None:
    """The formula as it stands; e^(2 M t) has up to 900 digits here."""
    M, U0 = problem(4, width, 5, 1e-3)
    with mp.workdps(1500):
        u, (lam, V) = mp.matrix(U0.tolist()), mp.eigsy(mp.matrix(M.tolist()))
        G = V * mp.diag([mp.expm1(2 * l * t) / l for l in lam]) * V.T
        E = V * mp.diag([mp.exp(l * t) for l in lam]) * V.T * u
        truth = E * (mp.eye(width) + u.T * G * u) ** -1 * E.T
        exact = np.array(truth.tolist(), dtype=float)
    assert_allclose(flow(M, U0, t), exact, atol=1e-14 * t * np.abs(exact).max() + 1e-13 * np.abs(exact).max())


@pytest.mark.slow
@pytest.mark.parametrize("width", [1, 3, 5])
@pytest.mark.parametrize("scale", [1e-6, 1.0])
def test_4000_digits_late_with_modes_that_do_not_grow(width: int, scale: float) -> None:
    """e^(2 t) has 1700 digits; one mode grows, one only decays like 1/t, one is driven out."""
    turn = np.linalg.qr(np.random.default_rng(3).standard_normal((3, 3)))[0]
    M = turn * [1.0, 0.0, -0.5] @ turn.T
    M, U0, t = (M + M.T) / 2, scale * np.random.default_rng(width).standard_normal((3, width)), 2e3
    with mp.workdps(4000):
        u, (lam, V) = mp.matrix(U0.tolist()), mp.eigsy(mp.matrix(M.tolist()))
        G = V * mp.diag([mp.expm1(2 * l * t) / l for l in lam]) * V.T
        E = V * mp.diag([mp.exp(l * t) for l in lam]) * V.T * u
        exact = np.array((E * (mp.eye(width) + u.T * G * u) ** -1 * E.T).tolist(), dtype=float)
    assert_allclose(flow(M, U0, t), exact, atol=1e-13)


@pytest.mark.parametrize("t", [1e3, 1e8, 1e300])
def test_the_end_is_the_best_approximation(t: float) -> None:
    M, U0 = problem(5, 5, 1)
    lam, V = np.linalg.eigh(M)
    for width in (1, 2, 5):
        kept = np.where(np.arange(5) >= 5 - width, np.maximum(lam, 0), 0)
        assert_allclose(flow(M, U0[:, :width], t), V * kept @ V.T, atol=1e-12)
    wide = np.hstack([U0, U0, U0])
    assert_allclose(flow(M, wide, t), V * np.maximum(lam, 0) @ V.T, atol=1e-12)


def test_a_mode_that_the_start_lacks_is_not_learnt() -> None:
    M = np.diag([3.0, 2.0, 1.0])
    U0 = np.array([[0.0, 0.0], [1e-3, 0.0], [0.0, 1e-3]])
    assert_allclose(flow(M, U0, 1e4), np.diag([0.0, 2.0, 1.0]), atol=1e-12)
    assert_allclose(flow(M, np.zeros((3, 2)), 1e4), 0.0)


def test_the_kernel_of_M_decays_like_1_over_t() -> None:
    """M = 0: X' = -2 X^2."""
    assert_allclose(flow([[0.0]], [[2.0]], 3.0), [[4 / (1 + 2 * 4 * 3.0)]], rtol=1e-14)
    assert_allclose(flow([[1e-200]], [[2.0]], 3.0), [[4 / (1 + 2 * 4 * 3.0)]], rtol=1e-14)


def test_arguments() -> None:
    M, U0 = problem(3, 2, 0)
    refuses(lambda: flow(M, U0[:2], 1.0), r"M has shape \(3, 3\) and U0 \(2, 2\); pass")
    refuses(lambda: flow(np.triu(M), U0, 1.0), "M is not symmetric")
    refuses(lambda: flow(M, U0, -1.0), "time = -1 must be finite and zero or positive")
    refuses(lambda: flow(M, U0, np.inf), "time = inf must be finite")
