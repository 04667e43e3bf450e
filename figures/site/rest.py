"""Words of reStructuredText that every generated page shares."""

import re
from collections.abc import Iterable, Sequence

SPECIAL = re.compile(r"[\\*|`]|(?<=\w)_(?!\w)|(?<!\w)_(?=\w)")
"""What means something in reStructuredText, within a line."""


def escaped(text: str) -> str:
    r"""Text that stands for itself.

    >>> escaped("|a|^2 of x_ and mu_star")
    '\\|a\\|^2 of x\\_ and mu_star'
    """
    return SPECIAL.sub(r"\\\g<0>", text)


def heading(text: str, line: str = "=") -> str:
    """A heading, with its line below."""
    return f"{escaped(text)}\n{line * max(4, 2 * len(text))}\n"


def indented(text: str, by: int = 4) -> str:
    """The text with every line that is not empty moved to the right."""
    return "\n".join(" " * by + line if line else "" for line in text.splitlines())


def literal(text: str, language: str = "text") -> str:
    """A block of code, as written."""
    return f".. code-block:: {language}\n\n{indented(text)}\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], widths: str = "auto") -> str:
    """A table whose cells are reStructuredText."""
    lines = [".. list-table::", "   :header-rows: 1", f"   :widths: {widths}", ""]
    for row in (head, *rows):
        for number, cell in enumerate(row):
            first, *others = cell.splitlines() or [""]
            lines.append(f"   {'*' if number == 0 else ' '} - {first}".rstrip())
            lines += [f"       {line}".rstrip() for line in others]
    return "\n".join(lines) + "\n"


def page(label: str, words: str = "") -> str:
    """A link to a page of the site, given from its root.

    >>> page("papers/mei2022"), page("papers/mei2022", "Mei and Montanari")
    (':doc:`/papers/mei2022`', ':doc:`Mei and Montanari </papers/mei2022>`')
    """
    return f":doc:`{words} </{label}>`" if words else f":doc:`/{label}`"


def to(label: str, words: str) -> str:
    """A link to a place with that label."""
    return f":ref:`{words} <{label}>`"


def contents(pages: Iterable[str], depth: int = 1, hidden: bool = False, caption: str = "") -> str:
    """A list of pages that belong below this one."""
    options = [f"   :maxdepth: {depth}"]
    options += ["   :hidden:"] if hidden else []
    options += [f"   :caption: {caption}"] if caption else []
    return "\n".join([".. toctree::", *options, "", *(f"   {each}" for each in pages)]) + "\n"
