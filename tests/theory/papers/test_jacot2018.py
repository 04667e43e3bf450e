"""Jacot, Gabriel, Hongler 2018: its parameterisation is one of theory.kernel."""

import numpy as np
from numpy.testing import assert_allclose

from theory import kernel
from theory.papers import jacot2018

X = np.array([[1.0, 0.5], [-0.3, 0.8], [0.4, -1.1], [-0.9, -0.2]])


def test_jacot_counts_its_own_way() -> None:
    assert_allclose(
        jacot2018.ntk(X, depth=2, bias=0.3), kernel.ntk(X, None, 2, "relu", 1.0, 0.09), rtol=1e-12
    )
