"""Random features have the kernel that they become in the limit."""

import numpy as np
import pytest

from sims.sweet_spot import feature_maps


@pytest.mark.parametrize("name", feature_maps.NAMES)
def test_features_have_their_kernel(name: str) -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((5, 3))
    F, same = feature_maps.draw(
        name, X, X, 40_000 // feature_maps.unit(name, 3) * feature_maps.unit(name, 3), 1.5, rng
    )
    K = feature_maps.gram(name, X, 1.5)
    assert np.array_equal(F, same)
    # entries are means over 10 000 draws or more, of standard deviation up to about 5 |K|
    assert np.abs(F @ F.T - K).max() < 0.25 * np.abs(K).max()
    assert np.abs(F @ F.T - 2 * K).max() > 0.25 * np.abs(K).max()
