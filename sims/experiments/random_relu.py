"""Random ReLU features of Gaussian inputs: exact error of a fit, given samples, weights and target law."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import features, fit
from sims.network import Network
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
        """(n, p), divided by sqrt(p)."""
        return features.random_features(self.X, self.W[:p]) / np.sqrt(p)

    def units(self, first: int, p: int) -> "Design":
        """The design with the p units from `first` on alone."""
        at = slice(first, first + p)
        return Design(self.X, self.W[at], self.covariance[at, at], self.cross[at])

    def power(self, coefficients: Array, p: int) -> Array:
        """Mean squares of the outputs of fits (p, k), (k,)."""
        return np.einsum("ij,ij->j", coefficients, self.covariance[:p, :p] @ coefficients) / p

    def error(self, coefficients: Array, targets: Array, p: int) -> Array:
        """Mean squared distance of fits (p, k) from the linear targets (d, k), without noise, (k,)."""
        mixed = np.einsum("ij,ij->j", coefficients, self.cross[:p] @ targets) / np.sqrt(p)
        return self.power(coefficients, p) - 2 * mixed + (targets**2).sum(axis=0)


def draw(n: int, d: int, P: int, rng: np.random.Generator) -> Design:
    """Gaussian samples, and weights on the sphere of radius sqrt(d)."""
    X, W = features.gaussian(n, d, rng), features.sphere(P, d, rng)
    covariance = dual("relu", np.clip(W @ W.T / d, -1.0, 1.0))
    return Design(X, W, covariance, W / (2 * np.sqrt(d)))


def parts(design: Design, points: Iterable[tuple[int, float]]) -> tuple[Array, Array]:
    """Error of the fit at each (p, ridge), per unit of signal and per unit of noise.

    Averaged over the direction of a linear target and over label noise; test = noise + signal first + noise
    second.
    """
    n, d = design.X.shape
    labels = np.hstack([design.X / np.sqrt(d), np.eye(n)])
    missed, spread = [], []
    for p, ridge in points:
        a = fit.ridge(design.features(p), labels, ridge)
        missed.append(design.error(a[:, :d], np.eye(d) / np.sqrt(d), p).sum())
        spread.append(design.power(a[:, d:], p).sum())
    return np.array(missed), np.array(spread)


def network_error(network: Network, theta: Array, beta: Array) -> float:
    """Mean squared distance of a two-layer ReLU network from the target beta.x on Gaussian inputs, exact.

    Parameters
    ----------
    network, theta : shape of the network without biases, and its parameters (1, parameters)
    beta : (d,)

    >>> shape = Network(2, (2,))
    >>> round(network_error(shape, np.zeros((1, shape.parameters)), np.array([0.6, 0.8])), 12)
    1.0
    """
    first, last = network.layers
    W, a = first.gain * first.weights(theta)[0], last.gain * last.weights(theta)[0, 0]
    squares = (W**2).sum(axis=1)
    largest = np.sqrt(np.outer(squares, squares))
    products = dual("relu", np.clip(W @ W.T, -largest, largest), squares[:, None], squares)
    return float(a @ products @ a - a @ W @ beta + beta @ beta)


def problem(d: int, signal: float, noise: float) -> Problem:
    """The same model for theory, with inputs on the sphere: a linear target and ReLU features."""
    return Problem.from_activation_on_sphere("relu", d, [0.0, signal], noise)
