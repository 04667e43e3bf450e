"""The lectures: notebooks in paper/lectures that run, and what a teacher takes into the room.

`python -m figures lectures` executes each and writes it as a notebook, as a PDF to read and as slides, and
beside them the page to which they link. The answers of the exercises are in no lecture: `--key` prints them.
"""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from figures import checkout
from sims.claims import registry, report
from sims.data.named import require
from sims.shell import console

FOLDER = Path("paper", "lectures")
"""Where the lectures are in a checkout: one file each, in the order of their names."""
NEEDED = ("jupytext", "nbclient", "ipykernel", "pypandoc", "typst")
"""Packages of the extra `docs` that read, run and typeset a lecture."""


def names(home: Path = Path()) -> list[str]:
    """The lectures of a checkout, in their order."""
    checkout.require(home, "python -m figures lectures")
    return sorted(path.stem for path in (home / FOLDER).glob("*.md"))


def chosen(asked: Sequence[str], home: Path = Path()) -> list[str]:
    """The lectures that are named, or all of them."""
    known = names(home)
    for name in asked:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            advice = f"did you mean {close[0]}?" if close else f"choose from {', '.join(known)}"
            raise ValueError(f"{name}: no such lecture; {advice}")
    return list(dict.fromkeys(asked)) or known


def write(asked: Sequence[str], out: Path, home: Path = Path()) -> int:
    """Execute lectures and write each three times; returns the exit code of the command."""
    for package in NEEDED:
        require(package, "docs")
    from figures import page
    from figures.lectures import notebook, typeset

    todo = chosen(asked, home)
    for name in page.PAGES:
        page.write(name, out / page.place(name).name)
    for name in todo:
        lecture = notebook.executed(notebook.read(home / FOLDER / f"{name}.md"), home / FOLDER)
        portable = notebook.portable(lecture)
        files = [
            console.written(out / f"{name}.ipynb", notebook.as_bytes(portable)),
            console.written(out / f"{name}.pdf", typeset.pdf(portable, home, "lecture")),
            console.written(out / f"{name}_slides.pdf", typeset.pdf(portable, home, "slides")),
        ]
        console.say(f"{files[0].stem}: {', '.join(str(file) for file in files)}")
    return console.AGREES


def key(asked: Sequence[str], home: Path = Path()) -> int:
    """Print the teacher's answers to the exercises of lectures; returns the exit code of the command."""
    require("jupytext", "docs")
    from figures.lectures import notebook

    for name in chosen(asked, home):
        lecture = notebook.read(home / FOLDER / f"{name}.md")
        console.say("\n\n".join([notebook.title(lecture), *map(answer, notebook.exercises(lecture))]) + "\n")
    return console.AGREES


def answer(identifier: str) -> str:
    """What a teacher knows of an exercise.

    >>> print(answer("everyday.capacity").splitlines()[2])
    answer     max(0, 1 - p/n)
    """
    claim = registry.find(identifier)
    assert claim.exercise is not None
    return report.labelled(
        ("exercise", identifier),
        ("find", claim.exercise.question),
        ("answer", claim.exercise.answer),
        ("formula", claim.formula),
        ("source", claim.source),
        ("mistakes", "; ".join(claim.sabotage)),
    )
