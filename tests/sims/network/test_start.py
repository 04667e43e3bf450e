"""Random parameters at the start: variances, symmetry, one generator per network."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sims.network import Network, forward, gradient, start
from tests.sims.network.problems import SHAPES, data, draw


@pytest.mark.parametrize("scaling", ["ntk", "standard", "mean-field"])
def test_variances_at_the_start(scaling: str) -> None:
    network = Network(50, (80, 60), outputs=40, sigma_w2=3.0, sigma_b2=0.5, scaling=scaling)
    theta = draw(network, 20)
    for layer, fan_in in zip(network.layers, (50, 80, 60), strict=True):
        W, b = layer.weights(theta), layer.biases(theta)
        for values, variance in ((W, 3.0 / fan_in), (b, 0.5)):
            expected = variance if scaling == "standard" else 1.0
            # 5 standard errors of a variance of normals
            assert_allclose(values.var(), expected, rtol=5 * np.sqrt(2 / values.size))


@pytest.mark.parametrize("network", [s for s in SHAPES if not any(w % 2 for w in s.widths)], ids=repr)
def test_symmetric_start_is_zero(network: Network) -> None:
    network = replace(network, symmetric=True)
    theta, (X, y) = draw(network), data(network)
    scale = np.abs(
        forward(replace(network, symmetric=False), draw(replace(network, symmetric=False)), X)
    ).max()
    assert np.abs(forward(network, theta, X)).max() < 1e-14 * scale
    for layer in network.layers[:-1]:  # the signal reaches every layer
        assert np.abs(layer.weights(gradient(network, theta, X, y)[1])).max() > 0


def test_weights_of_a_symmetric_start_have_unit_variance() -> None:
    network = Network(30, (60, 40), outputs=20, symmetric=True)
    theta = draw(network, 50)
    for layer in network.layers:
        W = layer.weights(theta)
        assert_allclose(W.var(), 1.0, rtol=5 * np.sqrt(2 / (W.size / 2)))  # half of them are copies


def test_start_of_a_network_depends_on_its_generator_alone() -> None:
    network = Network(3, (4, 4), sigma_b2=0.1)
    assert_array_equal(draw(network, 5)[:2], draw(network, 2))


@pytest.mark.parametrize("rngs", [np.random.default_rng(0), [0, 1]])
def test_bad_generators(rngs: Any) -> None:
    with pytest.raises(ValueError, match=r"rngs = .* must be a list of numpy Generators"):
        start(Network(3, (4,)), rngs)
