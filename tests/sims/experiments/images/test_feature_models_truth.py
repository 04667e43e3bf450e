"""Singular kernels and features: equal images are one image whose label is the mean of theirs."""

import numpy as np
import pytest

from sims import fit
from sims.data import Split
from sims.experiments.images import feature_models
from tests.sims.experiments.images.units import given


def _images(seed: int, n: int = 30, d: int = 20) -> Split:
    """Random images of random labels whose last image repeats the first."""
    rng = np.random.default_rng(seed)
    X, Z = rng.random((n, d)), rng.random((10, d))
    X[-1] = X[0]
    return Split(X, rng.standard_normal((n, 2)), Z, rng.standard_normal((10, 2)))


def _merged(parts: Split) -> tuple[Split, float]:
    """The same task with the two equal images as one, and the loss that cannot be fitted."""
    Y = parts.Y[:-1].copy()
    Y[0] = (parts.Y[0] + parts.Y[-1]) / 2
    left = 2 * np.sum(((parts.Y[0] - parts.Y[-1]) / 2) ** 2) / len(parts.Y)
    return Split(parts.X[:-1], Y, parts.X_test, parts.Y_test), float(left)


@pytest.mark.parametrize("model", ["fourier", "relu"])
def test_the_kernel_of_a_repeated_image(model: str) -> None:
    """Interpolation of the distinct images; the ReLU norm was wrong in 69 of 200 seeds, by up to 1e14."""
    for seed in range(40):
        parts = _images(seed)
        merged, left = _merged(parts)
        scores, truth = feature_models.kernel_limit(model, parts), feature_models.kernel_limit(model, merged)
        assert scores.norm == pytest.approx(truth.norm, rel=1e-7)
        assert scores.test == pytest.approx(truth.test, rel=1e-7)
        assert scores.train == pytest.approx(left, rel=1e-7)


@pytest.mark.parametrize("model", list(feature_models.NAMES))
def test_features_of_a_repeated_image(model: str) -> None:
    for seed in range(10):
        parts = _images(seed)
        merged, left = _merged(parts)
        F, Ft = feature_models.drawn(model, parts, 90, np.random.default_rng(seed))(0, 90)
        step = feature_models.columns(model)
        [scores] = feature_models.refits(given(F, Ft, step), parts, [90])
        [truth] = feature_models.refits(given(F[:-1], Ft, step), merged, [90])
        assert scores.norm == pytest.approx(truth.norm, rel=1e-7)
        assert scores.test == pytest.approx(truth.test, rel=1e-7)
        assert scores.train == pytest.approx(left, rel=1e-7)


def test_repeated_features() -> None:
    """Below and beyond n columns the fit is the least-squares fit of least norm; they were refused."""
    parts = _images(0)
    F, Ft = feature_models.drawn("relu", parts, 12, np.random.default_rng(0))(0, 12)
    F, Ft = np.tile(F, 4), np.tile(Ft, 4)
    sizes = [20, 30, 48]
    for N, scores in zip(sizes, feature_models.refits(given(F, Ft), parts, sizes), strict=True):
        a, *_ = np.linalg.lstsq(F[:, :N], parts.Y, rcond=1e-12)
        assert scores.norm == pytest.approx(N * np.sum(a**2), rel=1e-7)
        assert scores.test == pytest.approx(feature_models.squared(parts.Y_test, Ft[:, :N] @ a), rel=1e-7)
        assert scores.train == pytest.approx(feature_models.squared(parts.Y, F[:, :N] @ a), rel=1e-7)


def test_features_of_low_rank() -> None:
    """25 combinations of 10 features: the triangle is singular to rounding only, and norms were 1e33."""
    for seed in range(5):
        rng = np.random.default_rng(seed)
        parts = Split(
            rng.random((30, 20)),
            rng.standard_normal((30, 2)),
            rng.random((10, 20)),
            rng.standard_normal((10, 2)),
        )
        ten, mixed = rng.standard_normal((30, 10)), rng.standard_normal((10, 25))
        fresh = rng.standard_normal((10, 10))
        [scores] = feature_models.refits(given(ten @ mixed, fresh @ mixed), parts, [25])
        through_ten, *_ = np.linalg.lstsq(ten, parts.Y, rcond=None)
        a = mixed.T @ np.linalg.solve(mixed @ mixed.T, through_ten)
        assert scores.norm == pytest.approx(25 * np.sum(a**2), rel=1e-8)
        assert scores.test == pytest.approx(
            feature_models.squared(parts.Y_test, fresh @ through_ten), rel=1e-8
        )


def test_the_least_norm_fit_of_repeated_features_shares_the_weight() -> None:
    """A feature given twice has half of the squared norm of the feature alone."""
    parts = Split(np.zeros((2, 1)), np.array([[1.0], [2.0]]), np.zeros((1, 1)), np.zeros((1, 1)))
    F = np.array([[1.0, 1.0], [2.0, 2.0]])
    alone, twice = feature_models.refits(given(F, F[:1]), parts, [1, 2])
    assert twice.norm / 2 == pytest.approx(alone.norm / 2, rel=1e-12)
    assert alone.norm == pytest.approx(float(np.sum(fit.min_norm(F[:, :1], parts.Y) ** 2)), rel=1e-12)
