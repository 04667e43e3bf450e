"""Networks f(x) = (1/sqrt(width)) sum_r a_r relu(w_r.x) with read-outs a_r = +-1 that do not train.

The setting of proofs that wide networks converge; used by the claims and figures of arora2019, du2019,
li2020, oymak2019jacobian and oymak2020.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sims import features
from sims.network import Network, start
from sims.rules import Descent
from sims.training import Run, train
from theory import activation

Array = NDArray[np.float64]


def unit_inputs(n: int, d: int, seed: int) -> Array:
    """n inputs of norm 1, (n, d): the same for every trial with that seed.

    >>> unit_inputs(2, 3, seed=0).shape
    (2, 3)
    """
    return features.sphere(n, d, np.random.default_rng(seed)) / sqrt(d)


def network(d: int, width: int) -> Network:
    """Shape of the network; sigma_w2 = sqrt(d) makes all factors but 1/sqrt(width) equal to one.

    >>> round(float(network(4, 8).layers[0].gain * network(4, 8).layers[1].gain * np.sqrt(8)), 12)
    1.0
    """
    return Network(d, (width,), sigma_w2=sqrt(d), symmetric=True, trained="hidden")


def begin(shape: Network, rng: np.random.Generator) -> Array:
    """Parameters (1, parameters) at a start with f = 0.

    The first layer is random, in pairs of units with equal weights and read-outs +1 and -1.

    >>> begin(network(1, 2), np.random.default_rng(0))[0, 2:]
    array([ 1., -1.])
    """
    theta = start(shape, [rng])
    shape.layers[1].weights(theta)[...] = np.repeat([1.0, -1.0], shape.widths[0] // 2)
    return theta


def descend(
    X: Array, y: Array, width: int, step: float, record: list[int], rng: np.random.Generator
) -> tuple[Array, Run]:
    """Parameters at a random start, and the run of descent by `step` on the summed loss from there.

    Loss and outputs on X are recorded at the steps of `record`.

    >>> descend(np.eye(2), np.ones(2), 4, 0.5, [0, 3], np.random.default_rng(0))[1].test.shape
    (2, 1, 2)
    """
    shape = network(X.shape[1], width)
    theta = begin(shape, rng)
    rule = Descent(step * len(y))  # of the mean loss
    return theta, train(shape, theta, X, y, rule, record[-1], record=record, X_test=X)


def random_jacobian(X: Array, width: int, name: str, rng: np.random.Generator) -> Array:
    """Jacobian (n, width d) of f(x) = v.s(W x) by W, at random W and v = +-1/sqrt(width); s by its name.

    >>> random_jacobian(np.ones((2, 3)), 4, "tanh", np.random.default_rng(0)).shape
    (2, 12)
    """
    v = rng.choice([-1.0, 1.0], width) / np.sqrt(width)
    slopes = activation.slope(name)(X @ rng.standard_normal((width, X.shape[1])).T)
    return features.layer_gradients(X, slopes * v)
