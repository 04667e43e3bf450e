"""Empirical Bayes on data: densities and predictions from covariance matrices, and the maximum."""

import numpy as np
import pytest

from sims.experiments.empirical import believed, best_noise, chosen, draw
from theory import Problem

PROBLEM = Problem([2.0, 0.5], [1.5, 1.0], [6, 12], noise=0.3)


@pytest.mark.parametrize("n", [10, 25])
def test_evidence_variance_and_error_are_those_of_the_process(n: int) -> None:
    data, ridge, noise = draw(PROBLEM, n, np.random.default_rng(n)), 0.2, 0.7
    X, y = data.seen, data.labels  # rotated samples are as good as samples
    C = noise * (np.eye(n) + X @ X.T / (n * ridge))
    log = -0.5 * (n * np.log(2 * np.pi) + np.linalg.slogdet(C).logabsdet + y @ np.linalg.solve(C, y))
    found = believed(data, ridge, noise)
    assert found.log_evidence == pytest.approx(log / n, rel=1e-9)
    inverse = np.linalg.inv(X.T @ X + n * ridge * np.eye(18))
    assert found.predictive_variance == pytest.approx(noise * (1 + data.lam @ np.diag(inverse)), rel=1e-9)
    missed = inverse @ X.T @ y - data.beta
    assert found.test == pytest.approx(0.3 + data.lam @ missed**2, rel=1e-9)


def test_no_other_ridge_and_noise_have_more_evidence() -> None:
    for seed in range(5):
        data = draw(PROBLEM, 40, np.random.default_rng(seed))
        ridge, noise = chosen(data)
        assert noise == pytest.approx(best_noise(data, ridge), rel=1e-12)
        most = believed(data, ridge, noise).log_evidence
        for factor in (0.9, 0.99, 1.01, 1.1):
            assert believed(data, factor * ridge, noise).log_evidence <= most + 1e-9
            assert believed(data, ridge, factor * noise).log_evidence <= most + 1e-9
