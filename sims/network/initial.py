"""Random parameters to start from."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sims.network.arrays import check_generators
from sims.network.shape import Network

Array = NDArray[np.float64]


def start(network: Network, rngs: Sequence[np.random.Generator]) -> Array:
    """Random parameters of one network per generator, theta (len(rngs), P).

    Network b depends on rngs[b] alone. Variances and symmetry are those that `network` states.

    >>> start(Network(2, (4,)), [np.random.default_rng(seed) for seed in range(3)]).shape
    (3, 12)
    """
    check_generators(rngs)
    theta = np.zeros((len(rngs), network.parameters))
    for b, rng in enumerate(rngs):
        row = theta[b : b + 1]
        for l, layer in enumerate(network.layers):
            W, bias = layer.weights(row)[0], layer.biases(row)[0]
            if not network.symmetric:
                W[...] = rng.standard_normal(W.shape)
                bias[...] = rng.standard_normal(bias.shape)
            elif l == network.depth:
                half = layer.fan_in // 2
                W[:, :half] = rng.standard_normal((layer.fan_out, half))
                W[:, half:] = -W[:, :half]
            else:
                half, inner = layer.fan_out // 2, layer.fan_in // 2
                W[:half] = rng.standard_normal((half, layer.fan_in))
                W[half:] = W[:half] if l == 0 else np.roll(W[:half], inner, axis=1)
                bias[:half] = rng.standard_normal(bias[:half].shape)
                bias[half:] = bias[:half]
            W *= layer.spread
            bias *= layer.bias_spread
    return theta
