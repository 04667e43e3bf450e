"""Shapes of networks, their parameters, and data."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import erf

from sims.network import Network, start

ANALYTIC: dict[str, Callable[[Any], Any]] = {
    "tanh": np.tanh,
    "sin": np.sin,
    "erf": erf,
    "quadratic": np.square,
}
SHAPES = [
    Network(3, (5,), activation="tanh"),
    Network(3, (8,), activation="tanh", sigma_b2=0.3),
    Network(2, (4, 6, 5), activation="erf", sigma_w2=1.5, sigma_b2=0.1),
    Network(3, (6, 4), outputs=3, activation="sin", sigma_b2=0.2, scaling="standard"),
    Network(3, (5,), outputs=2, activation="quadratic", scaling="mean-field"),
    Network(4, (6, 4), activation="tanh", sigma_b2=0.1, scaling="mean-field", symmetric=True),
    Network(1, (1,), activation="tanh", scaling="standard"),
    Network(2, (6, 4), activation="tanh", sigma_b2=0.2, scaling="mup", alpha=3.0),
    Network(3, (8,), activation="tanh", sigma_b2=0.2, scaling="mup", alpha=0.5),
]
IDS = [repr(network) for network in SHAPES]


def draw(network: Network, nets: int = 3, seed: int = 0) -> np.ndarray:
    return start(network, [np.random.default_rng((seed, b)) for b in range(nets)])


def data(network: Network, n: int = 7, *nets: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    outputs = () if network.outputs == 1 else (network.outputs,)
    return rng.standard_normal((*nets, n, network.d)), rng.standard_normal((*nets, n, *outputs))
