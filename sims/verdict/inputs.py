"""What every verdict takes in, checked: one number for each point, and none of them nan."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.trials.sample import Sample

Array = NDArray[np.float64]

ROUNDING = 1e-9
"""Relative accuracy of theory and simulation as computed."""


class Inputs(NamedTuple):
    """A sample and what it is compared with, one number for each point."""

    mean: Array
    """Mean over trials; infinite where a trial was."""
    se: Array
    """Standard error of the mean, by the trials alone."""
    trials: int
    theory: Array
    """The value or the bound that theory states."""
    allowance: Array
    """Relative error granted to the theory."""

    @property
    def finite(self) -> NDArray[np.bool_]:
        """Where the mean and theory are both finite."""
        return np.isfinite(self.theory) & np.isfinite(self.mean)

    @property
    def slack(self) -> Array:
        """What a mean may differ from theory before chance comes in; the last term is for exact zeros."""
        size = np.abs(np.where(np.isfinite(self.theory), self.theory, 0.0))
        with np.errstate(invalid="ignore"):  # an infinite allowance on zero
            granted = np.where(size > 0, (self.allowance + ROUNDING) * size, 0.0)
        return granted + 1e-3 * ROUNDING * size.max(initial=0.0)


class UndefinedError(ValueError):
    """A nan where a number was to be judged."""


def checked(sample: Sample, name: str, theory: ArrayLike, allowance: ArrayLike, false_alarm: float) -> Inputs:
    """The inputs of a verdict; `name` is what messages call the theory.

    Raises ValueError if false_alarm is outside (0, 1), an allowance is negative or nan, or theory or
    allowance has neither one number nor one for each point; UndefinedError if theory, a trial or a mean of
    trials is nan.
    """
    if not 0 < false_alarm < 1:
        raise ValueError(f"false_alarm = {false_alarm:g} must be between 0 and 1")
    points = sample.values.shape[1]
    stated, granted = per_point(name, theory, points), per_point("allowance", allowance, points)
    if not (granted >= 0).all():
        raise ValueError(f"allowance = {granted[~(granted >= 0)][0]:g} must be zero or positive")
    require_defined(name, stated)
    require_defined("simulation", sample.values)
    with np.errstate(invalid="ignore"):
        mean = sample.mean
    require_defined("the mean of the simulation, over inf and -inf,", mean)
    return Inputs(mean, sample.se, sample.trials, stated, granted)


def per_point(name: str, values: ArrayLike, points: int, dtype: type = float) -> NDArray[Any]:
    """One value for each point, from as many or from a single one."""
    array: NDArray[Any] = np.asarray(values, dtype=dtype)
    if array.shape not in ((), (1,), (points,)):
        raise ValueError(
            f"{name} has shape {array.shape}, but {points} points were measured; pass one number for each, "
            "or one for all"
        )
    return np.broadcast_to(array, (points,))


def require_defined(name: str, values: ArrayLike, p: ArrayLike | None = None) -> None:
    """Raise UndefinedError if there is a nan in `values`; it names the point by its p, or else by its index.

    Parameters
    ----------
    name : str
        What messages call the values.
    values : array_like (points,) or (trials, points)
    p : array_like (points,), optional
        Size of the model at each point.

    >>> require_defined("theory", [1.0, float("inf")], p=[10, 20])
    >>> require_defined("theory", [1.0, float("nan")], p=[10, 20])
    Traceback (most recent call last):
    sims.verdict.inputs.UndefinedError: theory is nan at p = 20; a number or inf is needed
    """
    missing = np.isnan(np.asarray(values, dtype=float))
    if missing.any():
        *trial, point = np.argwhere(missing)[0]
        where = f"point {point}" if p is None else f"p = {np.asarray(p)[point]:g}"
        where += f", trial {trial[0]}" if trial else ""
        raise UndefinedError(f"{name} is nan at {where}; a number or inf is needed")
