"""Two Gaussian classes: when are n samples separable, and what does a linear classifier err?

An input of class y = +-1 is x ~ N(y mean, I). A sample times its label, z = y x, is N(mean, I) for either
class, and the classifier sign(w.x) errs with probability Phi(-w.mean/|w|). Used by the claims and the figure
of deng2022.
"""

import numpy as np
from numpy.typing import NDArray

from sims.experiments import classifiers

Array = NDArray[np.float64]


def signed_samples(n: int, mean: Array, rng: np.random.Generator) -> Array:
    """Samples times their label, (n, p), for class means +-mean (p,).

    >>> signed_samples(3, np.array([1.0, 0.0]), np.random.default_rng(0)).shape
    (3, 2)
    """
    return rng.standard_normal((n, len(mean))) + mean


def first_coordinate(p: int, r: float) -> Array:
    """A class mean of length r along the first of p coordinates.

    >>> first_coordinate(3, 0.5)
    array([0.5, 0. , 0. ])
    """
    return np.append(r, np.zeros(p - 1))


def error(w: Array, mean: Array) -> float:
    """Exact share of wrong labels of the classifier sign(w.x), w (p,).

    >>> round(error(np.array([1.0, 0.0]), np.array([0.0, 2.0])), 12)
    0.5
    """
    from scipy.special import ndtr

    return float(ndtr(-(w @ mean) / np.linalg.norm(w)))


def separability(n: int, r: float, rng: np.random.Generator) -> float:
    """The p/n at which the first p coordinates of n samples come to separate the classes, |mean| = r.

    It is half-way between the last p that fails and the first that succeeds.

    >>> 0 < separability(20, 0.5, np.random.default_rng(0)) < 1
    True
    """
    return classifiers.threshold(signed_samples(n, first_coordinate(n, r), rng)) / n
