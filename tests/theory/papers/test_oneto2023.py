"""Oneto, Ridella, Anguita 2023: the classical tools on the features of a linear model."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from theory import complexity
from theory.papers import oneto2023

RNG = np.random.default_rng(5)
H, Y = RNG.standard_normal((12, 30)), RNG.standard_normal(12)


def test_the_bound_by_the_norm_as_it_is_written() -> None:
    a = np.linalg.pinv(H) @ Y
    expected = np.linalg.norm(a) * np.sqrt((H**2).sum()) / len(H)
    assert_allclose(oneto2023.norm_bound(H, a), expected, rtol=1e-14)
    assert complexity.rademacher(H, np.linalg.norm(a)) <= oneto2023.norm_bound(H, a)


def test_a_bound_that_counts_is_constant_beyond_the_threshold() -> None:
    bound = oneto2023.parameter_bound(60, [5, 30, 59, 60, 600, np.inf])
    assert (np.diff(bound)[:2] > 0).all()
    assert_allclose(bound[2:], bound[2])


def test_the_bound_that_counts_holds_for_all_linear_classifiers_of_the_plane() -> None:
    """Labels by a coin: every classifier errs on half of all inputs; the training errors are counted."""
    rng, n, trials = np.random.default_rng(0), 2000, 200
    bound = oneto2023.parameter_bound(n, 2, delta=0.05)
    assert bound < 0.5
    gaps = []
    for _ in range(trials):
        labels = rng.choice([-1, 1], n)
        # along the circle of directions the inputs change sides one by one, in the order of their angles
        sides = rng.choice([-1, 1], n)
        right = np.sum(labels == sides) + np.concatenate([[0], np.cumsum(-labels * sides)])
        gaps.append(np.abs(right / n - 0.5).max())
    assert np.mean(np.array(gaps) > bound) <= 0.05
    assert np.mean(gaps) > bound / 50  # and the bound is of the right order


@pytest.mark.parametrize(("p", "ridge"), [(6, 0.0), (6, 0.3), (30, 0.0), (30, 0.3)])
def test_what_is_left_out_by_fitting_again(p: int, ridge: float) -> None:
    """The fits without one sample keep the total penalty n ridge."""
    n, features = len(H), H[:, :p]
    residuals = []
    for i in range(n):
        others = np.arange(n) != i
        rows = np.vstack([features[others], np.sqrt(n * ridge) * np.eye(p)])
        a = np.linalg.pinv(rows) @ np.concatenate([Y[others], np.zeros(p)])
        residuals.append(Y[i] - features[i] @ a)
    assert_allclose(oneto2023.left_out(features, Y, ridge), np.mean(np.square(residuals)), rtol=1e-8)


def test_bad_arguments() -> None:
    with pytest.raises(ValueError, match=r"features has shape \(12, 30\) and coefficients \(3,\)"):
        oneto2023.norm_bound(H, [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"features = array of shape .* must have 2 axes"):
        oneto2023.left_out(Y, Y)
    with pytest.raises(ValueError, match="p = -1 must be"):
        oneto2023.parameter_bound(10, -1)
