"""What a model of double descent is: its settings along a curve, its theory, and the error granted to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.verdict import edge

Array = NDArray[np.float64]
Points = NDArray[np.int64]

# Relative error of the deterministic equivalent, with Delta = 1 - df2/n of the kernel behind the features:
#   max(n, kernel K)/(n Delta^2) + distance/distance + features (F - 3)_+ df/max(n, p)^2,
# K and F the kurtosis of kernel and features (theory.sphere.kurtosis), 3 if they were Gaussian. K ~ 5 for
# ReLU at d = n/2, 60 to 80 at d = 10 and n = 400, where theory is up to 20 % low; F = 50 for the cubic,
# where it is 10 to 40 % low. The largest of fits at n, 2n and 4n over activations, dimensions from 5 to 2n
# and ridges, frozen; tests/sims/test_curves.py repeats them. Beyond K = n Delta^2 (ReLU at d = 3 and ridge
# 0) theory is off by factors and no allowance is known.
# A trained network of p parameters is off the limit of infinite width by up to 1.2 n/p more.
ALLOWANCE = {"n": 1.0, "distance": 2.5, "kernel": 1 / 6, "features": 0.75, "width": 2.0}


@dataclass(frozen=True)
class Setting:
    """What is fixed along a curve in p."""

    model: str = "random-features"
    activation: str = "relu"
    n: int = 200
    d: int = 100
    ridge: float = 0.0
    noise: float = 0.25
    signal: float = 1.0


class Prediction(NamedTuple):
    """Theory of a curve."""

    test: Array
    distance: Array
    """Effective distance from the threshold in samples; |n - p| for random features at ridge 0."""
    exact: bool
    """Whether `test` is the exact mean at finite n."""
    spread: Array | float = 0.0
    """Standard deviation of the risk of one design where it is known, else 0."""
    delta: Array | float = 1.0
    """1 - df2/n: small where the kernel alone is nearly interpolated by its largest eigenvalues."""
    kernel: Array | float = 3.0
    """Kurtosis of the kernel: large where samples see only their neighbours, in low dimension."""
    features: Array | float = 0.0
    """(F - 3)_+ df/max(n, p)^2 with F the kurtosis of the features."""
    width: Array | float = 0.0
    """n/p for a trained network, whose theory is that of infinite width."""


class Model(NamedTuple):
    """A model of double descent."""

    formula: str
    source: str
    theory: Callable[[Setting, Array], Prediction]
    limit: Callable[[Setting, Array], Array]
    trial: Callable[[Setting, Points, np.random.Generator], Array]
    unit: Callable[[Setting], int] = lambda _: 1
    """Every p is a multiple of this."""


def heavy_tailed(setting: Setting, prediction: Prediction) -> NDArray[np.bool_]:
    """Points so near the threshold that the mean or its standard error is useless.

    An infinite theory elsewhere is a claim like any other, and wrong beside a finite mean.
    """
    return prediction.distance <= edge(setting.n) * (1 + 1e-9)  # p on the edge: not a matter of rounding


def allowance(setting: Setting, prediction: Prediction) -> Array:
    """Relative error that the theory is allowed, beyond the standard error; 0 where it is exact.

    It is inf where no allowance has been checked.
    """
    if prediction.exact:
        return np.zeros_like(prediction.test)
    with np.errstate(divide="ignore"):
        kernel, samples = np.asarray(prediction.kernel), setting.n * np.asarray(prediction.delta) ** 2
        granted = np.maximum(ALLOWANCE["n"], ALLOWANCE["kernel"] * kernel) / samples
        granted = granted + ALLOWANCE["distance"] / prediction.distance
    granted = granted + ALLOWANCE["features"] * prediction.features + ALLOWANCE["width"] * prediction.width
    return np.where(kernel <= samples, granted, np.inf)
