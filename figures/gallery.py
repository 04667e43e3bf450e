"""The gallery: a page with a small picture of every figure, which is part of the sources for the README."""

from pathlib import Path

from figures import build, checkout, registry
from sims.shell import console

DPI = 110
"""Dots per inch of the small pictures, which are 4.2 to 6 inches wide."""


def page() -> str:
    """figures/GALLERY.md as text: every figure with its title, caption and command."""
    parts = [
        "# Gallery",
        "",
        "Every figure is drawn from its own theory and simulation; `python -m figures` draws them all again "
        "as PDF, PNG and CSV. This page is written by `python -m figures refresh`.",
    ]
    for name in registry.names():
        title, caption = registry.caption(name)
        parts += ["", f"## {title}", "", f"![{title}](gallery/{name}.png)", "",
                  f"{caption} `python -m figures build {name}`"]  # fmt: skip
    return "\n".join(parts) + "\n"


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
    (folder / "GALLERY.md").write_text(page(), encoding="utf-8", newline="")
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
                small / f"{name}.png", optimize=True
            )
    for picture_of in small.glob("*.png"):
        if picture_of.stem not in registry.names():
            picture_of.unlink()
