"""Pages that show theory and simulation live, each one self-contained HTML file: no Python, no network.

`python -m figures page` puts together scripts that solve, simulate and judge (the same for the page and its
worker), scripts that show it, the style, the words, constants and solved problems. The same sources give the
same bytes.
"""

from pathlib import Path

from figures.page import descent, training
from figures.page.file import document
from sims.shell import console

PAGES = {page.name: page for page in (descent.PAGE, training.PAGE)}
"""The pages by name: double descent, and training time."""


def place(name: str) -> Path:
    """Where a page is in a checkout, to be linked to and downloaded.

    >>> place("double_descent").as_posix()
    'figures/gallery/double_descent.html'
    """
    return Path("figures", "gallery", f"{name}.html")


def refresh(home: Path) -> list[Path]:
    """Write the pages of a checkout anew that are not what they should be; the files that changed."""
    changed = []
    for name, page in PAGES.items():
        path, text = home / place(name), document(page)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(path)
    return changed


def write(name: str, out: Path | None = None, view: str = "") -> int:
    """Write a page; returns the exit code of the command."""
    out = out or place(name)
    text = document(PAGES[name], view)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8", newline="\n")
    console.say(f"{out}: {len(text.encode()) / 1000:.0f} kB; open it in a browser, or send it")
    return console.AGREES
