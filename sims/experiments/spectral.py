"""Linear fits on one isotropic design that keep a share k(x) of each direction, x its eigenvalue of X'X/n.

excess = signal/p [p - rank + sum (1 - k(x))^2] + noise/n sum k(x)^2/x. Ridge regression and gradient flow are
such fits. Used by the claims and figures of ali2019, hastie2022 and others; where ridge regression's error is
all that is asked, `isotropic.risk` is the shorter way (it says why both stand).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sims.experiments.settings import Settings
from sims.fit.cutoff import singular_values
from sims.trials.sample import Array

Keep = Callable[[Array], Array]
"""The share of each direction that a fit keeps, a function of its eigenvalue of X'X/n."""


class FitErrors(NamedTuple):
    """Parts of the error given the design, means over the noise and over the direction of the target."""

    missed: float
    """Error from the part of the target that is not kept."""
    cost: float
    """Error from the noise that is fitted."""
    norm: float
    """Mean squared norm of the coefficients."""

    @property
    def excess(self) -> float:
        """Test error less the noise of the test label."""
        return self.missed + self.cost


def ridge(penalty: float) -> Keep:
    """Ridge regression, its penalty beside the mean squared error; 0 is least squares of minimum norm.

    >>> ridge(1.0)(np.array([1.0, 3.0]))
    array([0.5 , 0.75])
    """
    return lambda eigenvalue: eigenvalue / (eigenvalue + penalty)


def flow(time: float) -> Keep:
    """Gradient flow from 0 on half the mean squared error, stopped at this time.

    >>> flow(np.inf)(np.array([0.1, 1.0]))
    array([1., 1.])
    """
    return lambda eigenvalue: -np.expm1(-time * eigenvalue)


def fit(X: Array, keep: Keep, signal: float, noise: float) -> FitErrors:
    """Fit on the design X (n, p) of a target of power `signal` in a random direction.

    >>> fit(np.array([[2.0, 0.0]]), ridge(0.0), signal=1.0, noise=1.0)
    FitErrors(missed=0.5, cost=0.25, norm=0.75)
    """
    n, p = X.shape
    eigenvalues = singular_values(X) ** 2 / n
    kept = keep(eigenvalues)
    missed = signal / p * (p - len(kept) + ((1 - kept) ** 2).sum())
    cost = noise / n * (kept**2 / eigenvalues).sum()
    return FitErrors(float(missed), float(cost), float(signal / p * (kept**2).sum() + cost))


def along(s: Settings, rng: np.random.Generator, ratios: ArrayLike, keep: Sequence[Keep]) -> list[FitErrors]:
    """Fits on the first p = ratio n coordinates of one Gaussian design, one for each ratio and its `keep`.

    The target lies within the p coordinates. The settings are n, signal and noise.

    >>> from types import SimpleNamespace
    >>> s = SimpleNamespace(n=8, signal=1.0, noise=0.1)
    >>> len(along(s, np.random.default_rng(0), [0.5, 2.0], [ridge(0.0), ridge(0.1)]))
    2
    """
    sizes = np.round(np.asarray(ratios) * s.n).astype(int)
    X = rng.standard_normal((s.n, sizes.max()))
    return [fit(X[:, :p], each, s.signal, s.noise) for p, each in zip(sizes, keep, strict=True)]
