"""Saad, Solla 1995: the plateau is a fixed point of the equations, and is where a symmetric start ends."""

import numpy as np
import pytest
from mpmath import asin, mp, mpf, pi
from numpy.testing import assert_allclose

from tests.checks import refuses
from theory.engines import committee
from theory.papers import goldt2019
from theory.papers.saad1995 import plateau


@pytest.mark.parametrize("K", [1, 2, 3, 6])
def test_fixed_point(K: int) -> None:
    found = plateau(K)
    Q, R = np.full((K, K), found.student), np.full((K, K), found.teacher)
    C, c = np.block([[Q, R], [R.T, np.eye(K)]]), np.concatenate([np.ones(K), -np.ones(K)])
    dC, dv = np.zeros(C.shape), np.zeros(K)
    committee.velocity(C, c, K, 1e-12, 0.0, 1.0, 0.0, dC, dv)
    assert_allclose(dC / 1e-12, 0, atol=1e-11)
    assert_allclose(committee.error(C, c), found.excess, atol=1e-14)


@pytest.mark.parametrize("K", [2, 4])
def test_where_a_symmetric_student_waits(K: int) -> None:
    Q, R = np.full((K, K), 0.01), np.full((K, K), 0.02)
    end = goldt2019.excess(
        Q, R, np.eye(K), np.ones(K), np.ones(K), step=1e-3, noise=0.0, time=3e4, train_second=False
    )
    assert_allclose(end, plateau(K).excess, rtol=1e-2)


@pytest.mark.parametrize("K", [1, 2, 7, 1000])
def test_60_digits(K: int) -> None:
    with mp.workdps(60):
        k = mpf(K)
        exact = 2 * k / pi * (pi / 6 - k * asin(1 / (2 * k)))
    assert_allclose(plateau(K).excess, float(exact), rtol=1e-9, atol=1e-15)


def test_arguments() -> None:
    assert [field.tolist() for field in plateau([[1, 2]])] == [
        [list(pair)] for pair in zip(plateau(1), plateau(2), strict=True)
    ]
    refuses(lambda: plateau(1.5), "units = 1.5 must be a whole number >= 1")
