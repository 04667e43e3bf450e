"""A population as a test set: its mean squared error is the risk."""

from typing import Any

import numpy as np
import pytest

from sims import fit
from sims.fit.population import population

NOISE = np.array([0.0, 0.3])


@pytest.mark.parametrize("rank", [0, 3, 40])
def test_population_points_give_the_risk(rank: int) -> None:
    rng = np.random.default_rng(rank)
    F, y, P = rng.standard_normal((15, 40)), rng.standard_normal((15, 2)), 40
    root = rng.standard_normal((40, rank))
    covariance, truth = root @ root.T, rng.standard_normal((40, 2))
    cross = covariance @ truth
    power = np.sum(truth * cross, axis=0) + NOISE
    path = fit.min_norm_path(F, y, *population(covariance, cross, power))
    for p in range(1, P + 1):
        a = np.zeros((40, 2))
        a[:p] = fit.min_norm(F[:, :p], y)
        risk = np.sum((a - truth) * (covariance @ (a - truth)), axis=0) + NOISE
        np.testing.assert_allclose(path.test[p - 1], risk, rtol=1e-8, atol=1e-12)


EYE, C = np.eye(2), np.ones(2)


@pytest.mark.parametrize(
    ("moments", "message"),
    [
        ((np.ones((2, 3)), C, 1.0), r"covariance = array of shape \(2, 3\) must be square and symmetric"),
        (([[1.0, 0.0], [1.0, 1.0]], C, 1.0), "covariance"),
        ((EYE * 1j, C, 1.0), "covariance"),
        ((-EYE, C, 9.0), "covariance has the eigenvalue -1; it must be positive semidefinite"),
        ((EYE, np.ones(3), 9.0), r"cross = array of shape \(3,\) must have 2 rows, one per feature"),
        ((EYE, C, [1.0, 2.0]), r"power = \[1.0, 2.0\] must be finite, of shape \(\)"),
        ((EYE, C, np.inf), "power"),
        ((EYE, C, 1.0), "power = 1.0 must be at least what the features explain, 2"),
    ],
)
def test_moments_of_no_population_are_refused(moments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}") as caught:
        population(*moments)
    assert "\n" not in str(caught.value)
