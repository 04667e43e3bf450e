"""Models that grow through their interpolation threshold, measured at every size on real images."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import data
from sims.data import Data, Split, split
from sims.experiments.images import feature_models, grown_networks, tree_ensembles
from sims.experiments.images.feature_models import NAMES, Losses, branches
from sims.verdict import edge

Array = NDArray[np.float64]

EXPERIMENTS = {
    "fourier": ("fourier", "fourier-real"),
    "relu": ("relu",),
    "network": ("network",),
    "forest": ("forest",),
    "boosting": ("boosting",),
}
"""Models of each experiment."""
SMALLEST = 1 / 20  # of the branch point: where the sizes begin
LARGEST = {"fourier": 4, "fourier-real": 4, "relu": 4, "network": 5, "forest": 20, "boosting": 10}
TEST = 1000  # images, or as many as there are


class GrowingModel(NamedTuple):
    """One model on one data set, and the sizes it grows through."""

    name: str
    """A name of `LARGEST`."""
    data: str
    n: int
    points: int
    top: int | None = None
    """Largest size; by default `LARGEST` times the branch point."""
    label_noise: float = 0.0
    coarse: bool = False
    """Measure the grid of sizes only, not every size."""

    @property
    def interpolator(self) -> bool:
        """Is it one of `feature_models`, which have the minimum norm and a kernel limit?"""
        return self.name in NAMES

    @property
    def has_threshold(self) -> bool:
        """Does theory say at which size it begins to interpolate?"""
        return self.interpolator or self.name == "network"

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the `Losses` that it has; trees have no norm."""
        return tuple(name for name in Losses._fields if name != "norm" or self.has_threshold)

    @property
    def every(self) -> bool:
        """Is every size measured?"""
        return self.interpolator and not self.coarse


@cache
def loaded(name: str) -> Data:
    """The data set, read once in each process.

    >>> loaded("digits").name
    'digits'
    """
    return data.load(name)


def branch_point(model: GrowingModel) -> int:
    """Size at which the second branch begins: the interpolation threshold, or one member of full size.

    Forests and boosting have no threshold in theory: beyond this size they get further members.

    >>> branch_point(GrowingModel("fourier-real", "mnist", 500, 20))
    250
    """
    if model.interpolator:
        return feature_models.threshold(model.name, model.n)
    if model.name == "network":
        return model.n * len(loaded(model.data).classes or "y")
    return tree_ensembles.full_size(model.name, model.n)


def sizes(model: GrowingModel) -> NDArray[np.int64]:
    """The grid: about `points` sizes in nearly equal ratios, the branch point among them.

    >>> sizes(GrowingModel("relu", "mnist", 100, 8))
    array([  5,   9,  17,  30,  55, 100, 200, 400])
    """
    middle = branch_point(model)
    top = LARGEST[model.name] * middle if model.top is None else model.top
    if model.name == "network":
        d = loaded(model.data).X.shape[1]
        return grown_networks.sizes(d, middle // model.n, middle, top, model.points)
    unit = tree_ensembles.LEAVES if model.name == "boosting" else 1
    first = max(unit, 2, round(SMALLEST * middle))  # a tree has two leaves at least
    left, right = branches(first, middle, top, model.points)
    member = 1 if model.interpolator else middle
    return np.unique(
        np.concatenate([unit * (left / unit).round(), member * (right / member).round()])
    ).astype(np.int64)


def heavy_tailed(model: GrowingModel, grid: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Sizes at which means over trials say nothing: medians are shown there.

    Next to a threshold; below it a ReLU unit that is alive on one training image, and just so, has a
    coefficient without bounds; a trained network fits by large weights now and then, at any size.

    >>> heavy_tailed(GrowingModel("fourier", "mnist", 100, 8), np.array([50, 98, 200]))
    array([False,  True, False])
    """
    threshold = branch_point(model)
    near = model.has_threshold & (np.abs(grid - threshold) <= edge(threshold))
    below = (model.name == "relu") & (grid < threshold)
    return np.asarray(near | below | (model.name == "network"))


class Growth(NamedTuple):
    """Losses of one growing model over its sizes, in one trial or, with a leading axis, in many."""

    scores: Array
    """(..., sizes, fields of Losses)"""
    limit: Array
    """(..., fields of Losses): those of the kernel in the limit; no fields for models that have none."""
    every: Array
    """(..., 2, N): squared test loss and norm at every size from 1 to N; N = 0 where not measured."""


def trial(models: tuple[GrowingModel, ...], rng: np.random.Generator) -> Array:
    """One draw of each model, one after the other, as a flat array; `unpack` takes it apart."""
    parts = [grow(model, child) for model, child in zip(models, rng.spawn(len(models)), strict=True)]
    return np.concatenate([field.ravel() for part in parts for field in part])


def unpack(models: tuple[GrowingModel, ...], values: Array) -> list[Growth]:
    """What the rows of `trial`, (trials, ...), hold: the growth of each model.

    >>> [growth] = unpack((GrowingModel("forest", "digits", 100, 6),), np.zeros((2, 6 * 5)))
    >>> growth.scores.shape
    (2, 6, 5)
    """
    growths, start, fields = [], 0, len(Losses._fields)
    for model in models:
        grid = sizes(model)
        N = int(grid[-1]) if model.every else 0
        parts = []
        for shape in ((len(grid), fields), (fields if model.interpolator else 0,), (2, N)):
            count = int(np.prod(shape))
            parts.append(values[:, start : start + count].reshape(len(values), *shape))
            start += count
        growths.append(Growth(*parts))
    return growths


def grow(model: GrowingModel, rng: np.random.Generator) -> Growth:
    """One model through all its sizes, on one draw of samples."""
    known = loaded(model.data)
    held_out = min(TEST, len(known.X) - model.n)
    parts = split(known, model.n, int(rng.integers(2**32)), held_out, model.label_noise)
    grid = sizes(model)
    limit, every = np.zeros(0), np.zeros((2, 0))
    if model.interpolator:
        scores, limit, every = _interpolators(model, parts, grid, rng)
    elif model.name == "network":
        scores = grown_networks.scores(parts, grid, rng)
    else:
        scores = tree_ensembles.scores(model.name, parts, [int(size) for size in grid], rng)
    return Growth(np.array(scores), limit, every)


def _interpolators(
    model: GrowingModel, parts: Split, grid: NDArray[np.int64], rng: np.random.Generator
) -> tuple[list[Losses], Array, Array]:
    limit = np.array(feature_models.kernel_limit(model.name, parts))
    N = int(grid[-1])
    units = feature_models.drawn(model.name, parts, N, rng)
    scores = feature_models.refits(units, parts, [int(size) for size in grid])
    every = feature_models.every_size(model.name, units, N, parts) if model.every else np.zeros((2, 0))
    return scores, limit, np.array(every)
