"""Poole et al. 2016: correlations of deep kernels, order and chaos."""

import numpy as np
from numpy.testing import assert_allclose

from tests.checks import refuses
from theory.kernel import deep_limit, nngp
from theory.papers.poole2016 import chi_1, correlation


def test_correlations_are_those_of_the_kernel() -> None:
    """Inputs of which the first layer makes q* and the correlation 0.7."""
    w, b, start = 1.8, 0.4, 0.7
    q = float(deep_limit(w**2, b**2).variance)
    a, c = (q - b**2) * 2 / w**2, (start * q - b**2) * 2 / w**2
    x = np.sqrt(a) * np.array([1.0, 0.0])
    z = np.array([c, np.sqrt(a**2 - c**2)]) / np.sqrt(a)
    for depth in (0, 1, 7):
        gram = nngp([x, z], depth=depth, activation="tanh", sigma_w2=w**2, sigma_b2=b**2)
        assert_allclose(np.diag(gram), q, rtol=1e-12)
        assert_allclose(correlation(start, depth, w, b), gram[0, 1] / q, rtol=1e-12)


def test_all_starts_come_to_one_correlation() -> None:
    for w in (1.0, 2.5):
        limit = deep_limit(w**2, 0.09).correlation
        assert_allclose(correlation([-1.0, 0.0, 0.999, 0.5], 300, w, 0.3), limit, atol=1e-9)
    assert correlation(1.0, 50, 2.5, 0.3) == 1.0


def test_slopes_and_refusals() -> None:
    assert_allclose(chi_1([1.0, 2.0], 0.3, "relu"), [0.5, 2.0])
    refuses(lambda: correlation(1.1, 3, 1.0), "start = 1.1 must be in")
    refuses(lambda: correlation(0.5, 3, 2.0, 0.1, "relu"), "make the variance tend to inf")
    refuses(lambda: correlation(0.5, 3, 0.5), "make the variance tend to 0")
    refuses(lambda: correlation(0.5, 3, -0.5), "sigma_w = -0.5 must be")
