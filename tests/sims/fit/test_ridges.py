"""Ridge at every ridge is the single fit at each."""

from typing import Any

import numpy as np
import pytest

from sims import fit
from tests.sims.fit.problems import relu_features


@pytest.mark.parametrize("shape", [(30, 12), (12, 30), (1, 1)])
def test_every_ridge_is_ridge_at_each(shape: tuple[int, int]) -> None:
    F, y, Ft, yt = relu_features(*shape, 9, 6, seed=11, q=3)
    F += 0.1
    ridges = [0.0, 1e-9, 0.2, 50.0, np.inf]
    found = fit.every_ridge(F, y, Ft, yt, ridges=ridges)
    for i, ridge in enumerate(ridges):
        a = fit.ridge(F, y, ridge)
        scale = np.mean(y**2)
        np.testing.assert_allclose(found.test[i], np.mean((yt - Ft @ a) ** 2, axis=0), rtol=1e-9)
        np.testing.assert_allclose(found.train[i], np.mean((y - F @ a) ** 2, axis=0), 1e-9, 1e-20 * scale)
        np.testing.assert_allclose(found.norm[i], np.sum(a**2, axis=0), rtol=1e-9)
        if 0 < ridge < np.inf:
            np.testing.assert_allclose(found.df[i], fit.ridge_path(F, y, ridge=ridge).df[-1], rtol=1e-9)
    assert found.df[0] == min(shape)
    assert found.df[-1] == 0
    one = fit.every_ridge(F, y[:, 0], Ft, yt[:, 0], ridges=ridges)
    np.testing.assert_allclose(one.test, found.test[:, 0], rtol=1e-12)


@pytest.mark.parametrize("ridges", [[1.0, -1.0], 1.0, [np.nan], [1j], ["1"]])
def test_bad_ridges(ridges: Any) -> None:
    with pytest.raises(ValueError, match=r"^ridges = .* must be a list of real numbers >= 0"):
        fit.every_ridge(np.ones((3, 4)), np.ones(3), ridges=ridges)
