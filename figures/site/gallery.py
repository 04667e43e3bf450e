"""The gallery: a small picture of every figure, and a page for each with its caption and its command."""

from collections.abc import Iterator
from pathlib import Path

from figures import registry
from figures.gallery import picture
from figures.site import docstrings, rest
from figures.site.reference import link_in


def pages(home: Path) -> Iterator[tuple[str, str]]:
    """The pages of all figures, and of the gallery, by the names of their files."""
    for name in registry.names():
        yield f"gallery/{name}.rst", page(name, picture(name, home).is_file())
    yield "gallery/index.rst", _index([name for name in registry.names() if picture(name, home).is_file()])


def _index(drawn: list[str]) -> str:
    pictures = [_small(name) for name in drawn]
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


def page(name: str, drawn: bool) -> str:
    """The page of a figure, with its picture where it is drawn."""
    title, caption = registry.caption(name)
    redraws, paper = registry.redraws(name), registry.owner(name)
    parts = [
        rest.heading(title),
        f".. image:: {name}.png\n   :alt: {rest.escaped(title)}\n" if drawn else "",
        docstrings.inline(caption, link_in(f"figures.plots.{name}")) + "\n",
        f"It redraws {rest.escaped(redraws)}.\n" if redraws else "",
        f"From {rest.page(f'papers/{paper}', paper)}. Draw it again, as PDF, PNG and CSV:\n",
        rest.literal(command(name), "sh"),
        *_parameters(name),
    ]
    return "\n".join(filter(None, parts))


def command(name: str) -> str:
    """What draws the figure, as it is and with another value of its first number.

    >>> command("hastie2022_snr").splitlines()[1]
    'python -m figures build hastie2022_snr --set n=120 --out mine'
    """
    lines = [f"python -m figures build {name}"]
    for one in registry.figure(name).parameters:
        if isinstance(one.default, int | float) and one.default:
            return "\n".join([*lines, f"{lines[0]} --set {one.name}={2 * one.default} --out mine"])
    return lines[0]


def _parameters(name: str) -> list[str]:
    """What of the figure can be chosen."""
    parameters = registry.figure(name).parameters
    if not parameters:
        return []
    head = ("parameter", "value", "the paper's", "meaning")
    cells = [(f"``{name}``", *map(rest.escaped, others)) for name, *others in (one.row for one in parameters)]
    return ["What can be chosen:\n", rest.table(head, cells, "18 14 14 54")]
