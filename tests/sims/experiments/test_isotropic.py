"""Least squares on isotropic inputs: one error, by singular values, by pseudo-inverse and by definition."""

import numpy as np
import pytest

from sims.experiments import ablations, isotropic, partial, projections, spectral

SHAPES = [(12, 5), (12, 12), (12, 30)]


def _design(shape: tuple[int, int]) -> np.ndarray:
    return np.random.default_rng(3).standard_normal(shape)


@pytest.mark.parametrize("ridge", [0.0, 0.03])
@pytest.mark.parametrize("shape", SHAPES)
def test_all_ways_agree(shape: tuple[int, int], ridge: float) -> None:
    X, (n, p) = _design(shape), shape
    risk = isotropic.risk(X, 2.0, 0.5, ridge)
    fit = spectral.fit(X, spectral.ridge(ridge), 2.0, 0.5)
    assert risk == pytest.approx(0.5 + fit.excess, rel=1e-9)
    assert risk == pytest.approx(partial.partial_error(X, p, np.full(p, 2.0 / p), 0.5, ridge), rel=1e-9)
    solve = np.linalg.pinv(np.vstack([X, np.sqrt(n * ridge) * np.eye(p)]))[:, :n]
    missed = np.sum((solve @ X - np.eye(p)) ** 2)
    assert risk == pytest.approx(0.5 + 2.0 / p * missed + 0.5 * np.sum(solve**2), rel=1e-9)


def test_singular_values_that_are_rounding_do_not_count() -> None:
    X = np.ones((2, 3))  # rank 1: squared singular value 6, and one that is rounding
    assert isotropic.shares(X).unseen == 2
    assert isotropic.risk(X, signal=1.0, noise=0.5) == pytest.approx(0.5 + 2 / 3 + 0.5 / 6, rel=1e-12)
    fit = spectral.fit(X, spectral.ridge(0.0), signal=1.0, noise=0.5)
    assert tuple(fit) == pytest.approx((2 / 3, 0.5 / 6, 1 / 3 + 0.5 / 6), rel=1e-12)


def test_repeated_features_of_a_projection_count_once() -> None:
    problem = projections.problem(20)
    Phi, features = projections.draw(problem, 20, 5, np.random.default_rng(4))
    once = projections.excess(problem, Phi, features, 0.0)
    twice = projections.excess(problem, Phi, np.hstack([features, features]), 0.0)
    np.testing.assert_allclose(twice, once, rtol=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_mean_over_directions_is_the_mean_over_a_basis(shape: tuple[int, int]) -> None:
    X, p = _design(shape), shape[1]
    parts = [partial.fixed_target_parts(X, beta, p) for beta in np.eye(p)]
    missed = np.mean([part[0] for part in parts])
    assert 0.5 + 2.0 * missed + 0.5 * parts[0][1] == pytest.approx(isotropic.risk(X, 2.0, 0.5), rel=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
def test_an_ablation_of_nothing_is_least_squares(shape: tuple[int, int]) -> None:
    X = _design(shape)
    assert ablations.truncated(X, 2.0, 0.5, cut=0.0) == pytest.approx(isotropic.risk(X, 2.0, 0.5), rel=1e-9)
    whole = ablations.on_leading_inputs(X, 0.5, leading=min(shape))
    assert whole == pytest.approx(isotropic.risk(X, 0.0, 0.5), rel=1e-9)


def test_flow_ends_at_least_squares() -> None:
    X = _design((12, 30))
    ended = 0.5 + spectral.fit(X, spectral.flow(np.inf), 2.0, 0.5).excess
    assert ended == pytest.approx(isotropic.risk(X, 2.0, 0.5), rel=1e-9)
