"""Exact error of a two-layer ReLU network, against fresh inputs."""

import numpy as np

from sims.experiments import trained_relu
from sims.network import Network, forward, start

FRESH = 40_000


def test_error_of_a_network() -> None:
    rng = np.random.default_rng(5)
    network, beta = Network(4, (6,)), rng.standard_normal(4)
    theta = start(network, [rng])
    X = rng.standard_normal((FRESH, 4))
    squares = (forward(network, theta, X)[0] - X @ beta) ** 2
    exact = trained_relu.distance(network, theta, beta)
    assert abs(squares.mean() - exact) < 5 * squares.std() / np.sqrt(FRESH)
