"""Fits on nested isotropic designs: what each of them misses of a target, and what noise costs it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from figures import marks
from sims.experiments.spectral import Keep, fit, ridge
from sims.trials.sample import Sample
from sims.verdict import edge

Array = NDArray[np.float64]


class Parts(NamedTuple):
    """Errors of fits, with a row for each design and a column for each shape."""

    missed: Array
    """What is missed of the target, per unit of its power."""
    cost: Array
    """What fitted noise adds, per unit of its variance."""

    def test(self, signal: float, noise: float) -> Sample:
        """Test errors for a target of this power and labels with noise of this variance."""
        return Sample(noise + signal * self.missed + noise * self.cost)


def parts(
    shapes: Sequence[tuple[int, int]], trials: int, experiment: str, keep: Sequence[Keep] | None = None
) -> Parts:
    """Fits at each shape (n, p), on the first n rows and p columns of one Gaussian matrix in each trial.

    The fits have minimum norm, unless `keep` says for each shape what else is kept of them.
    """
    keeps = [ridge(0.0)] * len(shapes) if keep is None else keep

    def trial(_: int, rng: np.random.Generator) -> Array:
        X = rng.standard_normal(np.max(shapes, axis=0))
        fits = [fit(X[:n, :p], each, 1.0, 1.0) for (n, p), each in zip(shapes, keeps, strict=True)]
        return np.array([(each.missed, each.cost) for each in fits]).ravel()

    (sample,) = marks.simulated(trial, [0], trials, experiment)
    both = sample.values.reshape(trials, -1, 2)
    return Parts(both[..., 0], both[..., 1])


def near(n: float, p: ArrayLike) -> NDArray[np.bool_]:
    """Which shapes are so near the threshold that a mean over designs says little.

    >>> near(60, [50, 55, 64, 70]).tolist()
    [False, True, True, False]
    """
    return np.abs(np.asarray(p) - n) <= edge(n)


def sizes(low: float, high: float, count: int) -> NDArray[np.int64]:
    """About `count` different whole numbers from low to high, spread evenly in the logarithm.

    >>> sizes(1, 8, 4).tolist()
    [1, 2, 4, 8]
    """
    return np.unique(np.rint(np.geomspace(low, high, count)).astype(np.int64))
