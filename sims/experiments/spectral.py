"""What a linear fit errs on one isotropic design: it keeps a share of each direction of the samples."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sims.experiments.settings import Settings
from sims.trials.sample import Array

Keep = Callable[[Array], Array]
"""Share kept of a direction, by its eigenvalue of X'X/n."""


class Fit(NamedTuple):
    """Means over the noise and over the direction of the target, given the design."""

    missed: float
    """Error from the part of the target that is not kept."""
    cost: float
    """Error from the noise that is fitted."""
    norm: float

    @property
    def excess(self) -> float:
        return self.missed + self.cost


def ridge(penalty: float) -> Keep:
    """Ridge regression, the penalty beside the mean squared error; 0 is least squares of minimum norm."""
    return lambda eigenvalue: eigenvalue / (eigenvalue + penalty)


def flow(time: float) -> Keep:
    """Gradient flow from 0 on half the mean squared error, stopped at this time."""
    return lambda eigenvalue: -np.expm1(-time * eigenvalue)


def fit(X: Array, keep: Keep, signal: float, noise: float) -> Fit:
    """Fit of a target of power `signal` in a random direction.

    >>> fit(np.array([[2.0, 0.0]]), ridge(0.0), signal=1.0, noise=1.0)
    Fit(missed=0.5, cost=0.25, norm=0.75)
    """
    n, p = X.shape
    eigenvalues = np.linalg.svd(X, compute_uv=False) ** 2 / n
    kept = keep(eigenvalues)
    missed = signal / p * (p - len(kept) + ((1 - kept) ** 2).sum())
    cost = noise / n * (kept**2 / eigenvalues).sum()
    return Fit(float(missed), float(cost), float(signal / p * (kept**2).sum() + cost))


def along(s: Settings, rng: np.random.Generator, ratios: ArrayLike, keep: Sequence[Keep]) -> list[Fit]:
    """Fits on the first p = ratio n coordinates of one Gaussian design, the target within them."""
    sizes = np.round(np.asarray(ratios) * s.n).astype(int)
    X = rng.standard_normal((s.n, sizes.max()))
    return [fit(X[:, :p], each, s.signal, s.noise) for p, each in zip(sizes, keep, strict=True)]
