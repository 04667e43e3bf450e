"""Papers: one page each, with conventions, statements, claims, figures; and their notation side by side."""

from collections.abc import Iterator
from inspect import getdoc
from pathlib import Path

from figures import registry
from figures.site import bibliography, claims, docstrings, rest
from figures.site.claims import Known
from figures.site.reference import link_in
from theory import papers
from theory.papers import DEGREES


def keys(every: Known) -> list[str]:
    """The papers with a formula, a claim or a figure, and everyday talk.

    A figure belongs to the paper that its name begins with.
    """
    found = {name.partition(".")[0] for name in every.claims} | set(papers.modules())
    return sorted(found | {registry.owner(name) for name in registry.names()})


def pages(every: Known, home: Path) -> Iterator[tuple[str, str]]:
    """The pages of all papers, by the names of their files."""
    entries = bibliography.entries(home)
    for key in keys(every):
        yield f"papers/{key}.rst", page(key, every, entries.get(key, {}))
    yield "papers/index.rst", _index(every, entries)
    yield "papers/notation.rst", _notation()


def title(key: str, entry: dict[str, str]) -> str:
    """The title of a paper."""
    if key == claims.EVERYDAY:
        return "Everyday talk"
    known = papers.modules()
    return known[key].PAPER.title if key in known else bibliography.plain(entry["title"])


def _index(every: Known, entries: dict[str, dict[str, str]]) -> str:
    rows = []
    for key in keys(every):
        stated = sum(name.partition(".")[0] == key for name in every.claims)
        drawn = sum(registry.owner(name) == key for name in registry.names())
        entry = entries.get(key, {})
        cells = (rest.escaped(title(key, entry)), entry.get("year", ""), f"{stated}", f"{drawn}")
        rows.append((rest.page(f"papers/{key}", key), *cells))
    return "\n".join(
        [
            rest.heading("Papers"),
            "One page for each: its conventions and how they map to ours, its statements, the claims with "
            f"their verdicts, its figures. {rest.page('papers/notation', 'The notations side by side')}.\n",
            rest.table(("key", "title", "year", "claims", "figures"), rows, "15 60 7 9 9"),
            rest.contents(["notation", *keys(every)], hidden=True),
        ]
    )


def page(key: str, every: Known, entry: dict[str, str]) -> str:
    """The page of a paper."""
    parts = [rest.heading(title(key, entry))]
    if entry:
        parts.append(f"{bibliography.reference(entry)} Key: ``{key}``.\n")
    if key in papers.modules():
        parts += _formulas(key)
    own = [name for name in every.claims if name.partition(".")[0] == key]
    if own:
        parts += [rest.heading("Claims", "-"), *(claims.section(name, every) for name in own)]
    drawn = [name for name in registry.names() if registry.owner(name) == key]
    if drawn:
        parts.append(rest.heading("Figures", "-"))
        titles = {name: rest.escaped(registry.caption(name)[0]) for name in drawn}
        parts += [f"- {rest.page(f'gallery/{name}', words)}" for name, words in titles.items()]
    return "\n".join(parts) + "\n"


def _formulas(key: str) -> list[str]:
    module = papers.modules()[key]
    paper, link = module.PAPER, link_in(f"theory.papers.{key}")
    said = (getdoc(module) or "").partition("\n\n")[2]
    error = f"{paper.error}: {paper.note}" if paper.note else paper.error
    rows = [
        (link(name), docstrings.inline(status, link), DEGREES[paper.degree(name)])
        for name, status in paper.statements.items()
    ]
    return [
        rest.heading("Conventions", "-"),
        docstrings.as_rest(said, link) + "\n",
        f":Errors are measured on: {docstrings.inline(error, link)}",
        f":Penalty: {docstrings.inline(paper.penalty, link)}\n",
        rest.heading("Statements", "-"),
        f"Functions of {rest.page(f'api/{module.__name__}', module.__name__)}; what a statement rests on, "
        "and what it was compared with.\n",
        rest.table(("function", "status", "checked against"), rows, "30 45 25"),
    ]


def _notation() -> str:
    rows = []
    for key, module in papers.modules().items():
        link = link_in(module.__name__)
        said = (getdoc(module) or "").split("\n\n")[1:2]
        words = "" if not said or said[0].startswith("    ") else " ".join(said[0].split())
        first = docstrings.inline(words, link)
        penalty = docstrings.inline(module.PAPER.penalty, link)
        rows.append((rest.page(f"papers/{key}", key), first, penalty, module.PAPER.error))
    return "\n".join(
        [
            rest.heading("The papers' notations beside ours"),
            "Ours: ``n`` samples, ``p`` features, ``d`` inputs, ``ridge`` beside the mean squared error, "
            "test errors with the label noise. Here is how each paper writes, and its penalty in ours.\n",
            rest.table(("paper", "its model and letters", "its penalty", "its errors"), rows, "14 46 30 10"),
        ]
    )
