"""Diagonal linear networks: the flow ends at an interpolator, whose norm the start decides."""

import numpy as np

from sims.experiments.diagonal_networks import flow_end


def test_the_start_decides_which_norm_is_small() -> None:
    X = np.random.default_rng(1).standard_normal((2, 6))
    y = X[:, 0].copy()
    small, large = (flow_end(X, y, alpha) for alpha in (0.02, 5.0))
    for beta in (small, large):
        np.testing.assert_allclose(X @ beta, y, atol=1e-6)
    assert np.abs(small).sum() < np.abs(large).sum()
    np.testing.assert_allclose(large, np.linalg.pinv(X) @ y, atol=1e-2)
