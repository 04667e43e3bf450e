"""Docstrings as pages: sections, formulas, examples, sources and names that link.

A docstring is paragraphs between empty lines. A block indented by four spaces is a formula, one a line, or
code where its first line says so. Names in backquotes link to what they name, keys in brackets to papers.
"""

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from figures.site import formulas, rest

CODE = re.compile(r"(import|from \w[\w.]* import|python|>>>) ?")
"""How a block begins that is no formula."""
SECTION = re.compile(r"^(\w+)\n-+\n(.*)", re.S)
CITED = re.compile(r"\[([a-z]+\d{4}[a-z0-9]*)(?=†?[],])")
QUOTED = re.compile(r"`([^`]+)`")
COLUMNS = re.compile(r"(\S+(?: \S+)?) {2,}(\S.*)")

Link = Callable[[str], str]
"""From a name in backquotes, or the key of a paper in brackets, to its link; "" where there is none."""


def as_rest(text: str, link: Link) -> str:
    """A docstring as reStructuredText.

    >>> print(as_rest("The `mean`.\\n\\n    m = s/n,\\n\\nReturns\\n-------\\nfloat", lambda name: ""))
    The ``mean``.
    <BLANKLINE>
    .. math::
    <BLANKLINE>
        m = \\frac{s}{n} ,
    <BLANKLINE>
    :Returns:
        float
    """
    parts: list[str] = []
    for block in blocks(text):
        section = SECTION.match(block)
        parts.append(_section(section[1], section[2], link) if section else _block(block, link))
    return "\n\n".join(parts)


def blocks(text: str) -> Iterator[str]:
    """The paragraphs of a docstring; a section is one with all its entries, and so is an indented block."""
    whole = re.split(r"\n[ \t]*\n", text.strip("\n"))
    kept = ""
    for block in (part for each in whole for part in _by_margin(each)):
        grows = SECTION.match(kept) or (kept.startswith("    ") and not _is_formula(kept))
        if grows and block.startswith("    "):
            kept += "\n\n" + block
            continue
        if kept:
            yield kept
        kept = block
    if kept:
        yield kept


def _by_margin(block: str) -> list[str]:
    """A paragraph in parts, text and indented lines; sections and examples stay whole."""
    if SECTION.match(block) or block.startswith(">>>"):
        return [block]
    runs = groupby(block.splitlines(), lambda line: line.startswith("    "))
    return ["\n".join(lines) for _, lines in runs]


def formula_lines(text: str) -> list[str]:
    """The lines of a docstring that are formulas.

    >>> formula_lines("A mean.\\n\\n    m = s/n\\n\\n    from x import y")
    ['m = s/n']
    """
    found = [block.splitlines() for block in blocks(text) if _is_formula(block)]
    return [line.strip() for lines in found for line in lines if line.strip()]


def _is_formula(block: str) -> bool:
    return block.startswith("    ") and not CODE.match(block.strip())


def _block(block: str, link: Link) -> str:
    if block.startswith("    "):
        return _indented(block)
    if block.startswith(">>>"):
        return block
    lines = block.splitlines()
    if len(lines) > 1 and all(COLUMNS.fullmatch(line) for line in lines):
        return _columns(lines, link)
    return "\n".join(_unstarted(inline(line.strip(), link)) for line in lines)


def _indented(block: str) -> str:
    if not _is_formula(block):
        return rest.literal("\n".join(line[4:] for line in block.splitlines()), "python").rstrip()
    return math(line for line in block.splitlines() if line.strip())


def math(lines: Iterator[str]) -> str:
    """Formulas below one another, each from the left."""
    set_lines = [formulas.latex(line) for line in lines]
    start = "& " if len(set_lines) > 1 else ""
    return ".. math::\n\n" + rest.indented(" \\\\\n".join(f"{start}{line}" for line in set_lines))


def _columns(lines: list[str], link: Link) -> str:
    """Names and what they are, in two columns."""
    rows = [match.groups() for line in lines if (match := COLUMNS.fullmatch(line))]
    return "\n".join(f":{rest.escaped(name)}: {inline(words, link)}" for name, words in rows)


def _section(name: str, body: str, link: Link) -> str:
    if name in ("Examples", "Notes"):
        return as_rest(body, link)
    entries = _entries(body) if name in ("Parameters", "Attributes", "Raises", "Warns") else None
    if entries is None:
        return f":{name}:\n{rest.indented(as_rest(body, link))}"
    listed = []
    for term, words in entries:
        names, _, kind = term.partition(" : ")
        first = f"**{rest.escaped(names)}**" + (f" (*{rest.escaped(kind)}*)" if kind else "")
        said = "\n\n".join(_block(block, link) for block in re.split(r"\n\s*\n", words)) if words else ""
        first_words = said.lstrip()
        listed.append(f"- {first}" + (f" --\n{rest.indented(first_words, 2)}" if first_words else ""))
    return f":{name}:\n{rest.indented(chr(10).join(listed))}"


def _entries(body: str) -> list[tuple[str, str]]:
    """Terms and what is said of them, indented, below."""
    found: list[tuple[str, list[str]]] = []
    for line in body.splitlines():
        if line and not line.startswith(" "):
            found.append((line, []))
        elif found:
            found[-1][1].append(line[4:])
    return [(term, "\n".join(lines).strip("\n")) for term, lines in found]


def inline(text: str, link: Link) -> str:
    """A line: names in backquotes and keys in brackets link, all else stands for itself.

    >>> inline("`mean` as in [mei2022, Thm 2]", lambda name: "" if name == "mean" else ":doc:`mei2022`")
    '``mean`` as in [:doc:`mei2022`, Thm 2]'
    """
    parts = []
    for number, part in enumerate(QUOTED.split(text)):
        if number % 2:
            parts.append(link(part) or f"``{part}``")
        else:
            parts.append(_cited(part, link))
    return "".join(parts)


def _cited(text: str, link: Link) -> str:
    parts, place = [], 0
    for match in CITED.finditer(text):
        target = link(match[1])
        parts += [rest.escaped(text[place : match.start()]), f"[{target or match[1]}"]
        place = match.end()
        if target and text[place : place + 1] == "†":
            parts.append("\\ ")
    return "".join([*parts, rest.escaped(text[place:])])


def _unstarted(line: str) -> str:
    """A line that cannot be taken for the beginning of a list or a directive."""
    return re.sub(r"^(?=[-+•] |\.\. |:\w+:$|[\w#]\. |\(?\w+\) )", r"\\", line)
