"""Kernels that random features of data become with their number.

E h(x) h(z) = k(x, z) over the draw, so that p features over sqrt(p), as `pipeline.features` draws them, have
the kernel k in the mean:
relu       h = relu(w.x/sqrt d)
fourier    h = sqrt(2) cos(w.x/bandwidth + phase), the Gaussian kernel
linear     h = w.x/sqrt d
"""

import numpy as np
from numpy.typing import NDArray

from theory import kernel

Array = NDArray[np.float64]

PAIRS = 500  # rows whose distances are looked at


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
    return X @ X.T / X.shape[1]
