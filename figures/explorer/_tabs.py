"""The tabs by the names that links use, and where the server keeps things."""

import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, cast

from figures.explorer import _claims, _data, _descent, _networks, _time
from figures.explorer._knobs import Knob, changed, read
from figures.explorer._view import View
from sims.trials import pool

NAMES = {
    "descent": "Double descent",
    "time": "Training time",
    "networks": "Kernels and networks",
    "claims": "Claims",
    "data": "Your data",
}


class Curves(Protocol):
    """A tab that draws at once what theory says, and settles on it what is simulated."""

    KNOBS: tuple[Knob, ...]
    NAME: str

    def applies(self, name: str, values: Mapping[str, Any]) -> bool: ...

    def view(self, values: Mapping[str, Any]) -> View: ...

    def settle(self, values: Mapping[str, Any], store: Path | None) -> Iterator[View]: ...


CURVES: dict[str, Curves] = {
    "descent": cast(Curves, _descent),
    "time": cast(Curves, _time),
    "networks": cast(Curves, _networks),
}
ABOUT = {
    "descent": "More parameters first help, then hurt until they are as many as the samples, then help "
    "again. Move a slider: theory redraws at once, and simulation settles on it.",
    "time": "Training longer is like a smaller ridge: it fits more, first signal, then noise. Where half of "
    "the inputs is slow to learn, the error descends twice.",
    "networks": "A wide network hardly moves while it learns: it is a kernel machine, its own linearisation. "
    "Watch a small one train beside it, and make it wider.",
    "claims": "What papers and everyday talk say, each with an experiment that can refute it. Pick one, "
    "change its settings, and run it.",
    "data": "Upload a CSV file with a line of names: its test error is predicted for every number of "
    "features before any training, then checked on rows that were held out. The file stays on this machine.",
}


turn = threading.BoundedSemaphore(pool.cores())
"""Users take turns: no more experiments at once than there are cores."""


def changes(texts: Mapping[str, str]) -> list[str]:
    """What a link asked for and does not get, one sentence each.

    >>> changes({"tab": "descent", "n": "1e9", "colour": "red"})
    ['The link asked for n = 1e9; shown is n = 300.', 'The link has a key that is no setting: colour.']
    """
    tab = texts.get("tab", "descent")
    told = [] if tab in NAMES else [f"The link asked for tab = {tab}; shown is tab = descent."]
    if tab == "claims":
        return told + _claims.changes(texts)
    knobs = _data.KNOBS if tab == "data" else CURVES.get(tab, CURVES["descent"]).KNOBS
    return told + changed(knobs, {key: text for key, text in texts.items() if key != "tab"})


def values(module: Curves, texts: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a tab that a link asks for, by the texts of the link."""
    return read(module.KNOBS, texts)


def store() -> Path | None:
    """The file that keeps finished trials; None if the server was started without one."""
    path = os.environ.get("OVERPARAM_EXPLORER_STORE")
    return Path(path) if path else None


def uploads() -> Path:
    """The folder that keeps uploaded files until the server ends."""
    return Path(os.environ["OVERPARAM_EXPLORER_UPLOADS"])
