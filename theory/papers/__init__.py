"""One module per paper, named by its key in paper/references.bib: its results in its own notation.

A paper is found by discovery: a module of this package that holds a `PAPER`.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Literal, get_args

from theory.names import own_names

__dir__ = own_names(globals())

Error = Literal["test", "excess", "train", "none"]
"""What an error of a paper is measured on; see `Paper.error`."""

STATUSES = ("proved", "verified", "stated", "definition")
"""How the status of a statement begins; see `Paper.statements`."""

Degree = Literal["text", "code", "derivation"]
"""What a statement was checked against, besides our own tests; see `DEGREES`."""

DEGREES: dict[Degree, str] = {
    "text": "the paper's text",
    "code": "the authors' code",
    "derivation": "own derivation and simulation",
}
"""The degrees, the surest first.

"text": the paper, its abstract at least, says so. "code": the values are those of the authors' public code;
tests/theory/papers/test_official_code.py holds some. "derivation": the statement is proved or simulated here,
and was compared with neither.
"""

MARK = "†"
"""Footnote mark of a theorem, equation, figure or section that we know from memory or at second hand: its
number was not seen in the paper. The statement itself has its `Degree`."""


@dataclass(frozen=True)
class Paper:
    """What a reader must know before comparing a module's numbers with the paper's.

    Every module of `theory.papers` holds one as `PAPER`. The index, the table in theory/README.md and the
    tests read it; a test compares key, title and authors with paper/references.bib.
    """

    key: str
    """Key in paper/references.bib, and the name of the module: first author and year."""
    title: str
    """Title of the paper."""
    authors: tuple[str, ...]
    """Family names in the paper's order; `python -m theory NAME` finds the paper by any of them."""
    error: Error
    """What the errors that the module returns are measured on.

    "test": loss on a fresh noisy sample, the label noise included. "excess": the same without the label
    noise, which is the distance to the target. "train": loss on the training set. "none": the module
    returns no such error. Where the paper has another, the module converts it.
    """
    penalty: str
    """What the module's `ridge` (or `penalty`, `gamma`) multiplies; "none: ..." names what replaces it."""
    statements: dict[str, str] = field(default_factory=dict)
    """Every public function of the module, with its status: one of `STATUSES`, then what it rests on.

    "proved" by a proof in `theory.proofs` or one short enough to see, "verified" against an independent
    computation or a simulation in the tests, "stated" where the paper alone answers for it, and "definition"
    where there is nothing to prove.
    """
    checked: dict[str, Degree] = field(default_factory=dict)
    """The functions whose statement was compared with the paper's text or the authors' code; see `degree`."""
    note: str = ""
    """What `error` leaves open: the loss if it is not the squared one, units, or what else is returned."""
    topics: tuple[str, ...] = ()
    """Headline words of the field by which `python -m theory WORD` finds the paper."""

    def __post_init__(self) -> None:
        if self.error not in get_args(Error):
            known = ", ".join(get_args(Error))
            raise ValueError(
                f"error = {self.error!r} of {self.key} is unknown; choose from {known}, and use note"
            )
        if type(self.authors) is not tuple or not self.authors:
            raise ValueError(f"authors = {self.authors!r} of {self.key} must be a tuple of family names")
        for name, status in self.statements.items():
            if not status.startswith(STATUSES):
                raise ValueError(
                    f"status = {status!r} of {self.key}.{name} is unknown; begin with {', '.join(STATUSES)}"
                )
        for name, degree in self.checked.items():
            if name not in self.statements or degree not in DEGREES:
                raise ValueError(
                    f"checked = {{{name!r}: {degree!r}}} of {self.key} needs a function of `statements` and "
                    f"one of {', '.join(DEGREES)}"
                )

    def degree(self, name: str) -> Degree:
        """What the statement of this function was checked against.

        >>> from theory.papers import simon2023
        >>> simon2023.PAPER.degree("learnability")
        'code'
        """
        return self.checked.get(name, "derivation")


def modules() -> dict[str, ModuleType]:
    """The paper modules by key.

    >>> modules()["mei2022"].PAPER.key
    'mei2022'
    """
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}") for name in names}


def degrees() -> dict[Degree, list[str]]:
    """The functions of all papers by what their statement was checked against.

    >>> degrees()["code"][0]
    'dascoli2020.decomposition'
    """
    found: dict[Degree, list[str]] = {degree: [] for degree in DEGREES}
    for key, module in modules().items():
        for name in module.PAPER.statements:
            found[module.PAPER.degree(name)].append(f"{key}.{name}")
    return found


def table() -> str:
    """The papers and the status of each of their functions, as the Markdown of theory/README.md.

    >>> table().splitlines()[0]
    '| paper | function | status | checked against | error | penalty |'
    """
    lines = ["| paper | function | status | checked against | error | penalty |", "|---|---|---|---|---|---|"]
    for key, module in modules().items():
        paper = module.PAPER
        error = f"{paper.error}: {paper.note}" if paper.note else paper.error
        for number, (name, status) in enumerate(paper.statements.items()):
            paper_cells = (f"`{key}`", error, paper.penalty) if number == 0 else ("", "", "")
            first, *others = paper_cells
            cells = (first, f"`{name}`", status, DEGREES[paper.degree(name)], *others)
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
