"""Two-layer ReLU networks trained on a noisy linear target: exact test error on Gaussian inputs.

y = <beta, x> + noise, |beta| = 1, x ~ N(0, I_d); all layers trained by L-BFGS from f = 0. Used by the claims
and the figure of zhou2021; `random_relu` has the same model with its first layer fixed.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sims.network import Network, start
from sims.training.solvers import lbfgs
from theory.activation import dual

Array = NDArray[np.float64]


def errors(
    n: int, d: int, noise: float, widths: Sequence[int], steps: int, rng: np.random.Generator
) -> Array:
    """Test errors of networks of these widths, (widths,), trained for `steps` steps on the same n samples.

    >>> errors(8, 2, 0.1, [2, 4], steps=5, rng=np.random.default_rng(0)).shape
    (2,)
    """
    X, beta = rng.standard_normal((n, d)), rng.standard_normal(d)
    beta /= np.linalg.norm(beta)
    y = X @ beta + np.sqrt(noise) * rng.standard_normal(n)
    measured = []
    for width in widths:
        network = Network(d, (width,), symmetric=True)
        run = lbfgs(network, start(network, rng.spawn(1)), X, y, steps, tolerance=1e-5)
        measured.append(noise + distance(network, run.theta, beta))
    return np.array(measured)


def distance(network: Network, theta: Array, beta: Array) -> float:
    """Mean squared distance of a two-layer ReLU network from the target beta.x on Gaussian inputs, exact.

    The network has no biases; theta (1, parameters), beta (d,).

    >>> shape = Network(2, (2,))
    >>> round(distance(shape, np.zeros((1, shape.parameters)), np.array([0.6, 0.8])), 12)
    1.0
    """
    first, last = network.layers
    W, a = first.gain * first.weights(theta)[0], last.gain * last.weights(theta)[0, 0]
    squares = (W**2).sum(axis=1)
    largest = np.sqrt(np.outer(squares, squares))
    products = dual("relu", np.clip(W @ W.T, -largest, largest), squares[:, None], squares)
    return float(a @ products @ a - a @ W @ beta + beta @ beta)
