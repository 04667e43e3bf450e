"""One self-contained HTML file from the scripts, words, constants and solved problems of a page."""

import html
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from figures.page import knobs
from sims.double_descent.command import FALSE_ALARM
from sims.shell import console
from sims.trials import fingerprint
from sims.verdict import equality, inputs, means, more_trials
from theory.arguments import SAME

FOLDER = Path(__file__).parent
MOST = 300_000
"""Bytes that a page may have: it is sent by mail."""


class Page(NamedTuple):
    """What one page is made of."""

    name: str
    """Of its file: the page is kept in figures/gallery/NAME.html."""
    folder: str
    """Where its own scripts and words are, beside those of `common`."""
    theory: tuple[str, ...]
    """Scripts of the folder that solve, each using those before it."""
    trials: tuple[str, ...]
    """Scripts of the folder that simulate, likewise."""
    knobs: Callable[[], list[dict[str, Any]]]
    """The settings in their order."""
    constants: Callable[[], dict[str, Any]]
    """Numbers of its own that have their home in theory or sims."""
    solved: Callable[[], list[dict[str, Any]]]
    """Problems that the page solves when it opens, with the fields that Python finds."""

    @property
    def core(self) -> tuple[str, ...]:
        """Scripts of the worker, each using those before it."""
        theory, trials = ([f"{self.folder}/{name}" for name in names] for names in (self.theory, self.trials))
        return (
            *("common/special", "common/equation", "common/fields", *theory),
            *("common/random", "common/matrices", *trials),
            *("common/verdict", "common/worker"),
        )

    @property
    def face(self) -> tuple[str, ...]:
        """Scripts that need a document; of each folder `view` and `known`."""
        return (
            *("common/words", "common/state", "common/chart", "common/pictures", f"{self.folder}/view"),
            *("common/told", f"{self.folder}/known", "common/check", "common/page"),
        )


def document(page: Page, view: str = "") -> str:
    """The page as HTML; `view` is what it shows first, in the words of a link."""
    known = _constants(page, knobs.view(view, page.knobs()))
    words = words_of(page)
    parts = {
        "style": (FOLDER / "common" / "style.css").read_text(encoding="utf-8"),
        "core": f"const CONSTANTS = {_json(known)};\n{_scripts(page.core)}",
        "questions": "\n".join(_question(asked, words["set"]) for asked in words["questions"]),
        "words": _json(words),
        "reference": _json(page.solved()),
        "face": _scripts(page.face),
        "version": known["version"],
    }
    told = {f"word.{key}": text for key, text in words.items() if isinstance(text, str)}
    template = (FOLDER / "common" / "template.html").read_text(encoding="utf-8")
    filled = re.sub(r"\{\{([\w.]+)\}\}", lambda match: (parts | told)[match[1]], template)
    size = len(filled.encode())
    if size > MOST:
        raise ValueError(f"the page has {size} bytes; it must stay below {MOST}: leave something out")
    return filled


def words_of(page: Page) -> dict[str, Any]:
    """All words of a page: those of every page, and its own."""
    common, own = (
        json.loads((FOLDER / folder / "words.json").read_text(encoding="utf-8"))
        for folder in ("common", page.folder)
    )
    return common | own | {"legend": common["legend"] | own["legend"]}


def _constants(page: Page, opening: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": page.name,
        "version": fingerprint.versions()["overparam"],
        "knobs": page.knobs(),
        "opening": dict(opening),
        "same": SAME,
        "verdict": {
            "useful": equality.USEFUL,
            "rounding": inputs.ROUNDING,
            "fewest": means.FEWEST,
            "fewest_known": means.FEWEST_KNOWN,
            "varied": means.VARIED,
            "vouched": means.VOUCHED._asdict(),
            "unknown": means.UNKNOWN._asdict(),
            "step": more_trials.STEP,
            "largest": more_trials.LARGEST,
            "false_alarm": FALSE_ALARM,
        },
    } | page.constants()


def _question(asked: Mapping[str, str], label: str) -> str:
    """A question, its answer, and a link that sets the page to where the answer is seen."""
    told = {key: html.escape(text) for key, text in asked.items()}
    there = f'<a href="#{told["link"]}">{html.escape(label)}</a>'
    return f"<details><summary>{told['question']}</summary><p>{told['answer']} {there}</p></details>"


def _scripts(names: tuple[str, ...]) -> str:
    return "\n".join((FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in names)


def _json(value: object) -> str:
    """JSON that may stand in a script element."""
    return console.to_json(value).replace("<", "\\u003c")
