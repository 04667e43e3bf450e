"""Arguments: read as float64, check the range, name the culprit.

`real` and its kin take arguments that broadcast, `integer`, `scalar`, `option` and `flag` one value, `array`
and its kin data. A message names the argument, its value, and what it must be.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from theory.names import own_names

__dir__ = own_names(globals())

Array = NDArray[np.float64]

SAME = 1e-12
"""Numbers at this relative distance are the same: n = p, n = rank, a singular value of 0 and the like."""


def real(name: str, value: ArrayLike) -> Array:
    """`value` as a float64 array without nan."""
    try:
        raw = np.asarray(value)
        if raw.dtype.kind not in "iufb":
            raise TypeError
        array = raw.astype(np.float64)
    except (TypeError, ValueError):
        raise ValueError(
            f"{name} = {show(value)} is not a real number or array of them; pass floats"
        ) from None
    if np.isnan(array).any():
        raise ValueError(f"{name} = {show(value)} contains nan; pass numbers")
    return array


def positive(name: str, value: ArrayLike, finite: bool = False) -> Array:
    """`value` > 0; infinity passes unless `finite`."""
    array = real(name, value)
    return _within(name, array, array > 0, "positive", finite)


def non_negative(name: str, value: ArrayLike, finite: bool = True) -> Array:
    """`value` >= 0; infinity passes only with `finite=False`."""
    array = real(name, value)
    return _within(name, array, array >= 0, "zero or positive", finite)


def integer(name: str, value: Any, low: int) -> int:
    """One whole number >= `low`."""
    number = real(name, value)
    if number.ndim or not np.isfinite(number) or number != np.floor(number) or number < low:
        raise ValueError(f"{name} = {show(value)} must be a whole number >= {low}")
    return int(number)


def scalar(name: str, value: ArrayLike, low: float = -np.inf) -> float:
    """One finite number >= `low`."""
    number = real(name, value)
    if number.ndim or not np.isfinite(number) or number < low:
        least = f" >= {low:g}" if low > -np.inf else ""
        raise ValueError(f"{name} = {show(value)} must be one finite number{least}")
    return float(number)


def one(name: str, value: Array) -> float:
    """The number in an array without axes, whose range has been checked."""
    if value.ndim:
        raise ValueError(f"{name} = {show(value)} must be one number")
    return float(value)


def whole(name: str, value: ArrayLike, low: int) -> Array:
    """Whole finite numbers >= `low`, as float64."""
    array = real(name, value)
    inside = np.isfinite(array) & (array == np.floor(array)) & (array >= low)
    return _within(name, array, inside, f"a whole number >= {low}")


def whole_or_inf(name: str, value: ArrayLike, low: int = 0) -> Array:
    """Whole numbers >= `low`, or infinity, as float64."""
    array = real(name, value)
    inside = (array == np.floor(array)) & (array >= low)
    return _within(name, array, inside, f"a whole number >= {low}, or inf")


def at_least(name: str, value: ArrayLike, low: float, finite: bool = False) -> Array:
    """`value` >= `low`; infinity passes unless `finite`."""
    array = real(name, value)
    return _within(name, array, array >= low, f"at least {low:g}", finite)


def between(name: str, value: ArrayLike, low: float, high: float, ends: str = "[]") -> Array:
    """`value` in an interval, with or without its ends: "[]", "()", "(]" or "[)"."""
    array = real(name, value)
    above = array >= low if ends[0] == "[" else array > low
    below = array <= high if ends[1] == "]" else array < high
    return _within(name, array, above & below, f"in {ends[0]}{low:g}, {high:g}{ends[1]}")


def share(name: str, value: ArrayLike) -> Array:
    """`value` in (0, 1]."""
    return between(name, value, 0, 1, "(]")


def fraction(name: str, part: Array, whole_name: str, whole: Array) -> Array:
    """part / whole, where the part must not exceed the whole."""
    part, whole = broadcast(**{name: part, whole_name: whole})
    if (part > whole).any():
        i = np.flatnonzero((part > whole).ravel())[0]
        raise ValueError(f"{name} = {part.ravel()[i]:g} must not exceed {whole_name} = {whole.ravel()[i]:g}")
    return part / whole


def broadcast(**arrays: Array) -> list[Array]:
    """The arrays at their common shape, or a ValueError that lists the shapes."""
    try:
        return list(np.broadcast_arrays(*arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items() if array.ndim)
        raise ValueError(f"shapes do not broadcast: {shapes}; give arrays of one shape or add axes") from None


def option(name: str, value: Any, *known: str) -> str:
    """One of the known names."""
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{name} = {show(value)} is unknown; choose from {', '.join(known)}")
    return value


def flag(name: str, value: Any) -> bool:
    """True or False."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} = {show(value)} must be True or False")
    return bool(value)


