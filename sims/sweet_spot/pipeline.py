"""The fits that are recommended as pipelines of scikit-learn, and as text to paste."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.data import Data
from sims.features import random_features

Array = NDArray[np.float64]

NAMES = ("relu", "fourier", "linear")
"""Families of random features that scikit-learn's users can paste."""
BLOCK = 2048  # features that are held at once
EXTREME = 100  # decades from 1 beyond which squares of a column's values may leave the range of numbers


class Family(NamedTuple):
    """Random features of one kind, with one seed."""

    name: str
    """One of NAMES."""
    bandwidth: float
    """Of fourier."""
    seed: int

    @property
    def gamma(self) -> float:
        """The bandwidth as scikit-learn has it."""
        return 1 / (2 * self.bandwidth**2)

    @property
    def activation(self) -> str:
        """Of the features that are no waves."""
        return "identity" if self.name == "linear" else self.name


class Columns(NamedTuple):
    """What a pipeline does to its columns first, and what it predicts."""

    missing: bool
    """Are values missing?"""
    pixels: bool
    """Pixels are centred, and share one unit."""
    classes: bool

    @staticmethod
    def of(table: Data) -> "Columns":
        """The columns of a data set.

        >>> Columns.of(Data("a", np.array([[np.nan]]), np.zeros(1), None, ("x",)))
        Columns(missing=True, pixels=False, classes=False)
        """
        return Columns(bool(np.isnan(table.X).any()), table.scale is not None, table.classes is not None)


def features(family: Family, width: int) -> Any:
    """The transformer that draws the features, divided by the root of their number; not fitted."""
    if family.name == "fourier":
        from sklearn.kernel_approximation import RBFSampler

        return RBFSampler(gamma=family.gamma, n_components=width, random_state=family.seed)
    from sims.estimators import RandomFeatures

    return RandomFeatures(width, activation=family.activation, random_state=family.seed)


def blocks(family: Family, X: Array, width: int) -> Iterator[Array]:
    """The features of rows X as `features` draws them, some columns at a time; the caller may change them.

    >>> X, family = np.eye(3), Family("relu", 1.0, 0)
    >>> whole = features(family, 3000).fit_transform(X)
    >>> np.allclose(np.hstack(list(blocks(family, X, 3000))), whole, rtol=1e-12)
    True
    """
    maps = features(family, width).fit(X)
    if family.name == "fourier":
        F = maps.transform(X)
        yield from (F[:, start : start + BLOCK] for start in range(0, width, BLOCK))
        return
    for start in range(0, width, BLOCK):
        F = random_features(X, maps.weights_[start : start + BLOCK], family.activation)
        F /= np.sqrt(width)
        yield F


def pipeline(columns: Columns, alpha: float, maps: Sequence[Any] = ()) -> Any:
    """Columns filled and scaled, maps such as random features, ridge with an intercept; not fitted."""
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import Ridge, RidgeClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    filled = [SimpleImputer(keep_empty_features=True)] if columns.missing else []
    scaled = StandardScaler(with_std=not columns.pixels)
    last = (RidgeClassifier if columns.classes else Ridge)(alpha=alpha)
    return make_pipeline(*filled, scaled, *maps, last)


def units(table: Data) -> float | list[float]:
    """What the inputs are divided by first: the range of pixels, and the size of columns that are extreme.

    >>> units(Data("a", np.array([[1e200, 2.0]]), np.zeros(1), None, ("x", "y")))
    [1e+200, 1.0]
    """
    if table.scale is not None:
        return table.scale
    largest = np.fmax.reduce(np.abs(table.X), axis=0)
    decades = np.round(np.log10(np.where(largest > 0, largest, 1.0)))
    extreme = np.abs(decades) > EXTREME
    return np.where(extreme, 10.0**decades, 1.0).tolist() if extreme.any() else 1.0


def text(model: Any, before: Sequence[str] = (), inputs: str = "X", targets: str = "y") -> str:
    """The lines that build a pipeline and fit it.

    >>> print(text(pipeline(Columns(False, False, False), 0.5)).splitlines()[-2])
    model = make_pipeline(StandardScaler(), Ridge(alpha=0.5))
    """
    steps = [step for _, step in model.steps]
    sources = {
        type(step).__name__: ".".join(
            part for part in type(step).__module__.split(".") if not part.startswith("_")
        )
        for step in steps
    }
    imports = sorted(f"from {module} import {name}" for name, module in sources.items())
    made = ", ".join(" ".join(repr(step).split()) for step in steps)
    return "\n".join(
        [
            *imports,
            "from sklearn.pipeline import make_pipeline",
            *before,
            f"model = make_pipeline({made})",
            f"model.fit({inputs}, {targets})",
        ]
    )
