"""What is trained and on what, as arrays that were checked once; losses and predictions of its networks."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.network import Network, passes
from sims.network.arrays import inputs_of, parameters_of, targets_of

Array = NDArray[np.float64]


class Arrays(NamedTuple):
    """Networks and their data; functions that take it check nothing again."""

    network: Network
    theta: Array
    """Parameters at the start, (B, P)."""
    X: Array
    """(n, d), shared, or (B, n, d)."""
    Y: Array
    """(B or 1, n, outputs)."""
    X_test: Array | None
    """(m, d) or (B, m, d)."""


def checked(network: Network, theta: Array, X: ArrayLike, y: ArrayLike, X_test: ArrayLike | None) -> Arrays:
    """The arguments of a training as arrays that fit each other, or ValueError."""
    theta = parameters_of(network, theta)
    X = inputs_of(network, theta, X)
    Y = targets_of(network, theta, X, y)
    return Arrays(
        network, theta, X, Y, None if X_test is None else inputs_of(network, theta, X_test, "X_test")
    )


def mean_loss(arrays: Arrays, theta: Array) -> Array:
    """(1/2n) sum |f - Y|^2 over the training set for each network, (B,)."""
    r = passes.predict(arrays.network, theta, arrays.X) - arrays.Y
    return np.einsum("bij,bij->b", r, r) / (2 * arrays.X.shape[-2])


def data_of(arrays: Arrays, b: int) -> tuple[Array, Array]:
    """Inputs and targets of network b, as shapes that a single network takes."""
    X, Y = arrays.X, arrays.Y
    return X if X.ndim == 2 else X[b], Y[b : b + 1] if len(Y) > 1 else Y
