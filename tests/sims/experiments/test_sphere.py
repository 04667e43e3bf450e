"""Random features on the sphere: exact errors against fresh inputs, and parts that add up."""

import numpy as np
import pytest

from sims import features
from sims.experiments import sphere

N, D, P, NOISE, FRESH = 20, 10, 12, 0.3, 20_000


def _drawn() -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(4)
    return features.sphere(N, D, rng), features.sphere(P, D, rng), rng


@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("ridge", [0.0, 0.05])
def test_errors_of_a_fit(activation: str, ridge: float) -> None:
    X, W, rng = _drawn()
    fit = sphere.random_features(X, W, activation, ridge)
    measured = sphere.measure(fit, sphere.Target(1.0, noise=NOISE))
    fresh = features.sphere(FRESH, D, rng)
    predicted = features.random_features(fresh, W, activation) / np.sqrt(P) @ fit.coefficients
    missed = ((predicted @ X - fresh) ** 2).sum(axis=1) / D
    each = NOISE + missed + NOISE * (predicted**2).sum(axis=1)
    assert abs(each.mean() - measured.test) < 5 * each.std() / np.sqrt(FRESH)
    lost = np.eye(N) - fit.hat
    assert measured.train == pytest.approx((((lost @ X) ** 2).sum() / D + NOISE * (lost**2).sum()) / N)


def test_many_features_are_the_kernel_machine() -> None:
    X, _, rng = _drawn()
    machine = sphere.measure(sphere.kernel_machine(X, "tanh", 0.05), sphere.Target(noise=NOISE)).test
    wide = sphere.random_features(X, features.sphere(4000, D, rng), "tanh", 0.05)
    assert sphere.measure(wide, sphere.Target(noise=NOISE)).test == pytest.approx(machine, rel=0.02)


def test_the_terms_add_up_to_the_error() -> None:
    rng = np.random.default_rng(5)
    X, W = ([features.sphere(count, D, rng) for _ in range(2)] for count in (N, P))
    target = sphere.Target(noise=NOISE)
    terms = sphere.variances(X, W, "tanh", 0.05, target)
    fits = [sphere.random_features(x, w, "tanh", 0.05) for x in X for w in W]
    mean = np.mean([sphere.measure(fit, target).test for fit in fits])
    assert NOISE + sum(terms) == pytest.approx(mean, rel=1e-9)
