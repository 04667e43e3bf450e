"""Networks of one hidden layer that grow unit by unit on real data, as in [belkin2019].

Below the threshold n K each wider network starts from the trained narrower one (weight reuse), its new units
small; beyond it from random weights. Training is L-BFGS on the squared loss, a stand-in for thousands of
epochs of SGD with momentum: it comes as near to interpolation in a tenth of the time.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sims.data import Split
from sims.experiments.images.feature_models import Scores, branches, scored
from sims.network import Network, start
from sims.training.solvers import lbfgs
from theory.papers.belkin2019 import network_parameters

Array = NDArray[np.float64]

STEPS = 800
SMALL = 0.1  # what a start is multiplied by for units added to a trained network
SMALLEST = 1 / 16  # of the threshold: where the sizes begin


def network(d: int, H: int, K: int) -> Network:
    """H tanh units with biases; relu units die in training on so few samples, and the net does not fit them.

    >>> network(64, 20, 10).parameters
    1510
    """
    return Network(d, (H,), K, "tanh", sigma_w2=2.0, sigma_b2=0.1, scaling="standard")


def sizes(d: int, K: int, threshold: int, top: int, points: int) -> NDArray[np.int64]:
    """Parameters of networks, in about equal ratios up to `top`; one is next to the threshold.

    >>> sizes(64, 10, threshold=1000, top=5000, points=8)
    array([  85,  160,  310,  535,  985, 1735, 2935, 5035])
    """
    per_unit = d + 1 + K
    middle, last = (max(1.0, (size - K) / per_unit) for size in (threshold, top))
    left, right = branches(max(1.0, SMALLEST * middle), middle, last, points)
    units = np.unique(np.concatenate([left, right]).round().astype(int))
    return network_parameters(d, units, K).astype(np.int64)


def widen(narrow: Network, theta: Array, wide: Network, rng: np.random.Generator) -> Array:
    """Parameters of the wide network: those of the narrow one, and small random ones for its new units.

    >>> nets = network(2, 1, 1), network(2, 2, 1)
    >>> widen(nets[0], np.ones((1, 5)), nets[1], np.random.default_rng(0)).round(2)
    array([[1.  , 1.  , 0.06, 0.01, 1.  , 0.01, 1.  , 0.09, 1.  ]])
    """
    grown = SMALL * start(wide, [rng])
    for old, new in zip(narrow.layers, wide.layers, strict=True):
        W = old.weights(theta)
        new.weights(grown)[:, : W.shape[1], : W.shape[2]] = W
        new.biases(grown)[:, : W.shape[1]] = old.biases(theta)
    return grown


def scores(parts: Split, grid: Sequence[int] | NDArray[np.int64], rng: np.random.Generator) -> list[Scores]:
    """Scores of the trained network of each size; the norm is the squared length of all parameters."""
    n, d = parts.X.shape
    K = parts.Y.reshape(n, -1).shape[1]
    measured: list[Scores] = []
    before: tuple[Network, Array] | None = None
    for size in grid:
        net = network(d, (int(size) - K) // (d + 1 + K), K)
        reuse = before is not None and size <= n * K
        theta = widen(*before, net, rng) if before is not None and reuse else start(net, [rng])
        run = lbfgs(net, theta, parts.X, parts.Y, STEPS, X_test=np.vstack([parts.X, parts.X_test]))
        assert run.test is not None
        f = run.test[-1, 0]
        measured.append(scored(parts, f[:n], f[n:], float(np.sum(run.theta**2))))
        before = net, run.theta
    return measured
