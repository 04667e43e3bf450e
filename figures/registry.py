"""The figures: every module of figures.plots that declares one, found by its name."""

from importlib import import_module
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


def _folder() -> Path:
    return sources.HOME / "plots"
