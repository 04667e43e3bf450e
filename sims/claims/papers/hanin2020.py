"""Depth over width is the distance of a random network from a Gaussian process."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from theory.papers import hanin2020


def _powers(s: Settings, rng: np.random.Generator, networks: int = 500) -> Array:
    """Mean over networks of |h|^2 of the last layer and of its square, both over the mean at every width."""
    h = np.ones((networks, 1))
    for _ in range(s.depth):
        size = np.linalg.norm(h, axis=1, keepdims=True)
        h = np.maximum(np.sqrt(2 / s.width) * size * rng.standard_normal((networks, s.width)), 0.0)
    power = (h**2).sum(axis=1)
    return np.array([power.mean(), (power**2).mean()])


kurtosis = Claim(
    statement="The output of a random relu network has heavier tails than a Gaussian, at every width: "
    "its kurtosis grows by a factor 1 + 5/width with every layer.",
    formula="E f^4/(3 (E f^2)^2) = (1 + 5/width)^depth",
    source="[hanin2020]; own calculation",
    kind="exact",
    defaults={"width": 40, "depth": 3},
    simulated="500 random networks: mean square of |h|^2 at the last layer, given which the output is "
    "Gaussian, over the square of its mean",
    trial=_powers,
    statistic=lambda s, mean: mean[1] / mean[0] ** 2,
    theory=lambda s: hanin2020.kurtosis([s.width] * s.depth),
    trials=128,
    quick=64,
    sabotage={
        "a Gaussian process": lambda s: 1.0,
        "linear units: 2 for 5": lambda s: hanin2020.kurtosis([s.width] * s.depth, "linear"),
        "one layer fewer": lambda s: hanin2020.kurtosis([s.width] * (s.depth - 1)),
        "to first order in 1/width": lambda s: 1 + 5 * s.depth / s.width,
    },
)
