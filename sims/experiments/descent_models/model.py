"""What a model of double descent is: its settings along a curve, its theory, and the error granted to it.

A new model is one `Model` in a module of this package, and a line in `MODELS`.
"""

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
# and ridges, frozen; tests/sims/experiments/test_descent_models.py
# repeats them. Beyond K = n Delta^2 (ReLU at d = 3 and ridge
# 0) theory is off by factors and no allowance is known.
# A trained network of p parameters is off the limit of infinite width by up to 1.2 n/p more.
ALLOWANCE = {"n": 1.0, "distance": 2.5, "kernel": 1 / 6, "features": 0.75, "width": 2.0}


@dataclass(frozen=True)
class Setting:
    """What is fixed along a curve of test error against p."""

    model: str = "random-features"
    """A name of `MODELS`."""
    activation: str = "relu"
    """Activation of random features and networks; see `theory.activation`."""
    n: int = 200
    """Samples."""
    d: int = 100
    """Input dimension; for weak features and Fourier columns, how many there are to choose from."""
    ridge: float = 0.0
    """Penalty on |a|^2 beside the mean squared error; 0 is the fit of minimum norm."""
    noise: float = 0.25
    """Variance of the label noise."""
    signal: float = 1.0
    """Power of the target."""


class CurveTheory(NamedTuple):
    """Theory of a curve, one number for each p: the test error, and what decides how far it can be trusted.

    The fields after `exact` are what `allowance` reads; a model gives those that apply to it.
    """

    test: Array
    """Mean test error per fresh noisy sample; inf where it diverges."""
    distance: Array
    """Effective distance from the threshold in samples; |n - p| for random features at ridge 0, inf where
    there is no threshold."""
    exact: bool
    """Whether `test` is the exact mean at finite n: then no error is granted to it."""
    spread: Array | float = np.nan
    """Standard deviation of the risk of one design where it is known, else nan."""
    delta: Array | float = 1.0
    """1 - df2/n: small where the kernel alone is nearly interpolated by its largest eigenvalues."""
    kernel: Array | float = 3.0
    """Kurtosis of the kernel, 3 for Gaussian eigenfunctions: large in low dimension, where a sample's kernel
    is large at its neighbours alone."""
    features: Array | float = 0.0
    """(F - 3)_+ df/max(n, p)^2 with F the kurtosis of the features."""
    width: Array | float = 0.0
    """n/p for a trained network, whose theory is that of infinite width."""


class Model(NamedTuple):
    """A model of double descent: a line of mathematics, two theories, and the experiment that judges them.

    All functions must be picklable (defined at the top of a module): trials run in other processes.
    """

    formula: str
    """Data and fit in one line, for a reader."""
    source: str
    """Key of the paper in paper/references.bib."""
    theory: Callable[[Setting, Array], CurveTheory]
    """The best prediction at finite n, d and p, at floating-point p (k,); the verdict compares with this."""
    limit: Callable[[Setting, Array], Array]
    """The paper's asymptotic test error at p (k,), shown beside it."""
    trial: Callable[[Setting, Points, np.random.Generator], Array]
    """One random experiment: test errors (k,) at whole p (k,), all on the same samples.

    They are averaged in closed form over label noise and target where that is possible."""
    unit: Callable[[Setting], int] = lambda _: 1
    """Every p is a multiple of this: the parameters that one more unit adds."""


def heavy_tailed(setting: Setting, prediction: CurveTheory) -> NDArray[np.bool_]:
    """Mask of the points so near the threshold that the mean or its standard error is useless.

    Elsewhere an infinite prediction is judged like any other: it is wrong beside a finite mean.

    >>> near = CurveTheory(np.ones(2), distance=np.array([2.0, 50.0]), exact=False)
    >>> heavy_tailed(Setting(n=100), near)
    array([ True, False])
    """
    return prediction.distance <= edge(setting.n) * (1 + 1e-9)  # p on the edge: not a matter of rounding


def allowance(setting: Setting, prediction: CurveTheory) -> Array:
    """Relative error granted to the theory beyond the standard error, one for each p.

    It is 0 where theory is exact, and inf where no allowance has been checked.

    >>> allowance(Setting(n=100), CurveTheory(np.ones(1), distance=np.array([50.0]), exact=False))
    array([0.06])
    """
    if prediction.exact:
        return np.zeros_like(prediction.test)
    with np.errstate(divide="ignore"):
        kernel, samples = np.asarray(prediction.kernel), setting.n * np.asarray(prediction.delta) ** 2
        granted = np.maximum(ALLOWANCE["n"], ALLOWANCE["kernel"] * kernel) / samples
        granted = granted + ALLOWANCE["distance"] / prediction.distance
    granted = granted + ALLOWANCE["features"] * prediction.features + ALLOWANCE["width"] * prediction.width
    return np.where(kernel <= samples, granted, np.inf)
