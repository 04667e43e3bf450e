"""The lectures as pages: run when the site is built, and linked to the pages beside them."""

import re
from collections.abc import Iterator
from pathlib import Path

from figures import lectures
from figures.lectures.notebook import PAGE
from figures.site import rest

TITLE = re.compile(r"^# (.+)$", re.M)


def pages(home: Path) -> Iterator[tuple[str, str]]:
    """The lectures and their list, by the names of their files."""
    names = lectures.names(home)
    for name in names:
        text = (home / lectures.FOLDER / f"{name}.md").read_text(encoding="utf-8")
        yield f"lectures/{name}.md", PAGE.sub(r"(above:\1.html", text)
    yield "lectures/index.rst", _index(names)


def _index(names: list[str]) -> str:
    words = (
        "Each is a notebook of 90 minutes with exercises that simulation judges. As notebooks, PDF and "
        "slides, and the teacher's answers:\n"
    )
    commands = "python -m figures lectures --out lectures\npython -m figures lectures --key"
    return "\n".join([rest.heading("Lectures"), words, rest.literal(commands, "sh"), rest.contents(names)])
