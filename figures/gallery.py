"""The gallery: a page with a small picture of every figure, kept with the sources for the README."""

from pathlib import Path

from figures import build, registry
from sims.shell import console

DPI = 110  # on a page of 4.2 to 6 inches


def page() -> str:
    """figures/GALLERY.md as text: every figure with its title, caption and command."""
    parts = [
        "# Gallery",
        "",
        "Every figure is drawn from its own theory and simulation; `python -m figures` draws them all again "
        "as PDF, PNG and CSV. This page is written by `python -m figures gallery`.",
    ]
    for name in registry.names():
        title, caption = registry.caption(name)
        parts += ["", f"## {title}", "", f"![{title}](gallery/{name}.png)", "",
                  f"{caption} `python -m figures build {name}`"]  # fmt: skip
    return "\n".join(parts) + "\n"


def write(home: Path) -> int:
    """Write home/GALLERY.md and home/gallery/*.png from what is built in home/out; the exit code.

    Raises ValueError if a figure is not built.
    """
    from PIL import Image  # matplotlib writes PNG by it

    build.require_current(home / "out")
    small = home / "gallery"
    small.mkdir(exist_ok=True)
    for name in registry.names():
        with Image.open(home / "out" / f"{name}.png") as picture:
            size = [round(side * DPI / 200) for side in picture.size]
            picture.convert("RGB").resize(size, Image.Resampling.LANCZOS).quantize(64).save(
                small / f"{name}.png", optimize=True
            )
    for left in small.glob("*.png"):
        if left.stem not in registry.names():
            left.unlink()
    (home / "GALLERY.md").write_text(page(), encoding="utf-8")
    console.say(f"{home / 'GALLERY.md'}: {len(registry.names())} figures")
    return 0
