"""d'Ascoli, Sagun, Biroli 2020, triple descent: special cases and both peaks."""

from collections.abc import Callable
from math import inf, sqrt
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from theory import Risk
from theory.papers import dascoli2020triple, hastie2022, mei2022


def test_dascoli2020triple_broadcasts_over_linearity() -> None:
    r, psi2 = np.array([[0.0], [0.3], [0.3], [1.0]]), np.array([0.5, 1.0, 4.0])
    table = dascoli2020triple.risk(4.0, psi2, 1e-3, r, signal=2.0, noise=0.5)
    for i in range(4):
        for j in range(3):
            pair = (sqrt(r[i, 0]), 1 - r[i, 0])
            one = mei2022.risk(4.0, psi2[j], 1e-3, pair, signal=2.0, noise=0.5)
            assert_allclose([field[i, j] for field in table], one, rtol=1e-12)
    scalar = dascoli2020triple.risk(4.0, 1.0, 1e-3, 0.3)
    assert isinstance(scalar, Risk)
    assert isinstance(scalar.test, np.float64)


def test_dascoli2020triple_ends() -> None:
    nothing = dascoli2020triple.risk(3.0, 2.0, 0.1, 0.0, signal=2.0)
    assert nothing.bias == 2.0
    linear = dascoli2020triple.risk(inf, [0.5, 2.0], 0.1, 1.0, signal=2.0, noise=0.3)
    assert_allclose(linear.test, hastie2022.isotropic([2.0, 0.5], 2.0, 0.3, 0.1).test, rtol=1e-13)
    # r = 1: the rank is 1 per dimension, so that the one peak is where the smaller of the two passes it
    assert dascoli2020triple.risk(3.0, 1.0, 0.0, 1.0, noise=0.1).test == inf
    assert np.isfinite(dascoli2020triple.risk(3.0, 3.0, 0.0, 1.0, noise=0.1).test)
    assert dascoli2020triple.risk(3.0, 3.0, 0.0, 0.999, noise=0.1).test == inf


def test_dascoli2020triple_two_peaks() -> None:
    """The noise variance peaks at n = d and n = p, that of the initialization at n = p alone."""
    psi2 = np.geomspace(0.1, 100, 200)
    fit = dascoli2020triple.risk(10.0, psi2, 1e-4, 0.9, noise=5.0)

    def peaks(curve: Any) -> Any:
        return psi2[1:-1][(curve[1:-1] > curve[:-2]) & (curve[1:-1] > curve[2:])]

    noise, start = fit.var_noise_samples + fit.var_noise_samples_features, fit.var_samples_features
    assert_allclose(peaks(noise), [1.0, 10.0], rtol=0.2)
    assert_allclose(peaks(start)[-1:], [10.0], rtol=0.1)
    ensembled = fit.var_noise_samples  # infinitely many feature draws
    assert_allclose(peaks(ensembled), [1.0], rtol=0.2)


def test_dascoli2020triple_linearity() -> None:
    assert dascoli2020triple.linearity("identity") == 1
    assert dascoli2020triple.linearity((3.0, 3.0)) == 0.75
    assert_allclose(dascoli2020triple.linearity(np.tanh), dascoli2020triple.linearity("tanh"), rtol=1e-12)
    assert np.isnan(dascoli2020triple.linearity(lambda x: 0 * x + 1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dascoli2020triple.risk(1.0, 2.0, 0.1, [0.5, 1.5]), "linearity = 1.5"),
        (lambda: dascoli2020triple.risk(1.0, 2.0, 0.1, -0.1), "linearity = -0.1"),
        (lambda: dascoli2020triple.risk(1.0, 2.0, -0.1, 0.5), "ridge = -0.1"),
        (lambda: dascoli2020triple.risk([1.0, 2.0], 2.0, 0.1, [0.1, 0.2, 0.3]), "linearity"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(dascoli2020triple.risk, [2.0, 3.0, 0.1, 0.5, 1.0, 0.2])
