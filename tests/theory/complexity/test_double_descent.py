"""Along double descent the norm ranks interpolants, and the count of parameters does not."""

from typing import Any

import numpy as np
import pytest

from sims import features, fit
from theory import complexity as c


def spearman(a: Any, b: Any) -> float:
    ranks = [np.argsort(np.argsort(values)) for values in (a, b)]
    return float(np.corrcoef(*ranks)[0, 1])


@pytest.mark.slow
def test_the_norm_ranks_interpolants_and_the_count_does_not() -> None:
    """ReLU features on the sphere, 10 % of the labels flipped, minimum norm: medians of 6 draws.

    Nine unrelated ranks correlate above 0.8 once in 100. Every bound exceeds 1: it predicts no error.
    """
    n, d = 200, 20
    counts = np.array([200, 230, 270, 330, 460, 660, 900, 1300, 2000])
    errors, terms = np.empty((2, 6, len(counts)))
    for seed in range(6):
        rng = np.random.default_rng([66, seed])
        X, W = features.sphere(n + 4000, d, rng), rng.standard_normal((counts[-1], d))
        clean = np.sign(X @ rng.standard_normal(d))
        y = clean[:n] * rng.choice([-1, 1], n, p=[0.1, 0.9])
        H = features.random_features(X, W)
        for i, p in enumerate(counts):
            F = H[:, :p] / np.sqrt(p)
            weights = fit.min_norm(F[:n], y)
            errors[seed, i] = (np.sign(F[n:] @ weights) != clean[n:]).mean()
            terms[seed, i] = c.rademacher_bound(F[:n], np.linalg.norm(weights))
    error, term = np.median(errors, axis=0), np.median(terms, axis=0)
    assert spearman(term, error) > 0.8
    assert spearman(counts, error) < -0.8  # more features, less error: a count ranks them backwards
    assert np.ptp(c.vc_gap(counts + 1, n)) == 0
    assert min(c.vc_gap(n, n), c.rademacher_gap(term, n).min()) > 1
