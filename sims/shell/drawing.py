"""The only door from `sims` to `figures`: what a command draws, and how its picture becomes files.

The layers go theory, sims, figures: nothing else in `sims` imports `figures`, and here it happens inside
functions, so that a run without files loads no matplotlib.
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sims.shell import shadow

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def require() -> None:
    """Refuse a user's own module called `figures`; a command asks before its simulation, not after.

    Raises
    ------
    ImportError
        If Python finds another `figures` first; the message names it.

    >>> require()
    """
    shadow.require("figures")


def command_figure(name: str, document: Mapping[str, Any]) -> "Figure":
    """The picture of one run of a command: `figures.commands.NAME` draws its JSON document.

    Parameters
    ----------
    name : str
        Name of the command's package, such as "double_descent".
    document : mapping
        What the command prints with --json.
    """
    require()
    figure: Figure = import_module(f"figures.commands.{name}").draw(document)
    return figure


def save(figure: "Figure", document: Mapping[str, Any], stem: Path) -> list[Path]:
    """Write stem.pdf and stem.png, with the command that made them in their metadata; the paths."""
    require()
    from figures import files

    return files.save(figure, stem, document["command"])
