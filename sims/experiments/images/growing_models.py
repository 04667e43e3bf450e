"""What one trial of `python -m sims.belkin2019` measures: a draw of data and of one model, at every size."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import data
from sims.data import Data, Split, split
from sims.experiments.images import feature_models, grown_networks, tree_ensembles
from sims.experiments.images.feature_models import NAMES, Scores, branches

Array = NDArray[np.float64]

EXPERIMENTS = {
    "fourier": ("fourier", "fourier-real"),
    "relu": ("relu",),
    "network": ("network",),
    "forest": ("forest",),
    "boosting": ("boosting",),
}
"""Models of each experiment."""
SMALLEST = 1 / 20  # of the turn: where the sizes begin
LARGEST = {"fourier": 4, "fourier-real": 4, "relu": 4, "network": 5, "forest": 20, "boosting": 10}
TEST = 1000  # images, or as many as there are


class Setting(NamedTuple):
    """One model on one data set."""

    model: str
    data: str
    n: int
    points: int
    top: int | None = None
    """Largest size; `LARGEST` times the turn by default."""
    label_noise: float = 0.0
    coarse: bool = False
    """The grid only, not every size."""

    @property
    def interpolator(self) -> bool:
        """A model of `sims.experiments.images.feature_models`."""
        return self.model in NAMES

    @property
    def has_threshold(self) -> bool:
        """Does theory say where it begins to interpolate?"""
        return self.interpolator or self.model == "network"

    @property
    def fields(self) -> tuple[str, ...]:
        """Of `Scores`; trees have no norm."""
        return tuple(name for name in Scores._fields if name != "norm" or self.has_threshold)

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


def turn(setting: Setting) -> int:
    """Where the second branch begins: the threshold, or where a forest or boosting gets a second member.

    >>> turn(Setting("fourier-real", "mnist", 500, 20))
    250
    """
    if setting.interpolator:
        return feature_models.threshold(setting.model, setting.n)
    if setting.model == "network":
        return setting.n * len(loaded(setting.data).classes or "y")
    return tree_ensembles.turn(setting.model, setting.n)


def sizes(setting: Setting) -> NDArray[np.int64]:
    """The grid: about `points` sizes in nearly equal ratios, the turn among them.

    >>> sizes(Setting("relu", "mnist", 100, 8))
    array([  5,   9,  17,  30,  55, 100, 200, 400])
    """
    middle = turn(setting)
    top = LARGEST[setting.model] * middle if setting.top is None else setting.top
    if setting.model == "network":
        d = loaded(setting.data).X.shape[1]
        return grown_networks.sizes(d, middle // setting.n, middle, top, setting.points)
    unit = tree_ensembles.LEAVES if setting.model == "boosting" else 1
    first = max(unit, 2, round(SMALLEST * middle))  # a tree has two leaves at least
    left, right = branches(first, middle, top, setting.points)
    member = 1 if setting.interpolator else middle
    return np.unique(
        np.concatenate([unit * (left / unit).round(), member * (right / member).round()])
    ).astype(np.int64)


class Measured(NamedTuple):
    """One trial, or with a leading axis many; see `pack`."""

    scores: Array
    """(..., sizes, fields of Scores)"""
    limit: Array
    """(..., fields): the kernel's; no fields for models that have none."""
    every: Array
    """(..., 2, N): squared test loss and norm at every size; N = 0 where not measured."""


def trial(settings: tuple[Setting, ...], rng: np.random.Generator) -> Array:
    """All settings, one after the other, flat: `unpack` knows what is where."""
    parts = [
        measured(setting, child) for setting, child in zip(settings, rng.spawn(len(settings)), strict=True)
    ]
    return np.concatenate([field.ravel() for part in parts for field in part])


def unpack(settings: tuple[Setting, ...], values: Array) -> list[Measured]:
    """Rows of `trial`, (trials, ...), as measured, one for each setting.

    >>> [measured] = unpack((Setting("forest", "digits", 100, 6),), np.zeros((2, 6 * 5)))
    >>> measured.scores.shape
    (2, 6, 5)
    """
    found, place, fields = [], 0, len(Scores._fields)
    for setting in settings:
        grid = sizes(setting)
        N = int(grid[-1]) if setting.every else 0
        parts = []
        for shape in ((len(grid), fields), (fields if setting.interpolator else 0,), (2, N)):
            count = int(np.prod(shape))
            parts.append(values[:, place : place + count].reshape(len(values), *shape))
            place += count
        found.append(Measured(*parts))
    return found


def measured(setting: Setting, rng: np.random.Generator) -> Measured:
    """One setting on a draw of samples and model."""
    known = loaded(setting.data)
    held_out = min(TEST, len(known.X) - setting.n)
    parts = split(known, setting.n, int(rng.integers(2**32)), held_out, setting.label_noise)
    grid = sizes(setting)
    limit, every = np.zeros(0), np.zeros((2, 0))
    if setting.interpolator:
        scores, limit, every = _interpolators(setting, parts, grid, rng)
    elif setting.model == "network":
        scores = grown_networks.scores(parts, grid, rng)
    else:
        scores = tree_ensembles.scores(setting.model, parts, [int(size) for size in grid], rng)
    return Measured(np.array(scores), limit, every)


def _interpolators(
    setting: Setting, parts: Split, grid: NDArray[np.int64], rng: np.random.Generator
) -> tuple[list[Scores], Array, Array]:
    model = setting.model
    limit = np.array(feature_models.kernel_limit(model, parts))
    F, Ft = feature_models.features(model, [parts.X, parts.X_test], int(grid[-1]), rng)
    measured = feature_models.refits(model, F, Ft, parts, [int(N) for N in grid])
    every = np.array(feature_models.every_size(model, F, Ft, parts)) if setting.every else np.zeros((2, 0))
    return measured, limit, every
