"""The paper as PDF: paper/main.typ with the numbers of paper/numbers.json and the pictures of the figures."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from figures import build, checkout, gallery, registry
from sims.messages import one_line
from sims.shell import console

USED = re.compile(r'show-figure\("(\w+)"')


class Pictures(NamedTuple):
    """Where the pictures of the paper are."""

    paths: dict[str, str]
    """The picture of every figure, as a path from the root of the checkout."""
    small: list[str]
    """The figures that are not up to date, so that a small picture of the gallery stands in."""


def main(out: Path = Path("paper/overparam.pdf"), home: Path = Path()) -> int:
    """Build the paper of the checkout `home` into the file `out`; returns the exit code."""
    names = used(home)
    shown = pictures(names, home)
    if shown.small:
        console.note(
            f"{len(shown.small)} of {len(names)} figures are not up to date in figures/out, so their small "
            "pictures stand in; python -m figures draws them"
        )
    document, warnings = compiled(home, shown.paths)
    for warning in warnings:
        console.note(f"warning: {warning}")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(document)
    console.say(f"{out}: {len(document) / 1e6:.1f} MB, {len(names)} figures")
    return console.AGREES


def used(home: Path) -> list[str]:
    """The figures that the paper shows, in the order of the text."""
    checkout.require(home, "python -m figures paper")
    text = home / checkout.MARK
    names = list(dict.fromkeys(USED.findall(text.read_text(encoding="utf-8"))))
    known = json.loads((home / "paper" / "numbers.json").read_text(encoding="utf-8"))["figures"]
    if new := [name for name in names if name not in known]:
        raise ValueError(f"{', '.join(new)}: not in paper/numbers.json; run python -m figures refresh")
    return names


def pictures(names: Sequence[str], home: Path) -> Pictures:
    """The drawing of each figure, or else its small picture in the gallery; ValueError without either."""
    shown = Pictures({}, [])
    missing = []
    for name in names:
        drawn = home / "figures" / "out" / f"{name}.pdf"
        small = gallery.picture(name, home)
        if _current(name, drawn.parent):
            shown.paths[name] = f"/{drawn.relative_to(home).as_posix()}"
        elif small.is_file():
            shown.paths[name] = f"/{small.relative_to(home).as_posix()}"
            shown.small.append(name)
        else:
            missing.append(name)
    if missing:
        raise ValueError(f"{', '.join(missing)}: no picture; run python -m figures build {' '.join(missing)}")
    return shown


def _current(name: str, folder: Path) -> bool:
    """Is the PDF of the figure up to date, whatever other files were built with it?"""
    formats = [file.rpartition(".")[2] for file in build.manifest(name, folder).get("files", {})]
    settings = build.Settings(formats=tuple(formats))
    return name in registry.names() and "pdf" in formats and build.current(name, folder, settings)


def compiled(home: Path, paths: Mapping[str, str]) -> tuple[bytes, list[str]]:
    """The paper as PDF, the same bytes for the same sources, and the warnings of Typst."""
    try:
        import typst
    except ImportError:
        raise ValueError("the paper needs typst; run python -m pip install 'overparam[paper]'") from None
    try:
        document, warnings = typst.compile_with_warnings(
            str(home / "paper" / "main.typ"), root=str(home), format="pdf", ignore_system_fonts=True,
            sys_inputs={"pictures": json.dumps(paths)},
        )  # fmt: skip
    except typst.TypstError as error:
        raise ValueError(one_line(f"paper/main.typ: {error.diagnostic}")) from None
    return document, [str(warning) for warning in warnings]
