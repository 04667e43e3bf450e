"""The commands of sims, one line and one example each.

python -m sims
"""

import ast
import sys
from collections.abc import Sequence
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
    """Run the command; returns its exit code."""
    description = "List the commands of sims, one line and one example each."
    console.Parser(prog="python -m sims", description=description).parse_args(argv)
    for name, summary, example in commands():
        console.say(f"{name}\n    {summary}\n    {example}\n")
    console.say("Each explains itself with --help. Formulas: python -m theory; figures: python -m figures.")
    return 0


if __name__ == "__main__":
    sys.exit(console.run(main))
