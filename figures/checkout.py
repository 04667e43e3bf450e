"""The checkout: the folder with the sources, the paper and the pages that commands write into."""

from pathlib import Path

MARK = Path("paper") / "main.typ"
"""A file that every checkout has, and no installed package."""


def require(home: Path, command: str) -> None:
    """Pass if `home` is a checkout.

    >>> require(Path("nowhere"), "gallery")
    Traceback (most recent call last):
    ValueError: gallery needs a checkout, and nowhere is none: there is no paper/main.typ in it; run ...
    """
    if not (home / MARK).is_file():
        shown = "this folder" if home == Path() else home
        raise ValueError(
            f"{command} needs a checkout, and {shown} is none: there is no {MARK.as_posix()} in it; "
            "run it at the root of a checkout"
        )
