"""`check` and `sabotage`: run claims, or wrong versions of their theory, and print a row for each."""

import argparse
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sims.claims import registry, results, run, running
from sims.claims.claim import FALSE_ALARM
from sims.claims.run import Options, Row
from sims.shell import console, naming
from sims.shell.session import Effort, Session
from sims.trials import fingerprint
from sims.verdict.statuses import AGREES, DISAGREES, FAILED, worst

COLUMNS = ("id", "paper", "kind", "statement", "source", "checked", "expected", "status", "confirmed",
           "theory", "observed", "se", "resolution", "power", "trials", "seconds")  # fmt: skip
"""Columns of --csv."""


def check(arguments: argparse.Namespace) -> int:
    """Run `check`; returns its exit code."""
    if arguments.json and arguments.csv:
        raise ValueError("--json and --csv cannot be combined; choose one")
    folder = None if arguments.out is None else console.folder(arguments)
    options = running.options(arguments)
    settings, usage = _settings(arguments.names, arguments.set)
    names = list(settings)
    effort = running.effort(arguments, names, options)
    if arguments.dry_run:
        return _print_estimate(settings, options, effort, arguments.json) or usage

    def rows(session: Session) -> Iterator[Row]:
        return (run.check(name, values, options, session) for name, values in settings.items())

    show = _no_row if arguments.json or arguments.csv else _table(names)
    done, stopped = running.collect(rows, names, options, effort, show)
    document = {
        "schema": 1,
        "command": _again(arguments),
        "seed": arguments.seed,
        "versions": fingerprint.versions(),
        "rows": done,
    }
    table = console.csv_text(COLUMNS, done)
    files = [] if folder is None else console.save(document, table, folder / _stem(arguments))
    if arguments.json:
        console.say(console.to_json(done))
    elif arguments.csv:
        console.say(table.rstrip())
    elif done:
        parts = (results.summary(done), results.gaps(done), results.conclusion(done, FALSE_ALARM))
        console.say("\n" + "\n\n".join(part for part in parts if part))
        console.closing(document, files)
    return stopped or usage or _exit_code([row["status"] for row in done if not row["confirmed"]])


def sabotage(arguments: argparse.Namespace) -> int:
    """Run `sabotage`; returns its exit code."""
    if arguments.dry_run:
        raise ValueError(
            "--dry-run cannot be combined with sabotage; it takes as long as `check --dry-run` says"
        )
    options = running.options(arguments)
    names, usage = running.selected(arguments.names)
    effort = running.effort(arguments, names, options)

    def rows(session: Session) -> Iterator[Row]:
        return (row for name in names for row in run.sabotage(name, options, session))

    show = _no_row if arguments.json else _table(names, wrong=True)
    done, stopped = running.collect(rows, names, options, effort, show)
    missed = [row["status"] for row in done if row["status"] != DISAGREES]
    if arguments.json:
        console.say(console.to_json(done))
    elif names:
        console.say(f"\n{len(done) - len(missed)} of {len(done)} wrong versions are rejected")
    return stopped or usage or _exit_code(missed)


def _settings(names: Sequence[str], changes: Sequence[str]) -> tuple[dict[str, dict[str, Any]], int]:
    """The settings of each claim that is named, and exit code 2 if a name or a change is wrong."""
    ids, usage = running.selected(names)
    settings = {}
    for name in ids:
        try:
            settings[name] = registry.overridden(name, changes)
        except ValueError as error:  # the other claims still run
            usage = console.fail(str(error), console.USAGE)
    return settings, usage


def _exit_code(unexpected: Sequence[str]) -> int:
    """Exit code of the statuses that are not as expected: that of the worst.

    To agree with a wrong theory is a wrong answer, like to disagree with a right one.
    """
    if not unexpected:
        return 0
    status = worst(DISAGREES if status == AGREES else status for status in unexpected)
    return console.FAILED if status == FAILED else console.exit_code(status)


# ---------------------------------------------------------------- what is printed


def _print_estimate(
    settings: Mapping[str, Mapping[str, Any]], options: Options, effort: Effort, as_json: bool
) -> int:
    """Say about how long a check takes, from one timed trial at each size; returns the exit code."""
    seconds, code = 0.0, 0
    for name, values in settings.items():
        try:
            seconds += run.estimate(name, values, options) / effort.jobs
        except Exception as error:  # of whatever kind: the other claims can be timed
            version = run.Version(name, registry.find(name), values)
            code = console.fail(f"{name}: {run.failure(error, version)}", console.FAILED)
    trials = run.work(list(settings), options)
    if as_json:
        estimate = {"claims": len(settings), "trials": trials, "jobs": effort.jobs, "seconds": seconds}
        console.say(console.to_json(estimate))
    else:
        console.say(
            f"claims: {len(settings)}, trials: {trials}; about {console.duration(seconds)} with "
            f"--jobs {effort.jobs}, less if the store has some of them"
        )
    return code


def _table(names: Sequence[str], wrong: bool = False) -> Callable[[Row], None]:
    """Print the head of a table; returns what prints a row of it."""
    table = results.Table(names, wrong)
    if names:
        console.say(table.head())
    return lambda row: console.say(table.line(row))


def _no_row(row: Row) -> None:
    """Print nothing before all rows are done."""


def _stem(arguments: argparse.Namespace) -> str:
    """Name of the files of a run, without suffix: which claims, and how they were run."""
    asked = {"quick": arguments.quick, "trials": arguments.trials, "seed": arguments.seed or None}
    return naming.stem("claims", {**naming.named(arguments.names), **asked, "set": list(arguments.set)})


def _again(arguments: argparse.Namespace) -> str:
    """The command line that repeats the run."""
    words = ["python", "-m", "sims.claims", arguments.command, *arguments.names]
    words += ["--quick"] if arguments.quick else []
    words += [] if arguments.trials is None else ["--trials", str(arguments.trials)]
    words += ["--seed", str(arguments.seed)]
    words += ["--set", *arguments.set] if arguments.set else []
    return shlex.join(words)