def _within(name: str, array: Array, inside: NDArray[np.bool_], what: str, finite: bool = False) -> Array:
    if finite:
        inside = inside & np.isfinite(array)
        what = "finite and " + what
    if not inside.all():
        culprit = array[~inside].flat[0]
        raise ValueError(f"{name} = {culprit:g} must be {what}")
    return array


def array(name: str, value: ArrayLike, *axes: int, complex_too: bool = False) -> NDArray[Any]:
    """`value` as a finite float64 array that is not empty, with one of the given numbers of axes.

    With `complex_too` complex numbers pass, as complex128. An array of the right type is returned as it is,
    not copied. For data sets and matrices; use `real` and its kin for arguments that broadcast.

    >>> array("X", [[1, 2]], 1, 2)
    array([[1., 2.]])
    """
    try:
        given = np.asarray(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} = {show(value)} must be one array; give all its rows one length") from None
    if given.dtype.kind not in ("iufbc" if complex_too else "iufb"):
        culprit = f"array of {given.dtype}" if isinstance(value, np.ndarray) else show(value)
        wanted = "numbers" if complex_too else "real numbers"
        raise ValueError(f"{name} = {culprit} must hold {wanted}; pass floats")
    if given.ndim not in axes:
        wanted = " or ".join(map(str, axes))
        raise ValueError(f"{name} = array of shape {given.shape} must have {wanted} axes; reshape it")
    if given.size == 0:
        raise ValueError(f"{name} = array of shape {given.shape} must not be empty; pass at least one number")
    numbers = given.astype(np.complex128 if given.dtype.kind == "c" else np.float64, copy=False)
    if not np.isfinite(numbers).all():
        index = tuple(np.argwhere(~np.isfinite(numbers))[0].tolist())
        place = f"[{', '.join(map(str, index))}]" if index else ""
        raise ValueError(f"{name}{place} = {numbers[index]} must be finite; drop or replace it")
    return numbers


def data(name: str, value: ArrayLike, *axes: int) -> Array:
    """A copy of `array`, so that sums over a view have the bits of sums over an array of their own.

    >>> data("y", [1, 2], 1)
    array([1., 2.])
    """
    return array(name, value, *axes).copy(order="K")


def pair(name: str, rows: ArrayLike, beside: str, column: ArrayLike) -> tuple[Array, Array]:
    """A finite matrix and one number per row."""
    matrix, vector = data(name, rows, 2), data(beside, column, 1)
    if len(matrix) != len(vector):
        raise ValueError(
            f"{name} has {len(matrix)} rows and {beside} {len(vector)} entries; pass one entry per row"
        )
    return matrix, vector


def symmetric(name: str, matrix: Array, slack: float) -> None:
    """Refuse a matrix that differs from its transpose by more than `slack`."""
    if np.abs(matrix - matrix.T).max(initial=0.0) > slack:
        raise ValueError(f"{name} is not symmetric; pass ({name} + {name}.T) / 2")


def show(value: Any) -> str:
    """A value in an error message: its repr in one line, cut after 60 characters."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."
