"""Ridge regression on random features of the sphere: the experiment, and the equation at its dimension."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

import theory
from sims import features
from sims.experiments import sphere
from sims.experiments.gaussian import DesignRisk
from sims.trials.sample import Sample
from theory import Problem, Risk


def measured(
    activation: str, n: int, p: int, d: int, ridge: float, noise: float, rng: np.random.Generator
) -> DesignRisk:
    """One draw of samples and weights; exact given both, for a linear target of power 1.

    `ridge` is that of mei2022, d times the ridge of overparam.
    """
    X, W = features.sphere(n, d, rng), features.sphere(p, d, rng)
    return sphere.measure(sphere.random_features(X, W, activation, ridge / d), sphere.Target(noise=noise))


def equation(activation: str, n: ArrayLike, p: ArrayLike, d: int, ridge: ArrayLike, noise: float) -> Risk:
    """What theory says of `measured`, with the true spectrum of the activation at this d."""
    problem = Problem.from_activation_on_sphere(activation, d, [0.0, 1.0], noise)
    return theory.random_features(problem, n, p, np.asarray(ridge) / d)


def column(samples: Sequence[Sample], i: int) -> Sample:
    """The i-th measured number of every place of a grid, as one sample with a column for each place."""
    return Sample(np.stack([sample.values[:, i] for sample in samples], axis=1))
