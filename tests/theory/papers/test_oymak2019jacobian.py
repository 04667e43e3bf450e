"""Oymak et al. 2019: information and nuisance space against descent."""

from collections.abc import Callable
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.checks import refuses
from tests.samples import gaussian
from tests.strategies import decades
from theory.papers import oymak2019jacobian


@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 99), decades(-1.5, 0.7), st.integers(0, 200))
def test_split_is_descent(n: int, P: int, seed: int, cutoff: float, steps: int) -> None:
    J, r = gaussian(n, P, seed)
    U, s, _ = np.linalg.svd(J)
    step = 0.9 / s[0] ** 2
    kept = U[:, : len(s)][:, s >= cutoff]
    theta = np.zeros(P)
    for _ in range(steps):
        theta = theta - step * J.T @ (r + J @ theta)
    left = r + J @ theta
    inside, outside = kept @ (kept.T @ left), left - kept @ (kept.T @ left)
    fit = oymak2019jacobian.split(J, r, cutoff, step, steps)
    exact = [np.linalg.norm(part) for part in (inside, outside, theta)]
    assert_allclose([fit.information, fit.nuisance, fit.distance], exact, rtol=1e-7, atol=1e-12)
    assert fit.information <= fit.information_bound + 1e-12
    assert fit.distance <= fit.distance_bound + 1e-12
    nuisance = np.linalg.norm(r - kept @ (kept.T @ r))
    assert fit.nuisance <= nuisance + 1e-12
    assert fit.nuisance >= max(1 - step * cutoff**2, 0) ** steps * nuisance - 1e-12


def test_split_at_the_end() -> None:
    J, r = np.diag([2.0, 0.1, 0.0]), np.array([1.0, 2.0, 3.0])
    end = oymak2019jacobian.split(J, r, 1.0, 0.2, inf)
    assert_allclose(end, [0.0, 3.0, 0.0, np.hypot(0.5, 20.0), inf], rtol=1e-12)
    clean = oymak2019jacobian.split(J, [1.0, 0.0, 0.0], 1.0, 0.2, [0, inf])
    assert_allclose(clean.distance_bound, [0.5, 0.5])
    assert clean.distance.tolist() == [0.0, 0.5]
    nothing = oymak2019jacobian.split(J, r, 5.0, 0.25, 3)
    assert nothing.information == nothing.information_bound == 0.0


X2 = [[1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: oymak2019jacobian.split(X2, [1.0, 1.0], 0.0, 0.1, 1),
            "cutoff = 0",
        ),
        (
            lambda: oymak2019jacobian.split(X2, [1.0, 1.0], 0.5, 1.5, 1),
            r"step = 1\.5",
        ),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
