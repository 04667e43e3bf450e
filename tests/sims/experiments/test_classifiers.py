"""Linear classifiers: where descent ends, separability, and exact errors."""

import numpy as np
import pytest
from scipy.special import ndtr

from sims.experiments import classifiers, gaussian_mixture

MEAN = np.array([1.0, 0.5, 0.0])


def test_descent_ends_at_the_margin_or_at_the_minimum() -> None:
    rng = np.random.default_rng(0)
    apart = gaussian_mixture.signed_samples(6, 10 * MEAN, rng)
    mixed = gaussian_mixture.signed_samples(200, MEAN, rng)
    assert classifiers.separable(apart)
    assert not classifiers.separable(mixed)
    np.testing.assert_array_equal(classifiers.descent_limit(apart), classifiers.max_margin(apart)[1])
    np.testing.assert_array_equal(classifiers.descent_limit(mixed), classifiers.logistic(mixed))
    np.testing.assert_array_equal(classifiers.descent_limit(apart, 1.0), classifiers.logistic(apart, 1.0))


def test_the_best_direction_errs_by_the_distance_of_the_means() -> None:
    assert gaussian_mixture.error(MEAN, MEAN) == pytest.approx(ndtr(-np.linalg.norm(MEAN)), rel=1e-12)
    assert gaussian_mixture.error(-MEAN, MEAN) == pytest.approx(ndtr(np.linalg.norm(MEAN)), rel=1e-12)


def test_classes_far_apart_are_separable_by_one_coordinate() -> None:
    assert gaussian_mixture.separability(30, 20.0, np.random.default_rng(0)) == 0.5 / 30
