"""Ridge regression on isotropic inputs: its exact test error given the design, from singular values alone.

test = noise + signal (p - k)/p + sum over the k singular values s of [signal/p lost^2 + noise s^2/(s^2 + n
ridge)^2], lost = n ridge/(s^2 + n ridge), averaged over label noise and over the direction of the target.
Used by double_descent and by the claims of curth2023, nakkiran2019 and everyday. Use `spectral` for
gradient flow, for the two parts of the error or for the norm; `partial` where the target has a direction or
lies outside the features; `gaussian` for any spectrum.

`spectral.fit` with `spectral.ridge` has the same value, but not the same last bits: it works with eigenvalues
divided by n, and takes what is lost as 1 minus what is kept. Both stand because the numbers that each has
produced must not change.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.fit.cutoff import singular_values

Array = NDArray[np.float64]


class Shares(NamedTuple):
    """The sums over directions that the error of a ridge fit is made of."""

    unseen: int
    """Directions that the samples do not span, p less the rank of the design."""
    lost: float
    """Sum of the squared shares of the target that the ridge takes in the directions that are spanned."""
    spread: float
    """Squared norm of the fit to label noise of variance 1."""


def shares(X: Array, ridge: float = 0.0) -> Shares:
    """What the ridge fit on the design X (n, p) does to target and noise; ridge 0 is the minimum-norm fit.

    >>> shares(np.array([[2.0, 0.0]]))
    Shares(unseen=1, lost=0.0, spread=0.25)
    """
    n, p = X.shape
    squares = singular_values(X) ** 2
    penalty = n * ridge
    lost = penalty / (squares + penalty)
    spread = squares / (squares + penalty) ** 2
    return Shares(p - len(squares), float((lost**2).sum()), float(spread.sum()))


def risk(X: Array, signal: float, noise: float, ridge: float = 0.0) -> float:
    """Test error of the ridge fit on X (n, p), averaged over label noise and the direction of the target.

    >>> risk(np.eye(2), signal=1.0, noise=0.5)
    1.5
    """
    p = X.shape[1]
    unseen, lost, spread = shares(X, ridge)
    error = signal / p * lost + noise * spread
    return float(noise + signal * unseen / p + error)
