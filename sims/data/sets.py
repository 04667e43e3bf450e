"""A data set as it comes, before it is split, scaled and coded."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Reading = Literal["numbers", "classes"]
"""How a target is read."""


class MissingExtraError(ImportError):
    """A package of an extra is not installed."""


class SplitError(ValueError):
    """Rows that were drawn cannot be learned from, or others not be predicted."""


class Data(NamedTuple):
    """Inputs and targets as they come; `sims.data.split` scales and codes them."""

    name: str
    X: Array
    """(rows, d); nan is missing, and becomes the mean of the training rows in a split."""
    y: Array
    """(rows,): numbers, or the index of a class."""
    classes: tuple[str, ...] | None
    """Names of the classes; None for regression."""
    columns: tuple[str, ...]
    """Names of the inputs."""
    scale: float | None = None
    """What pixels are divided by; None where columns are standardised one by one."""
    target: str = "y"
    """Name of the target."""
    notes: tuple[str, ...] = ()
    """What one may not expect of how a file was read; whole sentences."""
