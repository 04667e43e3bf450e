"""The rows of a run: some are learnt from, and errors are measured on others, which are held out."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve

from sims import data
from sims.data import Data
from sims.sweet_spot import feature_maps, pipeline
from sims.trials import pool

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
    """Training rows and held-out rows, centred and scaled by the training rows."""

    X: Array
    Y: Array
    """(n, columns)"""
    X_test: Array
    Y_test: Array
    bandwidth: float


class Fits(NamedTuple):
    """What is fitted: which features, how many of them, with which ridge."""

    features: str
    """A name of `pipeline`."""
    widths: tuple[int, ...]
    ridges: tuple[float, ...]
    """Beside the mean squared error, one for each width."""


def prepared(source: Data, n: int, seed: int) -> PreparedSplit:
    """Training and held-out rows; targets are columns. Pixels too are centred by the training rows."""
    parts = data.split(source, n, seed, test=held_out(source, n))
    middle = parts.X.mean(axis=0)
    X, X_test = parts.X - middle, parts.X_test - middle
    Y, Y_test = (y.reshape(len(y), -1) for y in (parts.Y, parts.Y_test))
    return PreparedSplit(X, Y, X_test, Y_test, feature_maps.bandwidth(X))


def held_out(source: Data, n: int) -> int:
    """How many rows are held out where n are learnt from."""
    return min(HELD_OUT, len(source.X) - n)


def trial(fits: Fits, split: PreparedSplit, rng: np.random.Generator) -> Array:
    """Squared errors on the held-out rows, of one draw of the features, at all widths, flattened.

    (widths, 2 groups): on groups of rows with ridge, then without. The rows are an argument, so that a worker
    reads no file, and the store knows them.
    """
    seeds = [int(rng.integers(2**31)) for _ in fits.widths]
    measured = pool.spread(lambda i: _measured(fits, split, i, seeds[i]), range(len(fits.widths))[::-1])
    return np.array(measured[::-1]).ravel()


def _measured(fits: Fits, split: PreparedSplit, i: int, seed: int) -> list[float]:
    """Errors of one width on groups of held-out rows: ridge, then none."""
    family = pipeline.Family(fits.features, split.bandwidth, seed)
    maps = pipeline.features(family, fits.widths[i]).fit(split.X)
    F, F_test = (maps.transform(rows) for rows in (split.X, split.X_test))
    middle, level = F.mean(axis=0), split.Y.mean(axis=0)
    A, B = F - middle, split.Y - level
    groups: list[float] = []
    for coefficients in (_ridge(A, B, len(F) * fits.ridges[i]), np.linalg.lstsq(A, B)[0]):
        squares = ((split.Y_test - level - (F_test - middle) @ coefficients) ** 2).sum(axis=1)
        groups += [part.mean() for part in np.array_split(squares, min(GROUPS, len(split.X_test)))]
    return groups


def _ridge(A: Array, B: Array, alpha: float) -> Array:
    """Coefficients from the smaller of A'A and AA'; `alpha` > 0 is far above their rounding."""
    tall = A.shape[0] >= A.shape[1]
    gram = A.T @ A if tall else A @ A.T
    gram.flat[:: len(gram) + 1] += alpha
    return np.asarray(solve(gram, A.T @ B, assume_a="pos") if tall else A.T @ solve(gram, B, assume_a="pos"))
