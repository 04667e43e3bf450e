"""Lengths and angles of rows, in every form of the jitted code."""

import numpy as np
from numpy.testing import assert_array_equal

from theory.engines import angles, arc


def test_plain_and_strict_kernels_have_the_same_bits() -> None:
    """Small matrices meet no compiler; their numbers are those that they would have with it."""
    data = np.random.default_rng(0).standard_normal((12, 5))
    data[1], data[2], data[3] = -data[0], data[0] * (1 + 1e-9), 0.0
    covariance = 0.2 * (data @ data.T)
    results: list[list[np.ndarray]] = []
    for form in ("plain", "strict"):
        lengths, room = np.empty(12), [np.empty((12, 12)) for _ in range(3)]
        getattr(arc.norms, form)(data.astype(np.float32), lengths)
        same = covariance.diagonal() + 0.1
        getattr(angles.first, form)(data @ data.T, data, data, 0.2, 0.1, same, same, *room)
        whole = np.random.default_rng(1).standard_normal((12, 12))
        getattr(arc.mirror, form)(whole)
        results.append([lengths, *room, whole])
    for one, other in zip(*results, strict=True):
        assert_array_equal(one, other)
