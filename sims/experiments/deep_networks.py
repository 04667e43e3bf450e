"""Random deep networks on two inputs: what their layers make of lengths, distances and gradients."""

from functools import cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sims.network import Network, forward, jacobian, start
from theory.kernel import deep_limit

Array = NDArray[np.float64]


def outputs(
    network: Network, rng: np.random.Generator, variance: float, correlations: tuple[float, ...]
) -> Array:
    """Outputs (1 + pairs, outputs) of a random network for an input and others of given correlations with it.

    Variance and correlations are those of the preactivations of the first layer; the network has 2 inputs.
    """
    return np.asarray(forward(network, start(network, [rng]), _inputs(network, variance, correlations))[0])


def gradients(network: Network, rng: np.random.Generator, variance: float) -> Array:
    """Squared gradients of the output in the weights of the first layer and of the last, (2,)."""
    J = jacobian(network, start(network, [rng]), _inputs(network, variance, ()))[0]
    ends = network.layers[0], network.layers[-1]
    return np.array([(layer.weights(J) ** 2).sum() for layer in ends])


@cache
def settled(sigma_w: float, sigma_b: float, activation: str) -> float:
    """The variance that the layers keep."""
    return float(deep_limit(sigma_w**2, sigma_b**2, activation).variance)


def _inputs(network: Network, variance: float, correlations: tuple[float, ...]) -> Array:
    size = sqrt(2 * (variance - network.sigma_b2) / network.sigma_w2)
    c = (np.array([1.0, *correlations]) * variance - network.sigma_b2) / (variance - network.sigma_b2)
    return size * np.column_stack([c, np.sqrt(np.maximum((1 - c) * (1 + c), 0.0))])
