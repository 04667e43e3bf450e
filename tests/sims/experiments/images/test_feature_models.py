"""Features on real images: the path is the refit, the complex fit is the real one, the limit is the limit."""

import numpy as np
import pytest

from sims import data, fit
from sims.experiments.images import feature_models
from tests.sims.experiments.images.units import given

pytest.importorskip("sklearn")

MODELS = list(feature_models.NAMES)


@pytest.fixture(scope="module")
def parts() -> data.Split:
    return data.split(data.load("digits"), 40, seed=0, test=200)


def _features(model: str, parts: data.Split, N: int) -> tuple[np.ndarray, np.ndarray]:
    return feature_models.drawn(model, parts, N, np.random.default_rng(1))(0, N)


@pytest.mark.parametrize("model", MODELS)
def test_path_and_refits_are_minimum_norm_fits(model: str, parts: data.Split) -> None:
    """By the SVD of the features themselves, complex ones too."""
    F, Ft = _features(model, parts, 100)
    sizes = [1, 7, 19, 25, 39, 41, 60, 100]
    units = given(F, Ft, feature_models.columns(model))
    test, norm = feature_models.every_size(model, units, 100, parts)
    scores = feature_models.refits(units, parts, sizes)
    for N, found in zip(sizes, scores, strict=True):
        p = N * feature_models.columns(model)
        a = fit.min_norm(F[:, :p], parts.Y)
        predicted = (Ft[:, :p] @ a).real
        expected = feature_models.squared(parts.Y_test, predicted), N * np.sum(np.abs(a) ** 2)
        assert found.test == pytest.approx(expected[0], rel=1e-6)
        assert found.norm == pytest.approx(expected[1], rel=1e-6)
        assert (test[N - 1], norm[N - 1]) == pytest.approx(expected, rel=1e-6)
        assert found.zero_one == data.zero_one(parts.Y_test, predicted)
        assert found.train == pytest.approx(feature_models.squared(parts.Y, (F[:, :p] @ a).real), abs=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_interpolation_begins_at_the_threshold(model: str, parts: data.Split) -> None:
    at = feature_models.threshold(model, len(parts.X))
    F, Ft = _features(model, parts, 2 * at)
    alive = F.any(axis=0)  # a ReLU unit may be dead: then interpolation begins later
    units = given(F[:, alive], Ft[:, alive], feature_models.columns(model))
    before, there = feature_models.refits(units, parts, [at - 1, at])
    assert before.train > 1e-4
    assert there.train == 0.0


def test_a_dead_unit_changes_nothing(parts: data.Split) -> None:
    F, Ft = _features("relu", parts, 60)
    dead = np.insert(F, 5, 0.0, axis=1), np.insert(Ft, 5, 0.0, axis=1)
    [one] = feature_models.refits(given(F, Ft), parts, [60])
    [two] = feature_models.refits(given(*dead), parts, [61])
    assert two.test == pytest.approx(one.test, rel=1e-12)
    assert two.norm == pytest.approx(one.norm * 61 / 60, rel=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_many_features_come_near_the_kernel(model: str, parts: data.Split) -> None:
    """The gap of norms falls about like 1/N."""
    limit = feature_models.kernel_limit(model, parts)
    units = feature_models.drawn(model, parts, 6_000, np.random.default_rng(1))
    scores = feature_models.refits(units, parts, [200, 6_000])
    gaps = [abs(np.log(s.norm / limit.norm)) for s in scores]
    assert gaps[1] < gaps[0] / 5
    assert gaps[1] < 0.05
    assert scores[1].test == pytest.approx(limit.test, rel=0.05)


@pytest.mark.parametrize("model", MODELS)
def test_features_that_are_not_held(model: str, parts: data.Split, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are made stretch by stretch, and say what those that are held say."""
    sizes, N = [5, 39, 60, 100], 100

    def found() -> tuple[np.ndarray, ...]:
        units = feature_models.drawn(model, parts, N, np.random.default_rng(1))
        scores = np.array(feature_models.refits(units, parts, sizes))
        return scores, *feature_models.every_size(model, units, N, parts)

    held = found()
    monkeypatch.setattr(feature_models, "HELD", 0)
    monkeypatch.setattr(feature_models, "TOGETHER", 7)
    for one, other in zip(found(), held, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-7, atol=1e-9)
