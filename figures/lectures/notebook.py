"""A lecture as a notebook: read from MyST Markdown, executed, and made to be read without Sphinx."""

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

from figures import page
from sims.messages import one_line

PATIENCE = 600
"""Seconds that one cell may take on a busy machine."""
BOX = re.compile(r"^```\{admonition\} (?P<title>.+)\n(?P<body>(?:(?!```).*\n)*)```$", re.M)
"""A box of MyST: the directive that lectures use, and the only one."""
EXERCISE = re.compile(r'exercise\.judge\(\s*"([\w.]+)"')


def read(path: Path) -> Any:
    """The notebook of a file; nothing in it has run."""
    import jupytext

    return jupytext.read(path, fmt="md:myst")


def title(notebook: Any) -> str:
    """The heading of the lecture."""
    found = re.search(r"^# (.+)$", markdown(notebook), re.M)
    if found is None:
        raise ValueError("the lecture has no heading; begin it with a line '# ...'")
    return found[1]


def markdown(notebook: Any) -> str:
    """All that is no code."""
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def code(notebook: Any) -> str:
    """All code, cell after cell."""
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def exercises(notebook: Any) -> list[str]:
    """Ids of the claims that the lecture poses as exercises."""
    return list(dict.fromkeys(EXERCISE.findall(code(notebook))))


PAGE = re.compile(rf"\([./]*{re.escape(page.place('').parent.as_posix())}/({'|'.join(page.PAGES)})\.html")
"""A link to a page, up to the view."""


def links(notebook: Any) -> list[tuple[str, str]]:
    """The pages to which the lecture links, each with its view."""
    return re.findall(rf"\]{PAGE.pattern}#([^)]*)\)", markdown(notebook))


def executed(notebook: Any, folder: Path) -> Any:
    """The notebook with the outputs of its cells, run in `folder`; ValueError if a cell raises."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    run = deepcopy(notebook)
    client = NotebookClient(
        run,
        timeout=PATIENCE,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--log-level=ERROR"],  # it warns of its own transport
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise ValueError(one_line(f"{title(notebook)}: {error.ename}: {error.evalue}")) from None
    return run


def portable(notebook: Any) -> Any:
    """The notebook for readers without Sphinx and beside the page: boxes are quotations, links are short."""
    copy = deepcopy(notebook)
    for cell in copy.cells:
        if cell.cell_type == "markdown":
            boxed = BOX.sub(lambda match: quoted(match["title"], match["body"]), cell.source)
            cell.source = PAGE.sub(r"(\1.html", boxed)
    return copy


def quoted(heading: str, body: str) -> str:
    """A box as a quotation that begins with its title.

    >>> print(quoted("In short", "One.\\n\\nTwo.\\n"))
    > **In short.**
    >
    > One.
    >
    > Two.
    """
    lines = [f"**{heading}.**", "", *body.strip().splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def as_bytes(notebook: Any) -> bytes:
    """The notebook as the file that Jupyter opens."""
    import jupytext

    return str(jupytext.writes(notebook, fmt="ipynb")).encode()
