"""Sorscher et al. 2022: least squares on pruned samples, and nothing pruned."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import mean_is_near, refuses
from theory.papers import sorscher2022


@pytest.mark.parametrize("hard", [True, False])
@pytest.mark.parametrize(("n", "keep", "ridge"), [(160, 0.4, 0.0), (400, 0.3, 0.0), (300, 0.5, 0.5)])
def test_pruned_data(n: int, keep: float, ridge: float, hard: bool) -> None:
    d = 80

    def trial(rng: np.random.Generator) -> float:
        X = rng.standard_normal((n, d))
        order = np.argsort(np.abs(X[:, 0]))
        kept = X[order[: round(keep * n)] if hard else order[-round(keep * n) :]]
        m = len(kept)
        if ridge:
            w = np.linalg.solve(kept.T @ kept + m * ridge * np.eye(d), kept.T @ np.sign(kept[:, 0]))
        else:
            w = np.linalg.lstsq(kept, np.sign(kept[:, 0]), rcond=None)[0]
        return float(np.arccos(w[0] / np.linalg.norm(w)) / np.pi)

    mean_is_near(trial, float(sorscher2022.error(d, n, keep, hard, ridge)), 60, 2 / d)


def test_nothing_pruned_and_the_threshold() -> None:
    every = sorscher2022.error(50, [100, 400], 1.0)
    assert_allclose(every, sorscher2022.error(50, [100, 400], 1.0, hard=False), rtol=1e-12)
    assert sorscher2022.error(50, 100, 0.5) == 0.5
    refuses(lambda: sorscher2022.error(50, 100, 0.0), "keep = 0")
