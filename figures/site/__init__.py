"""The site: the written pages of paper/site, the lectures, and pages made of docstrings, claims, figures.

`python -m figures site` puts them into one folder of sources and has Sphinx build them, without a network. A
warning of Sphinx is an error, and so is a link to a page that is not there.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from figures import checkout
from figures.site import claims, concepts, gallery, papers, reference, settings
from sims.shell import console

WRITTEN = Path("paper", "site")
LECTURES = Path("paper", "lectures")


def write(out: Path, home: Path = Path()) -> int:
    """Build the site of the checkout `home` into the folder `out`; returns the exit code of the command."""
    checkout.require(home, "python -m figures site")
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder) / "sources"
        gather(sources, home)
        _built(sources, out, Path(folder) / "read")
    pages = sum(1 for _ in out.rglob("*.html"))
    console.say(f"{out}: {pages} pages; open {out / 'index.html'}")
    return console.AGREES


def gather(sources: Path, home: Path) -> None:
    """Write all sources of the site into a folder: what people wrote, and what is made."""
    shutil.copytree(home / WRITTEN, sources)
    if (home / LECTURES).is_dir():
        shutil.copytree(home / LECTURES, sources / "lectures")
    for name, text in made(home):
        path = sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for picture in (home / "figures" / "gallery").glob("*.png"):
        shutil.copyfile(picture, sources / "gallery" / picture.name)
    script = sources / "_static" / settings.SCRIPT
    script.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(settings.mathjax(), script)


def made(home: Path) -> Iterator[tuple[str, str]]:
    """The pages that are made, as reStructuredText, by the names of their files."""
    numbers = json.loads((home / "paper" / "numbers.json").read_text(encoding="utf-8"))
    every = claims.known(numbers)
    yield from reference.pages()
    yield from concepts.pages()
    yield from papers.pages(every, home)
    yield from claims.pages(every)
    yield from gallery.pages()


def _built(sources: Path, out: Path, read: Path) -> None:
    """Have Sphinx build the pages; ValueError with its first warnings."""
    try:
        from sphinx.application import Sphinx
        from sphinx.errors import SphinxError
        from sphinx.util.console import nocolor
    except ImportError:
        raise ValueError("the site needs Sphinx; run python -m pip install 'overparam[docs]'") from None
    nocolor()
    words, warnings = io.StringIO(), io.StringIO()
    try:
        app = Sphinx(
            sources, None, out, read, "html", settings.sphinx(),
            status=words, warning=warnings, freshenv=True, parallel=os.cpu_count() or 1,
        )  # fmt: skip
        app.build()
    except SphinxError as error:
        raise ValueError(f"the site was not built: {error}") from None
    if told := warnings.getvalue().strip():
        raise ValueError(f"the site has {len(told.splitlines())} warnings:\n{told}")
