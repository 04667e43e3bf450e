"""The figures: every module of figures.plots that declares one, found by its name."""

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from figures import sources
from figures.figure import PaperFigure
from sims.messages import one_line


def names() -> list[str]:
    """All figures: the modules of figures.plots that assign FIGURE.

    >>> "mei2022_risk" in names(), "_curve" in names()
    (True, False)
    """
    return sorted(file.stem for file in _folder().glob("*.py") if sources.declares(file, "FIGURE"))


def require(name: str) -> None:
    """Pass if there is a figure of that name.

    >>> require("nobody1900_curve")
    Traceback (most recent call last):
    ValueError: nobody1900_curve: no such figure; `python -m figures list` names them all
    >>> require("mei2022")
    Traceback (most recent call last):
    ValueError: mei2022: no such figure; name one of mei2022_best_ridge, mei2022_norm, mei2022_risk
    """
    file = _folder() / f"{name}.py"
    if not (name.isidentifier() and file.is_file() and sources.declares(file, "FIGURE")):
        near = [known for known in names() if name and known.startswith(f"{name}_")]
        advice = f"name one of {', '.join(near)}" if near else "`python -m figures list` names them all"
        raise ValueError(f"{name}: no such figure; {advice}")


def module(name: str) -> ModuleType:
    """The module of a figure."""
    require(name)
    return import_module(f"figures.plots.{name}")


def figure(name: str) -> PaperFigure:
    """What the module of a figure declares.

    >>> figure("hastie2022_snr").draw.__module__
    'figures.plots.hastie2022_snr'
    """
    declared: PaperFigure = module(name).FIGURE
    return declared


def caption(name: str) -> tuple[str, str]:
    """Title and caption of a figure: the first line of its docstring, and the rest as one paragraph."""
    require(name)
    title, _, rest = sources.docstring(_folder() / f"{name}.py").partition("\n")
    return title.rstrip("."), one_line(rest)


def redraws(name: str) -> str:
    """Which figure of the literature shows the same, or nothing.

    >>> redraws("hastie2022_snr"), redraws("everyday_cost")
    ('Hastie et al. (2022), Fig. 2†', '')
    """
    require(name)
    number = sources.text(_folder() / f"{name}.py", "FIGURE", "redraws")
    return f"{cited(name)}, {number}" if number else ""


def owner(name: str) -> str:
    """The key of the paper of a figure: its name begins with it.

    >>> owner("mei2022_best_ridge")
    'mei2022'
    """
    return name.partition("_")[0]


def cited(name: str) -> str:
    """Authors and year of the paper of a figure, or nothing where it has none.

    >>> cited("mei2022_risk"), cited("everyday_cost")
    ('Mei and Montanari (2022)', '')
    """
    key = owner(name)
    year = re.search(r"\d{4}", key)
    if year is None or find_spec(f"theory.papers.{key}") is None:
        return ""
    authors = import_module(f"theory.papers.{key}").PAPER.authors
    return f"{' and '.join(authors) if len(authors) < 3 else f'{authors[0]} et al.'} ({year[0]})"


def of_paper(key: str) -> list[str]:
    """The figures of a paper.

    >>> of_paper("mei2022")
    ['mei2022_best_ridge', 'mei2022_norm', 'mei2022_risk']
    >>> of_paper("nobody1900")
    Traceback (most recent call last):
    ValueError: --paper nobody1900: no figure of that paper; `python -m figures list` names them all
    """
    found = [name for name in names() if owner(name) == key]
    if not found:
        raise ValueError(f"--paper {key}: no figure of that paper; `python -m figures list` names them all")
    return found


def _folder() -> Path:
    return sources.HOME / "plots"
