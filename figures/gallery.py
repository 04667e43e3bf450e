"""The gallery: a page with a small picture of every figure, which is part of the sources for the README."""

import json
from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Any

from figures import build, checkout, registry
from sims.shell import console
from sims.verdict.words import share

DPI = 130
"""Dots per inch of the small pictures, which are 3.25 to 6.75 inches wide."""


def picture(name: str, home: Path = Path()) -> Path:
    """The small picture of a figure in a checkout, which a new figure has after `python -m figures gallery`.

    >>> picture("mei2022_risk").as_posix()
    'figures/gallery/mei2022_risk.png'
    """
    return home / "figures" / "gallery" / f"{name}.png"


def page(known: Mapping[str, Mapping[str, Any]]) -> str:
    """figures/GALLERY.md as text: every figure with its title, caption, resolution and command.

    `known` is what numbers.json has of the figures.
    """
    parts = [
        "# Gallery",
        "",
        "Every figure is drawn from its own theory and simulation; `python -m figures` draws them all again "
        "as PDF, PNG and CSV. This page is written by `python -m figures refresh`.",
    ]
    for name in registry.names():
        title, caption = registry.caption(name)
        redrawn = registry.redraws(name)
        words = [
            caption, resolution(known.get(name, {}).get("resolution", {})),
            f"It redraws {redrawn}." if redrawn else "", f"`python -m figures build {name}`",
        ]  # fmt: skip
        parts += ["", f"## {title}", "", f"![{title}](gallery/{name}.png)", "", " ".join(filter(None, words))]
    return "\n".join(parts) + "\n"


def resolution(known: Mapping[str, Any]) -> str:
    """What the marks of a figure would have shown, as a sentence; nothing where no equation is judged.

    >>> resolution({"sharpest": 0.012, "bluntest": 0.034, "hidden": "inf"})
    'Resolution: a common factor of 1.2 % to 3.4 %; at a single mark any error could hide.'
    """
    if not known:
        return ""
    sharpest, bluntest, hidden = (float(known[name]) for name in ("sharpest", "bluntest", "hidden"))
    factor = share(bluntest) if sharpest == bluntest else f"{share(sharpest)} to {share(bluntest)}"
    single = f"up to {share(hidden)}" if isfinite(hidden) else "any error"
    return f"Resolution: a common factor of {factor}; at a single mark {single} could hide."


def write(home: Path) -> int:
    """Write figures/GALLERY.md and figures/gallery/*.png of the checkout from what is built; the exit code.

    Raises
    ------
    ValueError
        If `home` is no checkout, or a figure in it is not up to date.
    """
    checkout.require(home, "python -m figures gallery")
    folder = home / "figures"
    build.require_current(folder / "out")
    pictures(folder / "out", folder / "gallery")
    known = json.loads((home / "paper" / "numbers.json").read_text(encoding="utf-8"))["figures"]
    (folder / "GALLERY.md").write_text(page(known), encoding="utf-8", newline="")
    console.say(f"{folder / 'GALLERY.md'}: {len(registry.names())} figures")
    return 0


def pictures(built: Path, small: Path) -> None:
    """Write a small picture of every built figure, and delete those of figures that are no more."""
    from PIL import Image  # matplotlib writes PNG by it

    small.mkdir(exist_ok=True)
    for name in registry.names():
        with Image.open(built / f"{name}.png") as picture:
            size = [round(side * DPI / 200) for side in picture.size]
            picture.convert("RGB").resize(size, Image.Resampling.LANCZOS).quantize(64).save(
                small / f"{name}.png", optimize=True, dpi=(DPI, DPI)
            )
    for picture_of in small.glob("*.png"):
        if picture_of.stem not in registry.names():
            picture_of.unlink()
