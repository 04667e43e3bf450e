"""One split of a data set: errors predicted from its training rows, and measured on held-out rows."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import data
from sims.data import Data
from sims.experiments.grids import choose_points
from sims.fit import cutoff
from sims.sweet_spot import feature_maps, spectrum
from sims.sweet_spot.answers import purchases
from sims.sweet_spot.by_spectrum import Forecast, errors, forecast, ridges

Array = NDArray[np.float64]
Config = Mapping[str, Any]

HELD_OUT = 1000  # rows at most
GROUPS = 20  # of held-out rows, for the error of the measurement


def loaded(source: str, wanted: data.Wanted) -> Data:
    """The data set, read once in each process for each content of its file."""
    return read_once(source, wanted, _content(source))


@lru_cache(maxsize=1)
def read_once(source: str, wanted: data.Wanted, digest: str | None) -> Data:
    """The data set, read again when the digest of its file is another."""
    return data.load(source, *wanted)


def _content(source: str) -> str | None:
    """The digest of a file; None for a named set, or if there is no file, which `data.load` says."""
    path = Path(source)
    if source in data.NAMED or not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def chosen(config: Config) -> Data:
    """The data set of a configuration."""
    wanted = data.Wanted(config["target"], config["as"], tuple(config["drop"] or ()), config["log_target"])
    return loaded(config["data"], wanted)


class PreparedSplit(NamedTuple):
    """Training rows and held-out rows, and what the feature map needs to know."""

    X: Array
    Y: Array
    """(n, columns)"""
    X_test: Array
    Y_test: Array
    bandwidth: float


class Fits(NamedTuple):
    """What is fitted: how many of which features, to how many rows."""

    features: str
    """A name of `feature_maps`."""
    n: int
    """Training rows."""
    p_max: int
    points: int
    """Numbers of features from few to p_max."""


def fits(config: Config) -> Fits:
    """The part of a configuration that a trial depends on, beside its data and its seed."""
    return Fits(*(config[name] for name in Fits._fields))


def prepared(source: Data, n: int, seed: int) -> PreparedSplit:
    """Training and held-out rows of one split; targets are columns."""
    parts = data.split(source, n, seed, test=min(HELD_OUT, len(source.X) - n))
    Y, Y_test = (y.reshape(len(y), -1) for y in (parts.Y, parts.Y_test))
    return PreparedSplit(parts.X, Y, parts.X_test, Y_test, feature_maps.bandwidth(parts.X))


def pairs(fit: Fits, d: int) -> Array:
    """Pairs (n, p): the curve in p at n, then fewer rows at the largest p; inputs have d columns."""
    n, most = fit.n, fit.p_max
    unit = feature_maps.unit(fit.features, d)
    curve = [(n, p) for p in choose_points(n, most, fit.points, unit)]
    return np.array(curve + [(m, curve[-1][1]) for m in (n // 4, n // 2)], dtype=float)


def predict(fit: Fits, split: PreparedSplit, seed: int) -> tuple[Forecast, spectrum.Spread]:
    """The errors at all `pairs`, and after each of `purchases`, from the training rows alone."""
    K = feature_maps.gram(fit.features, split.X, split.bandwidth)
    curve = pairs(fit, split.X.shape[1])
    bought = [(n, p) for _, n, p in purchases(fit.n, fit.p_max)]
    n, p = np.concatenate([curve, bought]).T
    estimate, *fields = forecast(K, split.Y, n, p, np.random.default_rng(seed))
    told = Forecast(estimate, *(field[: len(curve)] for field in fields))
    return told, spectrum.Spread(*(field[len(curve) :] for field in fields[1:3]))


def trial(fit: Fits, source: Data, rng: np.random.Generator) -> Array:
    """Squared errors of one split and draw of the features, at all `pairs`, flattened.

    (pairs, 1 + 2 groups): predicted from the training rows; measured on groups of the others, with ridge and
    without. The data set is an argument, so that a worker reads no file, and the store knows it.
    """
    split = prepared(source, fit.n, int(rng.integers(2**32)))
    K = feature_maps.gram(fit.features, split.X, split.bandwidth)
    problem = spectrum.estimate(K, split.Y).problem
    n, p = pairs(fit, split.X.shape[1]).T
    predicted, ridge = errors(problem, fit.n, n, p), ridges(problem, n, p)
    return np.array(
        [[predicted[i], *_measured(fit, split, int(n[i]), int(p[i]), ridge[i], rng)] for i in range(len(n))]
    ).ravel()


def _measured(
    fit: Fits, split: PreparedSplit, n: int, p: int, ridge: float, rng: np.random.Generator
) -> list[float]:
    """Errors on groups of held-out rows, of p features fitted to n of the training rows: ridge, then none."""
    rows = rng.permutation(fit.n)[:n]
    F, F_test = feature_maps.draw(fit.features, split.X[rows], split.X_test, p, split.bandwidth, rng)
    left, s, right = cutoff.svd(F)
    groups: list[float] = []
    for penalty in (ridge, 0.0):
        gain = s / (s**2 + n * penalty)
        fitted = (F_test @ right.T) @ (gain[:, None] * (left.T @ split.Y[rows]))
        squares = ((split.Y_test - fitted) ** 2).sum(axis=1)
        groups += [part.mean() for part in np.array_split(squares, min(GROUPS, len(split.X_test)))]
    return groups
