"""Signals and gradients pass through as many layers as the depth scale; at the edge of chaos through all."""

from functools import cache

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments.deep_networks import gradients, outputs, settled
from sims.network import Network
from theory.papers import poole2016, schoenholz2017


def _network(s: Settings, sigma_w: float, units: int) -> Network:
    return Network(2, (s.width,) * s.depth, units, s.activation, sigma_w2=sigma_w**2, sigma_b2=s.sigma_b**2)


def _ends(s: Settings, rng: np.random.Generator) -> Array:
    q = settled(s.sigma_w, s.sigma_b, s.activation)
    return gradients(_network(s, s.sigma_w, 1), rng, q)


gradient = Claim(
    statement="In a chaotic network the gradients explode on their way back: those of the first layer exceed "
    "those of the last by the same factor chi_1 a layer by which distances grow on their way forward.",
    formula="|df/dW_1|^2/|df/dW_L+1|^2 = chi_1^depth, chi_1 = sigma_w^2 E s'(u)^2",
    source="[schoenholz2017, Eq. 18†]",
    kind="asymptotic",
    defaults={"width": 200, "depth": 3, "sigma_w": 2.0, "sigma_b": 0.3, "activation": "tanh"},
    simulated="random networks at an input of the length that stays: mean squared gradient of the output in "
    "the weights of the first layer over that of the last",
    trial=_ends,
    statistic=lambda s, mean: mean[0] / mean[1],
    theory=lambda s: poole2016.chi_1(s.sigma_w, s.sigma_b, s.activation) ** s.depth,
    allowance=lambda s: 2 / s.width,
    grows=("width",),
    trials=600,
    quick=600,
    sabotage={
        "gradients stay": lambda s: 1.0,
        "slope at 0: sigma_w^2": lambda s: s.sigma_w ** (2 * s.depth),
        "gradients, not their squares": lambda s: (
            poole2016.chi_1(s.sigma_w, s.sigma_b, s.activation) ** (s.depth / 2)
        ),
    },
)


@cache
def _critical(sigma_b: float, activation: str) -> float:
    return float(schoenholz2017.critical_sigma_w(sigma_b, activation))


def _at_edge(s: Settings, rng: np.random.Generator) -> Array:
    sigma_w = s.factor * _critical(s.sigma_b, s.activation)
    return gradients(_network(s, sigma_w, 1), rng, settled(sigma_w, s.sigma_b, s.activation))


edge = Claim(
    statement="At the edge of chaos the gradients of the first layer are as large as those of the last, "
    "however deep the network is.",
    formula="|df/dW_1|^2/|df/dW_L+1|^2 = 1 at chi_1 = 1",
    source="[schoenholz2017, Eq. 18†]",
    kind="asymptotic",
    defaults={"width": 200, "depth": 4, "sigma_b": 0.3, "activation": "tanh", "factor": 1.0},
    simulated="random networks with the standard deviation sigma_w of the edge, times a factor: mean squared "
    "gradient of the output in the weights of the first layer over that of the last",
    trial=_at_edge,
    statistic=lambda s, mean: mean[0] / mean[1],
    theory=lambda s: 1.0,
    allowance=lambda s: 2 / s.width,
    grows=("width",),
    trials=600,
    quick=600,
    sabotage={
        "sigma_w 15 % too small": {"defaults": {"factor": 0.85}},
        "sigma_w 15 % too large": {"defaults": {"factor": 1.15}},
    },
)


def _remaining(s: Settings, rng: np.random.Generator, distance: float = 1e-6) -> float:
    """Squared distance of the outputs over that of the preactivations of the first layer."""
    q = settled(s.sigma_w, s.sigma_b, s.activation)
    f = outputs(_network(s, s.sigma_w, s.width), rng, q, (1 - distance,))
    return float(((f[1] - f[0]) ** 2).mean() / (2 * q * distance))


depth_scale = Claim(
    statement="In an ordered network all inputs become one: their squared distance falls to 1/e every xi_c "
    "layers, a depth that the variances of weights and biases decide.",
    formula="d log(1 - c_l)/dl = -1/xi_c",
    source="[schoenholz2017, Eq. 9†]",
    kind="rate",
    defaults={"width": 150, "depth": 5, "sigma_w": 1.0, "sigma_b": 0.3, "activation": "tanh"},
    simulated="random networks on two near inputs: logarithm of the mean squared distance of the last "
    "layer's preactivations over that of the first, by the number of layers between",
    trial=_remaining,
    statistic=lambda s, mean: np.log(mean) / s.depth,
    theory=lambda s: -1 / schoenholz2017.depth_scales(s.sigma_w, s.sigma_b, s.activation).correlation,
    allowance=lambda s: 2 / s.width,
    trials=512,
    quick=400,
    sabotage={
        "xi_q: the depth of lengths": lambda s: (
            -1 / schoenholz2017.depth_scales(s.sigma_w, s.sigma_b, s.activation).length
        ),
        "distances, not their squares": lambda s: (
            -0.5 / schoenholz2017.depth_scales(s.sigma_w, s.sigma_b, s.activation).correlation
        ),
        "biases forgotten": lambda s: (
            -1 / schoenholz2017.depth_scales(s.sigma_w, 0.1 * s.sigma_b, s.activation).correlation
        ),
    },
)
