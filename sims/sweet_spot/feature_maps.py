"""Random features of data, beside the kernels that they become with their number.

E h(x) h(z) = k(x, z) over the draw, so that features(..., p) / sqrt(p) has the kernel k in the mean:
relu       h = relu(w.x/sqrt d),  w ~ N(0, I)
fourier    h = sqrt(2) cos(w.x/bandwidth + phase), the Gaussian kernel
linear     h = w.x/sqrt d
ntk        the gradient of a network of one hidden layer of relu, d + 1 features to a unit
"""

import numpy as np
from numpy.typing import NDArray

from sims import features
from theory import kernel

Array = NDArray[np.float64]

NAMES = ("relu", "fourier", "linear", "ntk")
PAIRS = 500  # rows whose distances are looked at


def unit(name: str, d: int) -> int:
    """Features come in multiples of this.

    >>> unit("ntk", 10), unit("relu", 10)
    (11, 1)
    """
    return d + 1 if name == "ntk" else 1


def bandwidth(X: Array) -> float:
    """Median distance of two different rows, among the first 500.

    >>> bandwidth(np.array([[0.0], [3.0], [0.0]]))
    3.0
    """
    from scipy.spatial.distance import pdist

    distances = pdist(X[:PAIRS])
    return float(np.median(distances[distances > 0])) if (distances > 0).any() else 1.0


def gram(name: str, X: Array, width: float) -> Array:
    """The kernel matrix (n, n) of infinitely many features; `width` is the bandwidth of fourier.

    >>> gram("relu", np.eye(2), 1.0).round(2)
    array([[0.25, 0.08],
           [0.08, 0.25]])
    """
    if name == "relu":
        return np.asarray(kernel.arc_cosine(X) / (2 * X.shape[1]))
    if name == "fourier":
        return np.asarray(kernel.gaussian(X, bandwidth=width))
    if name == "linear":
        return X @ X.T / X.shape[1]
    return np.asarray(kernel.ntk(X))


def draw(
    name: str, X: Array, Z: Array, p: int, width: float, rng: np.random.Generator
) -> tuple[Array, Array]:
    """One draw of p features at the rows of X and of Z, divided by sqrt(p).

    >>> draw("linear", np.eye(2), np.eye(2)[:1], 5, 1.0, np.random.default_rng(0))[1].shape
    (1, 5)
    """
    d = X.shape[1]
    if name == "fourier":
        w, phases = rng.standard_normal((p, d)) / width, rng.uniform(0, 2 * np.pi, p)
        return tuple(features.random_fourier(A, w, phases) / np.sqrt(p) for A in (X, Z))
    if name == "ntk":
        units = p // unit(name, d)
        w, a = rng.standard_normal((units, d)), rng.standard_normal(units)
        return _gradient(X, w, a), _gradient(Z, w, a)
    w = rng.standard_normal((p, d))
    activation = "relu" if name == "relu" else "identity"
    return tuple(features.random_features(A, w, activation) / np.sqrt(p) for A in (X, Z))


def _gradient(X: Array, w: Array, a: Array) -> Array:
    """Of sqrt(2/N) a.relu(sqrt(2/d) W x) by a and W, the network of `theory.kernel.ntk`."""
    h = np.sqrt(2 / X.shape[1]) * X @ w.T
    read_out = np.maximum(h, 0.0)
    hidden = features.layer_gradients(np.sqrt(2 / X.shape[1]) * X, (h > 0) * a)
    return np.sqrt(2 / len(a)) * np.concatenate([read_out, hidden], axis=1)
