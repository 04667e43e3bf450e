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

from figures import checkout, page, registry
from figures.gallery import picture
from figures.site import claims, concepts, gallery, lectures, notation, papers, reference, settings
from sims.data.named import require
from sims.shell import console

WRITTEN = Path("paper", "site")
NEEDED = ("sphinx", "pydata_sphinx_theme", "myst_nb")
"""Packages of the extra `docs` that build the site; `settings` needs one more."""
PDF = Path("paper", "overparam.pdf")


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
    for name, text in made(home):
        path = sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for small in filter(Path.is_file, (picture(name, home) for name in registry.names())):
        shutil.copyfile(small, sources / "gallery" / small.name)
    beside = sources / settings.BESIDE
    beside.mkdir()
    for name in page.PAGES:
        shutil.copyfile(home / page.place(name), beside / page.place(name).name)
    if (home / PDF).is_file():
        shutil.copyfile(home / PDF, beside / PDF.name)
        with (sources / "text.md").open("a", encoding="utf-8") as words:
            words.write(f"\n[Read it here](live:{PDF.name}).\n")
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
    yield from gallery.pages(home)
    yield from lectures.pages(home)
    yield from notation.pages(home)


def _built(sources: Path, out: Path, read: Path) -> None:
    """Have Sphinx build the pages; ValueError with its first warnings."""
    for package in NEEDED:
        require(package, "docs")
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.console import nocolor

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
