"""Figures as files: PDF and PNG, the same bytes for the same data, with their origin inside."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import matplotlib.style
from matplotlib.figure import Figure


@contextmanager
def house_style() -> Iterator[None]:
    """The style of every figure, whatever the user's own settings are.

    >>> with house_style():
    ...     Figure().get_size_inches().tolist()
    [4.8, 3.2]
    """
    with matplotlib.style.context(["default", str(files("figures") / "style.mplstyle")]):
        yield


def save(figure: Figure, stem: Path, provenance: str) -> list[Path]:
    """Write stem.pdf and stem.png; `provenance` goes into their metadata, a date does not.

    Parameters
    ----------
    figure : Figure
    stem : Path
        Path without suffix.
    provenance : str
        What made the figure, such as the command.
    """
    from sims import console

    versions = ", ".join(f"{name} {number}" for name, number in console.versions().items())
    metadata = {
        ".pdf": {
            "Subject": f"{provenance} ({versions})",
            "Creator": "overparam",
            "CreationDate": None,
        },
        ".png": {"Description": f"{provenance} ({versions})", "Software": "overparam"},
    }
    paths = []
    with house_style():
        for suffix, entries in metadata.items():
            path = stem.with_name(stem.name + suffix)
            figure.savefig(path, metadata=entries)
            paths.append(path)
    return paths
