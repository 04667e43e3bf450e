"""Muthukumar et al. 2021: duals of drawn designs, and far beyond the threshold."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import mean_is_near, refuses
from theory.papers import muthukumar2021


@pytest.mark.parametrize(("n", "d"), [(2, 2), (6, 8), (20, 60)])
def test_share_of_positive_duals(n: int, d: int) -> None:
    def trial(rng: np.random.Generator) -> float:
        X, y = rng.standard_normal((n, d)), rng.choice([-1.0, 1.0], n)
        return float(np.mean(y * np.linalg.solve(X @ X.T, y) > 0))

    mean_is_near(trial, float(muthukumar2021.positive_share(n, d).share), 3000, 0.0)


def test_shares_far_beyond_the_threshold() -> None:
    found = muthukumar2021.positive_share([1, 30, 30], [1, 10**6, 30])
    assert found.share[0] == found.all[0] == found.share[1] == found.all[1] == 1.0
    assert_allclose(found.all[2], found.share[2] ** 30, rtol=1e-12)
    refuses(lambda: muthukumar2021.positive_share(30, 29), "d = 29 must be at least n = 30")
