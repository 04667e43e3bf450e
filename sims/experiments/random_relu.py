"""Random ReLU features of Gaussian inputs: exact error of a fit, given samples, weights and target law.

f(x) = p^-1/2 sum_j a_j relu(<w_j, x>/sqrt d), x ~ N(0, I_d), linear target; second moments of features are
known in closed form, so no test set is needed. Used by the claims and figures of zhou2021, oneto2023 and
everyday. `sphere` has any activation, for inputs on the sphere.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import features, fit
from theory import Problem
from theory.activation import dual

Array = NDArray[np.float64]


class Design(NamedTuple):
    """Samples X (n, d) and weights W (P, d), the first p of which make the model of p features."""

    X: Array
    W: Array
    covariance: Array
    """(P, P) second moments of the features over inputs."""
    cross: Array
    """(P, d) moments of features and inputs."""

    def features(self, p: int) -> Array:
        """Matrix of the first p features, (n, p), divided by sqrt(p)."""
        return features.random_features(self.X, self.W[:p]) / np.sqrt(p)

    def units(self, first: int, p: int) -> "Design":
        """The same samples with p units alone, those from number `first` on."""
        chosen = slice(first, first + p)
        return Design(self.X, self.W[chosen], self.covariance[chosen, chosen], self.cross[chosen])

    def power(self, coefficients: Array, p: int) -> Array:
        """Mean squares of the outputs of fits (p, k), (k,)."""
        return np.einsum("ij,ij->j", coefficients, self.covariance[:p, :p] @ coefficients) / p

    def error(self, coefficients: Array, targets: Array, p: int) -> Array:
        """Mean squared distance of fits (p, k) from the linear targets (d, k), without noise, (k,)."""
        mixed = np.einsum("ij,ij->j", coefficients, self.cross[:p] @ targets) / np.sqrt(p)
        return self.power(coefficients, p) - 2 * mixed + (targets**2).sum(axis=0)


def draw(n: int, d: int, P: int, rng: np.random.Generator) -> Design:
    """n Gaussian samples, and P weights on the sphere of radius sqrt(d).

    >>> draw(5, 3, 4, np.random.default_rng(0)).features(2).shape
    (5, 2)
    """
    X, W = features.gaussian(n, d, rng), features.sphere(P, d, rng)
    covariance = dual("relu", np.clip(W @ W.T / d, -1.0, 1.0))
    return Design(X, W, covariance, W / (2 * np.sqrt(d)))


def parts(design: Design, points: Iterable[tuple[int, float]]) -> tuple[Array, Array]:
    """Error of the ridge fit at each (p, ridge): its parts per unit of signal and per unit of noise.

    Both are means over the direction of a linear target and over label noise; the test error is noise +
    signal first + noise second.

    >>> design = draw(20, 3, 4, np.random.default_rng(0))
    >>> [part.shape for part in parts(design, [(2, 0.0), (4, 0.1)])]
    [(2,), (2,)]
    """
    n, d = design.X.shape
    labels = np.hstack([design.X / np.sqrt(d), np.eye(n)])
    missed, spread = [], []
    for p, ridge in points:
        a = fit.ridge(design.features(p), labels, ridge)
        missed.append(design.error(a[:, :d], np.eye(d) / np.sqrt(d), p).sum())
        spread.append(design.power(a[:, d:], p).sum())
    return np.array(missed), np.array(spread)


def problem(d: int, signal: float, noise: float) -> Problem:
    """The same model for theory, which has inputs on the sphere: a linear target and ReLU features.

    >>> problem(5, signal=1.0, noise=0.1).noise
    0.1
    """
    return Problem.from_activation_on_sphere("relu", d, [0.0, signal], noise)
