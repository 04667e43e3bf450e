"""The figures: every module of figures.plots, found by its name."""

import pkgutil
from importlib import import_module
from types import ModuleType

import figures.plots


def names() -> list[str]:
    """All figures; a module `_idea` is what some of them share.

    >>> all("_" in name for name in names())
    True
    """
    found = (info.name for info in pkgutil.iter_modules(figures.plots.__path__))
    return sorted(name for name in found if name[0] != "_")


def module(name: str) -> ModuleType:
    """The module of a figure, with `data()` and `draw(data)`.

    >>> module("nobody1900_curve")
    Traceback (most recent call last):
    ValueError: nobody1900_curve: no such figure; `python -m figures list` names them
    """
    if name not in names():
        raise ValueError(f"{name}: no such figure; `python -m figures list` names them")
    return import_module(f"figures.plots.{name}")


def caption(name: str) -> tuple[str, str]:
    """Title and caption of a figure: the first line of its docstring, and the rest as one paragraph."""
    title, _, rest = (module(name).__doc__ or "").partition("\n")
    return title.rstrip("."), " ".join(rest.split())
