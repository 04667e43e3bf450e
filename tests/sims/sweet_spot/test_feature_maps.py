"""Random features have the kernel that they become in the limit."""

import numpy as np
import pytest

from sims.sweet_spot import feature_maps, pipeline


@pytest.mark.parametrize("name", pipeline.NAMES)
def test_features_have_their_kernel(name: str) -> None:
    X = np.random.default_rng(0).standard_normal((5, 3))
    F = pipeline.features(pipeline.Family(name, 1.5, 0), 40_000).fit_transform(X)
    K = feature_maps.gram(name, X, 1.5)
    # entries are means over 40 000 draws, of standard deviation up to about 5 |K|
    assert np.abs(F @ F.T - K).max() < 0.1 * np.abs(K).max()
