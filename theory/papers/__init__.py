"""One module per paper, named by its key in paper/references.bib: its results in its own notation.

A paper is found by discovery: a module of this package that holds a `PAPER`.
"""

import pkgutil
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType


@dataclass(frozen=True)
class Paper:
    """What a reader must know before comparing a module's numbers with the paper's."""

    key: str
    title: str
    error: str
    """What the module's error means: "test" includes the label noise, "excess" does not; or "none: ..."."""
    penalty: str
    """The penalty convention of the module's `ridge`."""
    statements: dict[str, str] = field(default_factory=dict)
    """Function -> status: "proved", "verified" (numerically), or "unverified" with what is."""


def modules() -> dict[str, ModuleType]:
    """The paper modules by key.

    >>> modules()["mei2022"].PAPER.key
    'mei2022'
    """
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}") for name in names}


def table() -> str:
    """The papers and the status of each of their functions, as the Markdown of theory/README.md.

    >>> table().splitlines()[0]
    '| paper | function | status | error | penalty |'
    """
    lines = ["| paper | function | status | error | penalty |", "|---|---|---|---|---|"]
    for key, module in modules().items():
        paper = module.PAPER
        for number, (name, status) in enumerate(paper.statements.items()):
            head = (f"`{key}`", paper.error, paper.penalty) if number == 0 else ("", "", "")
            lines.append(f"| {head[0]} | `{name}` | {status} | {head[1]} | {head[2]} |")
    return "\n".join(lines)
