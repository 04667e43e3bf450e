"""The commands of sims, one line and one example each; with a name, that command.

python -m sims
"""

import ast
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from sims.shell import console


class Listed(NamedTuple):
    """A command as its package's docstring introduces it."""

    name: str
    summary: str
    """The first line of the docstring."""
    example: str
    """The first line of the docstring that begins with `python -m`."""


def commands() -> list[Listed]:
    """Every package of sims that has a `__main__`, in alphabetical order; none is imported.

    >>> [command.name for command in commands()][:2]
    ['belkin2019', 'claims']
    """
    return [_listed(path.parent) for path in sorted(Path(__file__).parent.glob("*/__main__.py"))]


def _listed(package: Path) -> Listed:
    tree = ast.parse((package / "__init__.py").read_text(encoding="utf-8"))
    lines = (ast.get_docstring(tree) or "").splitlines()
    examples = [line for line in lines if line.startswith("python -m ")]
    return Listed(package.name, lines[0], examples[0])


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that the first word names, or list all; returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and not words[0].startswith("-"):
        return _named(*words)
    description = "List the commands of sims, one line and one example each, or run the one that is named."
    parser = console.Parser(prog="python -m sims", usage="%(prog)s [NAME ...]", description=description)
    parser.parse_args(words)
    for name, summary, example in commands():
        console.say(f"{name}\n    {summary}\n    {example}\n")
    console.say(
        "Each explains itself with --help. `overparam NAME` and `python -m sims NAME` are "
        "`python -m sims.NAME`. Formulas: python -m theory; figures: python -m figures."
    )
    return 0


def _named(word: str, *options: str) -> int:
    """Run a command, whose name may have hyphens."""
    name = word.replace("-", "_")
    if name not in [command.name for command in commands()]:
        return console.fail(f"{word} is no command here; python -m sims names all", console.USAGE)
    return int(import_module(f"sims.{name}.command").main(options))


if __name__ == "__main__":
    sys.exit(console.run(main))
