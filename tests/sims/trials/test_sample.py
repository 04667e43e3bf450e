"""Statistics of what was measured, also of one trial and of infinities."""

import numpy as np
import pytest

from sims.trials.sample import Sample


def test_statistics_of_a_sample() -> None:
    sample = Sample(np.array([[1.0, 5.0], [3.0, 5.0]]))
    assert sample.trials == 2
    np.testing.assert_allclose(sample.mean, [2, 5])
    np.testing.assert_allclose(sample.se, [1, 0])
    np.testing.assert_allclose(sample.median, [2, 5])
    assert np.isinf(Sample(np.ones((1, 2))).se).all()


def test_infinite_trials() -> None:
    sample = Sample(np.array([[1.0, 2.0], [np.inf, 2.0], [3.0, 5.0]]))
    np.testing.assert_array_equal(sample.se, [np.inf, 1.0])
    np.testing.assert_array_equal(sample.mean, [np.inf, 3.0])
    np.testing.assert_array_equal(sample.quantile(0.95), [np.inf, 5.0])  # one that was observed
    np.testing.assert_array_equal(Sample(sample.values[[0, 2]]).quantile(0.5), [2.0, 3.5])


def test_bad_shape() -> None:
    for values in (np.ones(3), np.ones((0, 3))):
        with pytest.raises(ValueError, match=r"values has shape .*; pass \(trials, points\)"):
            Sample(values)
