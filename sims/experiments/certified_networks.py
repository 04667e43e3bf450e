"""Small tanh networks for which the assumptions of convergence proofs are known to hold near the start.

f(x) = v.tanh(W x) with read-outs v of equal size and either sign that do not train, f = 0 at the start, in
five input dimensions. Within a ball about the start the singular values of the Jacobian lie in
[alpha, beta] and the Jacobian has a known Lipschitz constant, so that |f_t - y| <= (1 - step
alpha^2/2)^(t/2) |f_0 - y|. Used by the claims and figures of oymak2019.
"""

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.experiments.linearisation import WideNetworks
from sims.network import Network, jacobian, start
from theory import descent

Array = NDArray[np.float64]

D = 5  # input dimension


class Constants(NamedTuple):
    """What the theorems assume, in their notation."""

    alpha: float
    """Lower bound of the Jacobian's singular values near the start."""
    beta: float
    """Upper bound of them."""
    lipschitz: float
    """Lipschitz constant of the Jacobian."""
    misfit: float
    """|f_0 - y| at the start, where f_0 = 0."""


def task(n: int, size: float) -> tuple[Array, Array]:
    """Inputs (n, 5) and normal labels (n,) times `size`: the same in every trial.

    >>> [a.shape for a in task(4, 0.1)]
    [(4, 5), (4,)]
    """
    X, y, _ = WideNetworks(n=n, d=D, seed=5).data
    return X, size * y


def network(width: int, rng: np.random.Generator) -> tuple[Network, Array]:
    """One hidden layer with read-outs +-1 that do not train, and its parameters at a start with f = 0.

    >>> shape, theta = network(4, np.random.default_rng(0))
    >>> theta[0, -4:]
    array([ 1.,  1., -1., -1.])
    """
    shape = Network(D, (width,), activation="tanh", sigma_w2=sqrt(D), symmetric=True, trained="hidden")
    theta = start(shape, [rng])
    shape.layers[1].weights(theta)[...] = np.repeat([1.0, -1.0], width // 2)
    return shape, theta


def constants(shape: Network, theta: Array, X: Array, y: Array) -> Constants:
    """The constants of the theorems for this start; an error if the ball in which they hold is too small.

    Raises
    ------
    ValueError
        The Jacobian may bend too much within the ball that descent can reach.

    >>> shape, theta = network(400, np.random.default_rng(0))
    >>> constants(shape, theta, *task(4, 0.03)).alpha > 0
    True
    """
    values = np.linalg.svd(jacobian(shape, theta, X)[0], compute_uv=False)
    first, last = shape.layers
    v = last.gain * last.weights(theta)[0, 0]
    bend = descent.two_layer_lipschitz(first.gain * X, v, "tanh")
    alpha, beta = values[-1] / 2, values[0] + values[-1] / 2
    misfit = float(np.linalg.norm(y))
    if 4 * misfit / alpha * bend > alpha:
        raise ValueError("the Jacobian may bend too much in the ball: make size smaller or width larger")
    return Constants(float(alpha), float(beta), bend, misfit)
