"""An index of every formula: what it says, where it comes from, and a call that runs.

With a word, only those that have it in their name, summary or source.
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
from typing import NoReturn

from theory.index import Entry, entries

EXAMPLES = """\
examples:
  python -m theory
  python -m theory hastie2022
  python -m theory "gradient flow" --json
"""
USAGE = 2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"error: {message}; --help says what is possible\n")
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
        "word", nargs="?", default="", metavar="WORD", help="a name, a paper's key, or a word of the summary"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead")
    arguments = parser.parse_args(argv)
    found = sorted(entries(arguments.word), key=lambda entry: (entry.name.count("."), entry.name))
    if not found:
        sys.stderr.write(f"error: {_nothing(arguments.word)}\n")
        return USAGE
    if arguments.json:
        sys.stdout.write(json.dumps([entry._asdict() for entry in found], ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(page(found, shutil.get_terminal_size((110, 24)).columns))
    sys.stdout.flush()
    return 0


def page(found: Sequence[Entry], width: int) -> str:
    """The entries as text of that width.

    >>> entry = Entry("theory.ridge", "Ridge regression.", "[mei2022].", "import theory; theory.ridge(...)")
    >>> print(page([entry], 40))
    theory.ridge
        Ridge regression.
        [mei2022].
        import theory; theory.ridge(...)
    <BLANKLINE>
    1 formula
    <BLANKLINE>
    """
    blocks = ["\n".join([entry.name, *(_indented(part, width) for part in entry[1:])]) for entry in found]
    return "\n\n".join([*blocks, f"{len(found)} formula{'s' * (len(found) != 1)}"]) + "\n"


def _indented(text: str, width: int) -> str:
    return textwrap.fill(
        text, max(width, 40), initial_indent="    ", subsequent_indent="        ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _nothing(word: str) -> str:
    every = entries()
    parts = {part for entry in every for part in entry.name.split(".")}
    near = get_close_matches(word, sorted(parts), n=1)
    advice = f"did you mean {near[0]}?" if near else f"`python -m theory` lists all {len(every)} formulas"
    return f"nothing has {word!r} in its name, summary or source; {advice}"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:  # the reader has gone, as in `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(130)
