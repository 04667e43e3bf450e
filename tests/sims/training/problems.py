"""Small networks and data to train them on."""

import numpy as np
from numpy.testing import assert_array_equal

from sims.network import Network, start
from sims.training import Run

NETWORK = Network(3, (8,), sigma_b2=0.1)
DEEP = Network(3, (7, 5), outputs=2, activation="tanh")
RNG = np.random.default_rng(5)
X, X_TEST = RNG.standard_normal((12, 3)), RNG.standard_normal((4, 3))
Y = {1: RNG.standard_normal(12), 2: RNG.standard_normal((12, 2))}


def generators(
    count: int = 3, kind: type[np.random.BitGenerator] = np.random.PCG64
) -> list[np.random.Generator]:
    return [np.random.Generator(kind(seed)) for seed in range(count)]


def setup(network: Network = NETWORK, nets: int = 3) -> tuple[Network, np.ndarray, np.ndarray, np.ndarray]:
    return network, start(network, generators(nets)), X, Y[network.outputs]


def same(one: Run, other: Run) -> None:
    for mine, its in zip(one, other, strict=True):
        assert_array_equal(mine, its)
