"""Bietti, Mairal 2019: the decay of the eigenvalues of the two-layer kernel."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import refuses
from theory.papers import bietti2019


@pytest.mark.parametrize("d", [2, 3, 10])
def test_decay(d: int) -> None:
    """k^d mu_k tends to the constant with the relative correction -d(d - 2)/(2k)."""
    k = np.array([4000, 8000])
    scaled = bietti2019.eigenvalue(k, d) * k.astype(float) ** d / bietti2019.decay_constant(d)
    assert_allclose(scaled, 1 - d * (d - 2) / (2 * k), rtol=0.05 * d**2 / 4000)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bietti2019.decay_constant(1), "d = 1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
