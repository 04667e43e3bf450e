"""The page: double descent live in one self-contained HTML file, which needs no Python and no network.

`python -m figures page` puts the parts of this folder together: scripts that solve the equation, simulate
and judge (the same for the page and its worker), scripts that show it, the style, the words, the constants of
`settings` and the solved problems of `reference`. The same sources give the same bytes.
"""

import json
import re
from pathlib import Path

from figures.page import reference, settings
from sims.shell import console

FOLDER = Path(__file__).parent
PLACE = Path("figures", "gallery", "double_descent.html")
"""Where the page is in a checkout, to be linked to and downloaded."""
CORE = (
    "special",
    "equation",
    "fields",
    "optimum",
    "sphere",
    "models",
    "random",
    "matrices",
    "trials",
    "verdict",
    "worker",
)
"""Scripts of the worker, each using those before it."""
FACE = ("words", "state", "chart", "pictures", "told", "check", "page")
"""Scripts that need a document."""
MOST = 300_000
"""Bytes that a page may have: it is sent by mail."""


def document(view: str = "") -> str:
    """The page as HTML; `view` is what it shows first, in the words of a link.

    >>> document("model=linear")[:15]
    '<!doctype html>'
    """
    known = settings.constants(settings.view(view))
    parts = {
        "style": _read("style.css"),
        "core": f"const CONSTANTS = {_json(known)};\n{_scripts(CORE)}",
        "words": _read("words.json").replace("<", "\\u003c"),
        "reference": _json(reference.solved()),
        "face": _scripts(FACE),
        "version": known["version"],
    }
    words = {
        f"word.{key}": text for key, text in json.loads(_read("words.json")).items() if isinstance(text, str)
    }
    filled = re.sub(r"\{\{([\w.]+)\}\}", lambda match: (parts | words)[match[1]], _read("template.html"))
    size = len(filled.encode())
    if size > MOST:
        raise ValueError(f"the page has {size} bytes; it must stay below {MOST}: leave something out")
    return filled


def refresh(home: Path) -> list[Path]:
    """Write the page of a checkout anew if it is not what it should be; the files that changed."""
    path, text = home / PLACE, document()
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return []
    path.write_text(text, encoding="utf-8", newline="\n")
    return [path]


def write(out: Path, view: str = "") -> int:
    """Write the page; returns the exit code of the command."""
    text = document(view)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8", newline="\n")
    console.say(f"{out}: {len(text.encode()) / 1000:.0f} kB; open it in a browser, or send it")
    return console.AGREES


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _scripts(names: tuple[str, ...]) -> str:
    return "\n".join(_read(f"{name}.js") for name in names)


def _json(value: object) -> str:
    """JSON that may stand in a script element."""
    return console.to_json(value).replace("<", "\\u003c")
