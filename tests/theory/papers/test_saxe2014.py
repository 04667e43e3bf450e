"""Saxe et al. 2014: the solution against 60 digits, both layers integrated, and limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from tests.checks import broadcasts, refuses
from tests.strategies import decades
from theory.papers.saxe2014 import half_time, strength


def weights(s: float, u: float, t: float, depth: int, imbalance: float = 0.0) -> float:
    """The product of `depth` weights, each of which follows its own gradient."""
    if depth == 2:
        a2 = (imbalance + np.sqrt(imbalance**2 + 4 * u**2)) / 2
        start = [np.sqrt(a2), u / np.sqrt(a2)]
    else:
        start = [u ** (1 / depth)] * depth

    def velocity(_: float, w: np.ndarray) -> list[float]:
        gap = s - np.prod(w)
        return [gap * np.prod(np.delete(w, i)) for i in range(depth)]

    end = solve_ivp(velocity, (0, t), start, method="DOP853", rtol=1e-11, atol=1e-13).y[:, -1]
    return float(np.prod(end))


@pytest.mark.parametrize(
    ("s", "u", "t", "depth", "imbalance"),
    [
        (3.0, 0.01, 1.0, 2, 0.0), (3.0, 0.01, 0.5, 2, 2.0), (0.5, 2.0, 1.0, 2, 0.3), (1.0, 0.0, 0.7, 2, 0.5),
        (0.0, 1.0, 2.0, 2, 0.0), (0.0, 1.0, 2.0, 2, 1.0), (2.0, 0.1, 1.5, 2, 10.0),
        (2.0, 0.1, 1.5, 3, 0.0), (1.0, 0.2, 4.0, 4, 0.0), (1.0, 3.0, 0.5, 5, 0.0), (2.0, 0.3, 0.8, 1, 0.0),
    ],
)  # fmt: skip
def test_all_layers_integrated(s: float, u: float, t: float, depth: int, imbalance: float) -> None:
    assert_allclose(
        strength(s, u, t, depth, imbalance), weights(s, u, t, depth, imbalance), rtol=1e-8, atol=1e-12
    )


@given(decades(-6, 3), decades(-12, 3), decades(-6, 3), st.just(0.0) | decades(-9, 4))
def test_two_layers_in_200_digits(s: float, u: float, t: float, imbalance: float) -> None:
    with mp.workdps(200):
        S, U, T, L = (mpf(x) for x in (s, u, t, imbalance))
        q = mp.sqrt(S**2 + L**2 / 4)
        y = U + mp.sqrt(U**2 + L**2 / 4)
        ratio = (y - S - q) / (y - S + q) * mp.exp(-2 * q * T)
        y = (S + q - ratio * (S - q)) / (1 - ratio)
        truth = float((y - L**2 / 4 / y) / 2)
    # the exponent q t is a float: its last digit is all that is lost
    assert_allclose(strength(s, u, t, 2, imbalance), truth, rtol=1e-14 * (10 + np.hypot(s, imbalance) * t))


def test_ends() -> None:
    assert strength(2.0, 0.0, np.inf) == 0  # a saddle is for ever
    assert strength(2.0, 1e-300, np.inf) == 2
    assert strength(2.0, 0.0, np.inf, imbalance=0.1) == 2
    assert strength(0.0, 1.0, np.inf) == 0
    assert strength(2.0, 0.5, np.inf, depth=3) == 2
    assert strength(2.0, 0.0, 5.0, depth=4) == 0
    assert strength(2.0, 0.7, 0.0) == 0.7


def test_lazy_and_rich() -> None:
    """Large L: the rate L from the start; L = 0: the formula of the paper."""
    t = np.linspace(0, 3, 7)
    rich = 2 / (1 - (1 - 2 / 0.01) * np.exp(-4 * t))
    assert_allclose(strength(2.0, 0.01, t), rich, rtol=1e-13)
    lazy = 2 - 1.99 * np.exp(-1e4 * t / 1e4)
    assert_allclose(strength(2.0, 0.01, t / 1e4, imbalance=1e4), lazy, rtol=1e-6)


@given(decades(-3, 3), st.floats(1e-9, 0.499))
def test_half_time_is_when_half_is_learnt(s: float, share: float) -> None:
    t = half_time(s, share * s)
    assert_allclose(strength(s, share * s, t), s / 2, rtol=1e-9)
    assert half_time(s, 0.6 * s) == 0


def test_arguments() -> None:
    broadcasts(lambda *a: strength(*a[:3], 2, a[3]), [3.0, 0.25, 0.5, 1.5])
    broadcasts(half_time, [3.0, 0.25])
    refuses(lambda: strength(1.0, 0.1, 1.0, depth=3, imbalance=0.5), "imbalance = 0.5 needs depth = 2, not 3")
    refuses(lambda: strength(-1.0, 0.1, 1.0), "target = -1 must be finite and zero or positive")
    refuses(lambda: strength(1.0, 0.1, 1.0, depth=0), "depth = 0 must be a whole number >= 1")
