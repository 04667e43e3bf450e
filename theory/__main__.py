"""An index of every formula: what it says, where it comes from, and a call that runs.

Formulas are grouped by concept (the modules of theory), then by paper. With WORDs, only those are shown that
have them, side by side, in their name, summary, source or topics, or whose paper has an author of that name.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from difflib import get_close_matches
from importlib.resources import files
from typing import Any, NoReturn

from theory.index import Concept, Entry, concepts, entries, words
from theory.papers import DEGREES, MARK, degrees

EXAMPLES = """\
examples:
  python -m theory
  python -m theory hastie2022
  python -m theory interpolation threshold
  python -m theory Montanari
  python -m theory gradient flow --json
  python -m theory --sources
"""
FOOTNOTE = f"""\
A formula that agrees with the paper's text was read there, in the abstract at least; one that agrees with the
authors' code has values of that code in the tests; every other is proved or simulated here, and compared with
neither. {MARK} after the number of a theorem, equation, figure or section says that we know the number from
memory or at second hand, whatever the formula was checked against."""
USAGE = 2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"error: {message}; see --help\n")
        raise SystemExit(USAGE)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = _Parser(
        prog="python -m theory",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "words",
        nargs="*",
        metavar="WORD",
        help="a name, a paper's key, an author, a topic, or words of a summary or a source, in any case",
    )
    parser.add_argument("--json", action="store_true", help="print the entries as JSON")
    parser.add_argument(
        "--sources",
        action="store_true",
        help="print what the papers' formulas were checked against, with their numbers, and stop",
    )
    parser.add_argument(
        "--json-schema", action="store_true", help="print the JSON Schema of what --json prints, and stop"
    )
    arguments = parser.parse_args(argv)
    if arguments.json_schema:
        sys.stdout.write(json.dumps(schema(), indent=2) + "\n")
        return 0
    width = shutil.get_terminal_size((110, 24)).columns
    if arguments.sources:
        sys.stdout.write(sources(width))
        return 0
    word = " ".join(arguments.words)
    found = entries(word)
    if not found:
        sys.stderr.write(f"error: {_nothing(word)}\n")
        return USAGE
    if arguments.json:
        sys.stdout.write(json.dumps([entry._asdict() for entry in found], ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(page(found, width))
    sys.stdout.flush()
    return 0


def schema() -> dict[str, Any]:
    """The schema of what --json prints (JSON Schema 2020-12)."""
    document: dict[str, Any] = json.loads(files("theory").joinpath("index_schema.json").read_text("utf-8"))
    return document


def page(found: list[Entry], width: int) -> str:
    """The entries as text of that width, under the headings of their concepts, which are listed first.

    >>> print(page(entries("woodworth2020.penalty"), 60))
    woodworth2020: Woodworth et al. 2020: kernel and rich
        regimes of diagonal linear networks.
    <BLANKLINE>
    theory.papers.woodworth2020.penalty
        What the flow minimises: alpha^2 sum [2 - sqrt(4 +
            z^2) + z asinh(z/2)], z = beta/alpha^2.
        [woodworth2020, Thm 1†].
        from theory.papers import woodworth2020;
            woodworth2020.penalty([0.2, 0.4], alpha=1.0)
    <BLANKLINE>
    † number not seen in the paper; see --sources
    <BLANKLINE>
    1 formula
    <BLANKLINE>
    """
    grouped = concepts(found)
    blocks = [_contents(grouped, width)] if len(grouped) > 1 else []
    for concept, members in grouped.items():
        blocks.append(_filled(f"{concept.name}: {concept.title}", width, ""))
        for entry in members:
            parts = (entry.summary, entry.source, entry.call)
            blocks.append("\n".join([entry.name, *(_filled(part, width, "    ") for part in parts)]))
    if any(MARK in entry.source for entry in found):
        blocks.append(_filled(f"{MARK} number not seen in the paper; see --sources", width, ""))
    return "\n\n".join([*blocks, _count(len(found), "formula")]) + "\n"


def sources(width: int) -> str:
    """How many formulas of papers were checked against what, and which, as text of that width.

    >>> print(sources(80).splitlines()[0])
    Formulas of papers, by what their statement was checked against:
    """
    by_degree = degrees()
    every = [name for names in by_degree.values() for name in names]
    keys = {name.partition(".")[0] for name in every}
    blocks = ["Formulas of papers, by what their statement was checked against:"]
    for degree, against in DEGREES.items():
        listed = _filled(", ".join(by_degree[degree]), width, "  ")
        blocks.append(f"{against}: {len(by_degree[degree])}\n{listed}")
    blocks.append(f"{_count(len(every), 'formula')} of {_count(len(keys), 'paper')}")
    return "\n\n".join([*blocks, _filled(FOOTNOTE, width, "")]) + "\n"


def _contents(grouped: dict[Concept, list[Entry]], width: int) -> str:
    """One line a heading: its name, how many formulas it has, and what it is about."""
    lines: list[str] = []
    longest = max(len(concept.name) for concept in grouped)
    for paper, heading in ((False, "Concepts"), (True, "Papers")):
        members = [(concept, group) for concept, group in grouped.items() if concept.paper == paper]
        if members:
            lines += ["", heading] if lines else [heading]
        for concept, group in members:
            line = f"  {concept.name:{longest}} {len(group):3}  {concept.title}"
            lines.append(line if len(line) <= width else line[: max(width, 40) - 3].rstrip() + "...")
    return "\n".join(lines)


def _filled(text: str, width: int, indent: str) -> str:
    return textwrap.fill(
        text, max(width, 40), initial_indent=indent, subsequent_indent=indent + "    ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _nothing(word: str) -> str:
    near = get_close_matches(word, words(), n=1)
    every = _count(len(entries()), "formula")
    advice = f"did you mean {near[0]}?" if near else f"`python -m theory` lists all {every}"
    return f"no formula has {word!r} in its name, summary, source, topics or authors; {advice}"


def _run() -> int:
    """Exit code of `main`, also on an old terminal, for a reader that has gone, and on a full disk."""
    if sys.stdout is None:  # closed from the start, as by `>&-`
        return 0
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # what an encoding lacks
    try:
        code = main()
        sys.stdout.flush()
        return code
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # as in `| head`
            sys.stderr.write("error: standard output was closed by its reader; what follows is lost\n")
            return 130
        sys.stderr.write(f"error: standard output: {error.strerror}; free some space\n")
        return 3


if __name__ == "__main__":
    sys.exit(_run())
