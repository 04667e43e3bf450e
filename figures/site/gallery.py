"""The gallery: a small picture of every figure, and a page for each with its caption and its command."""

from collections.abc import Iterator

from figures import registry
from figures.site import docstrings, rest
from figures.site.papers import owner
from figures.site.reference import link_in


def pages() -> Iterator[tuple[str, str]]:
    """The pages of all figures, and of the gallery, by the names of their files."""
    for name in registry.names():
        yield f"gallery/{name}.rst", page(name)
    yield "gallery/index.rst", _index()


def _index() -> str:
    pictures = [_small(name) for name in registry.names()]
    return "\n".join(
        [
            rest.heading("Gallery"),
            "Every figure is drawn from its own theory and simulation, and fails where they disagree.\n",
            ".. container:: gallery\n",
            rest.indented("\n".join(pictures)),
            "\n" + rest.contents(registry.names(), hidden=True),
        ]
    )


def _small(name: str) -> str:
    title = rest.escaped(registry.caption(name)[0])
    options = f"   :target: {name}.html\n   :alt: {title}\n"
    return f".. figure:: {name}.png\n{options}\n   {rest.page(f'gallery/{name}', title)}\n"


def page(name: str) -> str:
    """The page of a figure."""
    title, caption = registry.caption(name)
    link = link_in(f"figures.plots.{name}")
    return "\n".join(
        [
            rest.heading(title),
            f".. image:: {name}.png\n   :alt: {rest.escaped(title)}\n",
            docstrings.inline(caption, link) + "\n",
            f"From {rest.page(f'papers/{owner(name)}', owner(name))}. Draw it again, as PDF, PNG and CSV:\n",
            rest.literal(f"python -m figures build {name} --force", "sh"),
        ]
    )
