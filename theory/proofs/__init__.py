"""Identities between the papers and the core, reduced to zero by sympy.

A proof is a public function of a module of this package: its docstring states a theorem, it returns
the expressions that must vanish. A rational expression vanishes if `cancel` says so; where an
expression needs more, the proof reduces it itself.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from importlib import import_module
from typing import Any

from theory.names import own_names

__dir__ = own_names(globals())

Proof = Callable[[], list[Any]]


def proofs() -> dict[str, Proof]:
    """All proofs, by "module.function".

    >>> "equation.duality" in proofs()
    True
    """
    found: dict[str, Proof] = {}
    for info in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                found[f"{info.name}.{name}"] = function
    return found


def holds(proof: Proof) -> bool:
    """Whether every expression of a proof reduces to zero.

    >>> from theory.proofs import equation
    >>> holds(equation.duality)
    True
    """
    import sympy

    return all(sympy.cancel(sympy.together(expression)) == 0 for expression in proof())
