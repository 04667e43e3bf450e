"""Statements about over-parameterization, each judged by an experiment against theory.

list shows the claims, show one of them with its code, check runs them, sabotage runs wrong versions of
their theory, which must all come out `disagrees`, and exercise asks for a claim's formula and judges
yours. A claim is named by its id (mei2022.peak), all claims of a paper by its key (mei2022).
"""

import argparse
import re
import sys
from collections.abc import Sequence

from sims.shell import console
from sims.shell.schema import add_schema

FAILED = "an experiment failed"
EXAMPLES = """\
examples:
  python -m sims.claims check --quick
  python -m sims.claims list double descent
  python -m sims.claims show mei2022.peak
  python -m sims.claims check mei2022.peak --set n=400 activation=tanh
"""
LIST = """\
examples:
  python -m sims.claims list
  python -m sims.claims list double descent
  python -m sims.claims list --paper hastie2022
  python -m sims.claims list --theme best-ridge
"""
SHOW = """\
example:
  python -m sims.claims show mei2022.peak
"""
CHECK = f"""\
examples:
  python -m sims.claims check --quick
  python -m sims.claims check mei2022.peak --set n=400 activation=tanh

{console.exit_codes("every claim comes out as expected", "one does not", failed=FAILED)}
"""
SABOTAGE = f"""\
example:
  python -m sims.claims sabotage everyday --quick

{console.exit_codes("every wrong version is rejected", "one agrees", failed=FAILED)}
"""
EXERCISE = f"""\
examples:
  python -m sims.claims exercise
  python -m sims.claims exercise hastie2022.ridgeless
  python -m sims.claims exercise hastie2022.ridgeless "noise + signal*(1 - n/p)" --quick

{console.exit_codes("simulation agrees with the answer", "it disagrees", failed=FAILED)}
"""


def parser() -> console.Parser:
    """Options of the command and of its subcommands."""
    top = console.Parser(prog="python -m sims.claims", description=__doc__, epilog=EXAMPLES)
    subcommands = top.add_subparsers(
        dest="command", required=True, metavar="{list,show,check,sabotage,exercise}"
    )

    def subcommand(name: str, about: str, examples: str) -> argparse.ArgumentParser:
        return subcommands.add_parser(name, help=about, description=about, epilog=examples)

    _add_list(subcommand("list", "print all claims, or those that have some words", LIST))
    show = subcommand("show", "print one claim: source, formula, experiment, settings, power and code", SHOW)
    show.add_argument("id", metavar="ID", help="a claim (mei2022.peak)")
    check = subcommand("check", "run claims and compare them with theory", CHECK)
    sabotage = subcommand(
        "sabotage", "run wrong versions of theory; each must come out `disagrees`", SABOTAGE
    )
    exercise = subcommand("exercise", "find the formula of a claim; simulation judges your answer", EXERCISE)
    for running in (check, sabotage):
        running.add_argument("names", nargs="*", metavar="ID|KEY", help="claims or papers (all)")
        _add_running(running, "sims.claims")
    exercise.add_argument(
        "id", nargs="?", metavar="ID|KEY", help="a claim, or a paper whose exercises to list (all)"
    )
    exercise.add_argument(
        "answer", nargs="*", metavar="FORMULA", help="your answer, in quotes; several formulas separated by ;"
    )
    _add_running(exercise, "sims.claims.exercises")
    for running in (check, exercise):
        running.add_argument(
            "--set", nargs="+", default=[], metavar="NAME=VALUE", help="settings of the claim to change"
        )
    check.add_argument("--csv", action="store_true", help="print the rows as CSV instead")
    check.add_argument("--out", help="folder for CSV and JSON (none)")
    return top


def _add_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "words", nargs="*", metavar="WORD",
        help="words of the statement, formula or source, or a topic or author of the paper, in any case",
    )  # fmt: skip
    parser.add_argument("--paper", metavar="KEY", help="only claims of this paper (mei2022)")
    parser.add_argument("--theme", metavar="NAME", help="only claims that share this idea (best-ridge)")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--markdown", action="store_true", help="print sims/claims/README.md instead")
    instead.add_argument("--json", action="store_true", help="print JSON instead")
    add_schema(parser, "sims.claims", "list_schema")


def _add_running(parser: argparse.ArgumentParser, package: str) -> None:
    """Options of all that runs claims: how much of them, how, and how it is printed.

    The schema of what --json prints lies in `package`.
    """
    parser.add_argument("--quick", action="store_true", help="run one size and few trials of each claim")
    parser.add_argument("--trials", type=int, help="trials of each claim (its own number)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the random numbers (0)")
    parser.add_argument("--json", action="store_true", help="print JSON instead")
    parser.add_argument("-q", "--quiet", action="store_true", help="print no progress or notes on stderr")
    add_schema(parser, package)
    console.add_sweep(parser)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    arguments = parser().parse_args(_formulas_apart(sys.argv[1:] if argv is None else argv))
    try:
        return _run(arguments)
    except (ValueError, OSError) as error:
        return console.refuse(error)


def _run(arguments: argparse.Namespace) -> int:
    """Run the subcommand; its code is imported only now, for --help needs none of it."""
    if arguments.command in ("list", "show"):
        from sims.claims import reading

        return (reading.show_list if arguments.command == "list" else reading.show_claim)(arguments)
    if arguments.command in ("check", "sabotage"):
        from sims.claims import checking

        return (checking.check if arguments.command == "check" else checking.sabotage)(arguments)
    from sims.claims.exercises import answering

    return answering.exercise(arguments)


def _formulas_apart(words: Sequence[str]) -> list[str]:
    """Tell formulas that begin with a minus from options: argparse takes a word with a space for a value."""
    if list(words[:1]) != ["exercise"]:
        return list(words)
    return [f" {word}" if re.match(r"-(?!-|[hq]$|$)", word) else word for word in words]
