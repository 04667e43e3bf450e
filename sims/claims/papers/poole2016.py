"""Order and chaos: deep random networks carry all inputs to one correlation."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments.deep_networks import outputs, settled
from sims.network import Network
from theory.papers import poole2016

STARTS = (0.9, 0.0)


def _network(s: Settings, depth: int) -> Network:
    return Network(2, (s.width,) * depth, s.width, s.activation, sigma_w2=s.sigma_w**2, sigma_b2=s.sigma_b**2)


def products(s: Settings, rng: np.random.Generator) -> Array:
    """Squares of the outputs, and their products with those of the first input, as means over units."""
    q = settled(s.sigma_w, s.sigma_b, s.activation)
    f = outputs(_network(s, s.depth), rng, q, STARTS)
    return np.concatenate([(f**2).mean(axis=1), (f[1:] * f[0]).mean(axis=1)])


def correlations(s: Settings, mean: Array) -> Array:
    """Correlations of the first input's preactivations with the others'."""
    count = len(STARTS)
    return mean[count + 1 :] / np.sqrt(mean[0] * mean[1 : count + 1])


correlation = Claim(
    statement="In a deep chaotic network near inputs part and unrelated ones approach one another: layer by "
    "layer all pairs come to one correlation, which is below 1 and tells nothing of the inputs.",
    formula="c <- [sigma_w^2 E s(u) s(v) + sigma_b^2]/q*, (u, v) Gaussian of variances q* and correlation c",
    source="[poole2016, Eq. 5†]",
    kind="asymptotic",
    defaults={"width": 150, "depth": 6, "sigma_w": 2.5, "sigma_b": 1.0, "activation": "tanh"},
    simulated="random networks on three inputs, of which two have the correlations 0.9 and 0 with the "
    "first in the first layer: correlations of the last layer's preactivations",
    trial=products,
    statistic=correlations,
    theory=lambda s: poole2016.correlation(np.array(STARTS), s.depth, s.sigma_w, s.sigma_b, s.activation),
    allowance=lambda s: 2 / s.width,
    grows=("width",),
    labels=("near inputs", "unrelated inputs"),
    trials=256,
    quick=256,
    sabotage={
        "they become one": lambda s: 1.0,
        "the correlations stay": lambda s: np.array(STARTS),
        "biases forgotten": lambda s: poole2016.correlation(
            np.array(STARTS), s.depth, s.sigma_w, 0.0, s.activation
        ),
        "sigma_w for sigma_w^2": lambda s: poole2016.correlation(
            np.array(STARTS), s.depth, s.sigma_w**0.5, s.sigma_b, s.activation
        ),
    },
)


def _stretch(s: Settings, rng: np.random.Generator, distance: float = 1e-10) -> float:
    """Squared distance of the outputs over that of the preactivations of the first layer."""
    network = Network(2, (s.width,) * s.depth, s.width, "relu", sigma_w2=s.sigma_w**2, sigma_b2=s.sigma_b**2)
    variance = 1 + s.sigma_b**2
    f = outputs(network, rng, variance, (1 - distance,))
    return float(((f[1] - f[0]) ** 2).mean() / (2 * variance * distance))


stretching = Claim(
    statement="A relu network multiplies the squared distance of two near inputs by half the variance of its "
    "weights in every layer, at every width and whatever the biases are.",
    formula="|h_L(x) - h_L(z)|^2 = (sigma_w^2/2)^depth |h_1(x) - h_1(z)|^2 in the mean",
    source="[poole2016, Eq. 6†] for wide layers; own calculation for all",
    kind="exact",
    defaults={"width": 100, "depth": 3, "sigma_w": 1.6, "sigma_b": 0.5},
    simulated="random relu networks on two near inputs: squared distance of the preactivations of the last "
    "layer over that of the first",
    trial=_stretch,
    theory=lambda s: poole2016.chi_1(s.sigma_w, s.sigma_b, "relu") ** s.depth,
    allowance=1e-4,  # units that change their sign between the inputs: a share of the root of the distance
    trials=1200,
    quick=800,
    sabotage={
        "every unit is on": lambda s: s.sigma_w ** (2 * s.depth),
        "one layer fewer": lambda s: (s.sigma_w**2 / 2) ** (s.depth - 1),
        "sigma_w for sigma_w^2": lambda s: (s.sigma_w / 2) ** s.depth,
    },
    exercise=Exercise(
        question="A relu network has weights of variance sigma_w^2/fan-in and biases of variance sigma_b^2. "
        "By what factor does the mean squared distance of two very near inputs change between the "
        "preactivations of the first layer and those `depth` layers later?",
        answer="(sigma_w^2/2)^depth",
        elsewhere={"sigma_w": 1.1, "depth": 2, "sigma_b": 0.1},
    ),
)
