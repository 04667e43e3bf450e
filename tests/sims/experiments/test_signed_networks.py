"""Networks with read-outs +-1, and the data that wide ones are trained on."""

import numpy as np
import pytest

from sims.experiments import certified_networks, clustered_labels, signed_networks
from sims.network import forward, jacobian


def test_a_start_is_zero() -> None:
    X = signed_networks.unit_inputs(5, 3, seed=1)
    shape = signed_networks.network(3, 8)
    theta = signed_networks.begin(shape, np.random.default_rng(0))
    np.testing.assert_allclose(forward(shape, theta, X), 0.0, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), 1.0)


def test_random_jacobian_is_the_derivative() -> None:
    X, width, h = signed_networks.unit_inputs(4, 3, seed=2), 5, 1e-6
    J = signed_networks.random_jacobian(X, width, "tanh", np.random.default_rng(7))
    rng = np.random.default_rng(7)
    v = rng.choice([-1.0, 1.0], width) / np.sqrt(width)
    W = rng.standard_normal((width, 3))
    for j, bump in enumerate(h * np.eye(width * 3)):
        up, down = (np.tanh(X @ (W + sign * bump.reshape(width, 3)).T) @ v for sign in (1, -1))
        np.testing.assert_allclose(J[:, j], (up - down) / (2 * h), atol=1e-8)


def test_a_share_of_each_cluster_is_flipped() -> None:
    X, y, clean = clustered_labels.draw(4, 10, 6, 0.3, 0.05, np.random.default_rng(1))
    right = y.reshape(4, 10) == clean[:, None]
    assert (right.sum(axis=1) == 7).all()
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), 1.0)
    centers, _ = clustered_labels.centers(4, 6)
    assert np.linalg.norm(X.reshape(4, 10, 6) - centers[:, None], axis=2).max() < 0.5


def test_constants_hold_at_the_start_and_a_small_ball_is_refused() -> None:
    shape, theta = certified_networks.network(400, np.random.default_rng(0))
    X, y = certified_networks.task(4, 0.03)
    known = certified_networks.constants(shape, theta, X, y)
    values = np.linalg.svd(jacobian(shape, theta, X)[0], compute_uv=False)
    assert known.alpha < values[-1] <= values[0] < known.beta
    with pytest.raises(ValueError, match="make size smaller"):
        certified_networks.constants(shape, theta, X, 1000 * y)
