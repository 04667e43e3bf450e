"""What training does to networks: how far kernel and weights move, in how many directions; sharpness."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.linalg import LinearOperator, eigsh

from sims.blas import one_blas_thread
from sims.network.arrays import inputs_of, parameters_of, targets_of
from sims.network.derivatives import empirical_ntk, gradient
from sims.network.shape import Network

Array = NDArray[np.float64]

MOVE = 1e-5
"""Half of the distance over which the gradient is differenced, over the length of the parameters."""


class FeatureLearning(NamedTuple):
    """How far networks are from lazy training, between start and end."""

    alignment: Array
    """(B,) cosine of the tangent kernels at start and end: 1 where only its scale has changed."""
    kernel_drift: Array
    """(B,) |K' - K|/|K| of the tangent kernels."""
    weight_drift: Array
    """(B,) |theta' - theta|/|theta|."""
    ranks: Array
    """(B, layers) effective rank of the change of each layer's weights: e^entropy of its singular values,
    divided by their sum; 0 where they have not changed."""


def feature_learning(network: Network, before: Array, after: Array, X: ArrayLike) -> FeatureLearning:
    """What training has changed, the tangent kernels on the inputs X; norms are those of Frobenius.

    >>> network = Network(1, (2,), sigma_w2=1.0)
    >>> theta = np.array([[1.0, -1.0, 1.0, 1.0]])
    >>> learnt = feature_learning(network, theta, theta + [[1.0, 0.0, 0.0, 0.0]], [[1.0]])
    >>> learnt.kernel_drift.round(3), learnt.weight_drift.round(3), learnt.ranks.round(3)
    (array([1.5]), array([0.5]), array([[1., 0.]]))
    """
    before, after = parameters_of(network, before), parameters_of(network, after)
    old, new = empirical_ntk(network, before, X), empirical_ntk(network, after, X)
    size_old, size_new, moved = (np.linalg.norm(K, axis=(1, 2)) for K in (old, new, new - old))
    change = after - before
    ranks = [
        [_effective_rank(layer.weights(change)[b]) for layer in network.layers] for b in range(len(change))
    ]
    return FeatureLearning(
        (old * new).sum(axis=(1, 2)) / (size_old * size_new),
        moved / size_old,
        np.linalg.norm(change, axis=1) / np.linalg.norm(before, axis=1),
        np.array(ranks),
    )


def _effective_rank(change: Array) -> float:
    values = np.linalg.svd(change, compute_uv=False)
    if values.sum() == 0:
        return 0.0
    shares = values[values > 0] / values.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))


@one_blas_thread()
def sharpness(network: Network, theta: Array, X: ArrayLike, y: ArrayLike) -> Array:
    """Largest eigenvalue of the Hessian of the loss of `gradient` in the parameters that train, (B,).

    Descent with a step above 2/sharpness leaves the place. Lanczos' method on differences of gradients, right
    to about 1e-6 for smooth activations; units with a kink between both ends of a difference add noise.
    `critical_step` has the part of the tangent kernel alone, which is all where the residuals are 0.

    >>> network = Network(1, (2,), activation="identity", sigma_w2=1.0)
    >>> sharpness(network, np.array([[1.0, -1.0, 1.0, 1.0]]), [[1.0]], [0.0]).round(6)
    array([2.])
    """
    theta = parameters_of(network, theta)
    inputs = inputs_of(network, theta, X)
    targets = targets_of(network, theta, inputs, y)
    trains = np.zeros(network.parameters, dtype=bool)
    first, last = network.layers[network.first].start, network.layers[-1].start
    trains[first : last if network.trained == "hidden" else None] = True
    largest = np.empty(len(theta))
    for b in range(len(theta)):
        own = inputs if inputs.ndim == 2 else inputs[b]
        labels = targets[b if len(targets) > 1 else 0]
        largest[b] = _largest(
            network, theta[b], own, labels.squeeze(-1) if network.outputs == 1 else labels, trains
        )
    return largest


def _largest(network: Network, row: Array, X: Array, y: Array, trains: NDArray[np.bool_]) -> float:
    """Of one network; eigsh has no use for fewer than two directions."""
    count, move = int(trains.sum()), MOVE * float(np.linalg.norm(row))

    def product(direction: Array) -> Array:
        v = np.zeros_like(row)
        v[trains] = direction.ravel()
        size = float(np.linalg.norm(v))
        step = move / size if size > 0 else 0.0
        both = gradient(network, row + step * np.array([v, -v]), X, y)[1]
        return (both[0] - both[1])[trains] / (2 * step) if step > 0 else 0 * direction.ravel()

    if count == 1:
        return float(product(np.ones(1))[0])
    operator = LinearOperator((count, count), matvec=product, dtype=np.float64)
    begin = np.random.default_rng(0).standard_normal(count)  # the same in every call
    return float(eigsh(operator, k=1, which="LA", v0=begin, tol=1e-9, return_eigenvectors=False)[0])
