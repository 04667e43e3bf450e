"""The index of formulas by concept: what each says, where it comes from, and a call that runs."""

from collections.abc import Iterator

from figures.site import docstrings, modules, rest
from figures.site.reference import link_in
from theory import index
from theory.index import Concept, Entry


def pages() -> Iterator[tuple[str, str]]:
    """The page, by the name of its file."""
    yield "formulas.rst", page()


def page() -> str:
    """All formulas by concept; those of papers after them, by paper."""
    parts = [
        rest.heading("Formulas by concept"),
        "Every formula with its source and one line that calls it, as ``python -m theory`` prints them. "
        "``python -m theory WORD`` finds those that speak of something.\n",
    ]
    for concept, entries in index.concepts(index.entries()).items():
        parts.append(_section(concept, entries))
    return "\n".join(parts)


def _section(concept: Concept, entries: list[Entry]) -> str:
    module = f"theory.papers.{concept.name}" if concept.paper else f"theory.{concept.name}"
    link = link_in(module)
    head = f"{concept.name}: {concept.title.rstrip('.')}"
    parts = [rest.heading(head, "-")]
    if topics := index.TOPICS.get(concept.name):
        parts.append(f"*{topics}*\n")
    for entry in entries:
        full = modules.resolved(entry.name, module)
        name = f":py:obj:`{entry.name} <{full}>`" if full else f"``{entry.name}``"
        source = f" Source: {docstrings.inline(entry.source, link)}" if entry.source else ""
        parts.append(f"- {name}: {docstrings.inline(entry.summary, link)}{source}\n")
        if entry.call:
            parts.append(f"  ``{entry.call}``\n")
    return "\n".join(parts)
