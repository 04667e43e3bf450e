"""One digest of all that a trial was given: the arguments bound into it, arrays and their bytes included."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import numpy as np

Add = Callable[[bytes], None]
ATOMS = (type(None), bool, int, float, complex, str, bytes)


def digest(trial: Any) -> str:
    """The same text for the same inputs, in every process; another for any other.

    A function counts by its module and name, for the sources are in `fingerprint.code`, and by what it
    encloses. The order of a mapping does not count; the type of a number does.

    Parameters
    ----------
    trial : callable
        A function, or a partial of one with numbers, texts, arrays, sequences, mappings and dataclasses.

    Raises
    ------
    TypeError
        If the trial holds something else, whose value is not to be seen.

    >>> digest(partial(max, 1)) == digest(partial(max, 1)), digest(partial(max, 1)) == digest(partial(max, 2))
    (True, False)
    """
    hashed = sha256()
    _add(hashed.update, trial)
    return hashed.hexdigest()


def _add(add: Add, value: Any) -> None:
    """Add a value with its type and length before it, so that no two values run into each other."""
    kind = type(value)
    if kind in ATOMS:
        _text(add, kind, repr(value))
    elif isinstance(value, np.ndarray | np.generic):
        _array(add, np.asarray(value))
    elif isinstance(value, partial):
        _entries(add, partial, (value.func, value.args, value.keywords))
    elif isinstance(value, MethodType):
        _entries(add, kind, (value.__self__, value.__func__))
    elif isinstance(value, FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        _text(add, kind, f"{value.__module__}.{value.__qualname__}")
        _entries(add, kind, (cells, value.__defaults__, value.__kwdefaults__))
    elif isinstance(value, BuiltinFunctionType | type):
        _text(add, kind, f"{value.__module__}.{value.__qualname__}")
    elif dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        _entries(add, kind, [(field.name, getattr(value, field.name)) for field in fields])
    elif isinstance(value, Mapping):
        _entries(add, dict, sorted(value.items(), key=repr))
    elif isinstance(value, Sequence):
        _entries(add, kind, value)
    else:
        raise TypeError(f"a trial holds a {kind.__qualname__}, which has no digest; bind its numbers instead")


def _text(add: Add, kind: type, text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    add(f"{kind.__module__}.{kind.__qualname__} {len(data)};".encode() + data)


def _entries(add: Add, kind: type, entries: Sequence[Any]) -> None:
    add(f"{kind.__module__}.{kind.__qualname__} of {len(entries)};".encode())
    for entry in entries:
        _add(add, entry)


def _array(add: Add, array: np.ndarray[Any, Any]) -> None:
    if array.dtype.hasobject:
        raise TypeError(
            f"a trial holds an array of {array.dtype}, which has no digest; bind its numbers instead"
        )
    add(f"array {array.dtype.str} {array.shape};".encode())
    add(array.tobytes())
