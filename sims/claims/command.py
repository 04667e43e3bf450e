"""Statements about over-parameterization, each judged by an experiment against theory.

list shows the claims, show one of them with its code, check runs them, sabotage runs wrong versions of
their theory, which must all come out `disagrees`, and exercise asks for a claim's formula and judges
yours. A claim is named by its id (mei2022.peak), all claims of a paper by its key (mei2022).
"""

import argparse
import csv
import io
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sims.shell import console, runner
from sims.trials import fingerprint, pool

if TYPE_CHECKING:
    from sims.claims.report import Table
    from sims.claims.run import Effort, Row

EXAMPLES = """\
examples:
  python -m sims.claims check --quick
  python -m sims.claims show mei2022.peak
  python -m sims.claims check mei2022.peak --set n=400 activation=tanh
"""
EXERCISES = """\
examples:
  python -m sims.claims exercise
  python -m sims.claims exercise hastie2022.ridgeless
  python -m sims.claims exercise hastie2022.ridgeless "noise + signal*(1 - n/p)" --quick

exit codes: 0 simulation agrees with the answer, 1 it disagrees, 2 usage, 3 the experiment failed,
4 stopped early and resumable, 5 undecided (too few trials), 130 interrupted
"""
COLUMNS = ("id", "paper", "kind", "statement", "source", "expected", "status", "confirmed", "theory",
           "observed", "se", "resolution", "power", "trials", "seconds")  # fmt: skip

FEW = 5  # claims


def parser() -> argparse.ArgumentParser:
    """Options of the command."""
    top = console.Parser(prog="python -m sims.claims", description=__doc__, epilog=EXAMPLES)
    commands = top.add_subparsers(
        dest="command", required=True, metavar="{list,show,check,sabotage,exercise}"
    )

    def command(name: str, told: str, examples: str = EXAMPLES) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=told, description=told, epilog=examples)

    listed = command("list", "all claims, or those of one paper")
    listed.add_argument("--paper", metavar="KEY", help="a key of paper/references.bib")
    instead = listed.add_mutually_exclusive_group()
    instead.add_argument("--markdown", action="store_true", help="print sims/claims/README.md instead")
    instead.add_argument("--json", action="store_true", help="print JSON instead")

    shown = command("show", "statement, source, formula, experiment, settings, power and code of a claim")
    shown.add_argument("id")

    check = command("check", "run claims and compare them with theory")
    wrong = command("sabotage", "run wrong versions of theory; each must come out `disagrees`")
    exercise = command("exercise", "find the formula of a claim; simulation judges your answer", EXERCISES)
    exercise.add_argument("id", nargs="?", metavar="ID|KEY", help="a claim; the exercises of a paper (all)")
    exercise.add_argument("answer", nargs="*", metavar="FORMULA", help="in quotes; several separated by ;")
    for run in (check, wrong):
        run.add_argument("names", nargs="*", metavar="ID|KEY", help="claims or papers (all)")
    for run in (check, wrong, exercise):
        run.add_argument("--quick", action="store_true", help="one size and few trials each")
        run.add_argument("--trials", type=int, help="trials of each claim (its own number)")
        run.add_argument("--seed", type=int, default=0, help="(0)")
        run.add_argument("--json", action="store_true", help="print the rows as JSON instead")
        run.add_argument("-q", "--quiet", action="store_true", help="no progress on stderr")
        console.add_sweep(run)
    for run in (check, exercise):
        run.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE", help="settings to change")
    check.add_argument("--csv", action="store_true", help="print the rows as CSV instead")
    check.add_argument("--out", help="folder for CSV and JSON (none)")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    arguments = parser().parse_args(_formulas_apart(sys.argv[1:] if argv is None else argv))
    act = {"list": _list, "show": _show, "check": _check, "sabotage": _sabotage, "exercise": _exercise}
    try:
        _require_positive(arguments)
        return act[arguments.command](arguments)
    except BrokenPipeError:  # the reader has gone, as in `| head`
        raise
    except (ValueError, OSError) as error:
        return console.fail(str(error), console.USAGE)


def _formulas_apart(words: Sequence[str]) -> list[str]:
    """A formula that begins with a minus is no option; argparse takes a word with a space for none."""
    if list(words[:1]) != ["exercise"]:
        return list(words)
    return [f" {word}" if re.match(r"-(?!-|[hq]$|$)", word) else word for word in words]


def _require_positive(arguments: argparse.Namespace) -> None:
    for name, least in (("trials", 1), ("seed", 0)):
        given = getattr(arguments, name, None)
        if given is not None and given < least:
            raise ValueError(f"--{name} = {given} must be at least {least}")


def _list(arguments: argparse.Namespace) -> int:
    from sims.claims import registry, report

    keys = registry.keys() if arguments.paper is None else [arguments.paper]
    found = {name: claim for key in keys for name, claim in registry.claims(key).items()}
    if arguments.json:
        names = ("kind", "expected", "statement", "source")
        rows = [
            {"id": name, "paper": name.partition(".")[0], **{n: getattr(claim, n) for n in names}}
            for name, claim in found.items()
        ]
        console.say(console.to_json(rows))
    else:
        console.say(report.markdown(found) if arguments.markdown else report.listed(found))
    return 0


def _show(arguments: argparse.Namespace) -> int:
    from sims.claims import registry, report, run

    claim = registry.find(arguments.id)
    row = run.check(arguments.id, claim.defaults, run.Effort(quick=True))
    console.say(report.shown(arguments.id, row))
    return console.FAILED if row["status"] == run.FAILED else 0


def _check(arguments: argparse.Namespace) -> int:
    from sims.claims import registry, report, run
    from sims.claims.claim import FALSE_ALARM

    if arguments.json and arguments.csv:
        raise ValueError("--json and --csv exclude each other; choose one")
    place = None if arguments.out is None else console.folder(arguments)
    selected, code = _selected(arguments.names)
    values = {}
    for name in selected:
        try:
            values[name] = registry.overridden(name, arguments.set)
        except ValueError as error:  # the other claims still run
            code = console.fail(str(error), console.USAGE)
    ids = list(values)
    means = _means(arguments, ids)
    if arguments.dry_run:
        return _preflight(values, arguments, means) or code
    table = None if arguments.json or arguments.csv else report.Table(ids)

    def rows(effort: "Effort") -> Iterator["Row"]:
        return (run.check(name, values[name], effort) for name in ids)

    done, stopped = _collect(ids, rows, arguments, means, table)
    document = {
        "schema": 1,
        "command": _again(arguments),
        "seed": arguments.seed,
        "versions": fingerprint.versions(),
        "rows": done,
    }
    files = [] if place is None else console.save(document, _csv(done), place / "claims")
    if arguments.json:
        console.say(console.to_json(done))
    elif arguments.csv:
        console.say(_csv(done).rstrip())
    elif done:
        parts = (report.summary(done), report.gaps(done), report.conclusion(done, FALSE_ALARM))
        console.say("\n" + "\n\n".join(part for part in parts if part))
        console.closing(document, files)
    return stopped or code or _exit_code([row["status"] for row in done if not row["confirmed"]])


def _sabotage(arguments: argparse.Namespace) -> int:
    from sims.claims import report, run
    from sims.verdict import DISAGREES

    ids, code = _selected(arguments.names)
    means = _means(arguments, ids)
    if arguments.dry_run:
        raise ValueError("--dry-run: sabotage judges the trials of check; ask `check --dry-run`")
    table = None if arguments.json else report.Table(ids, wrong=True)

    def rows(effort: "Effort") -> Iterator["Row"]:
        return (row for name in ids for row in run.sabotage(name, effort))

    done, stopped = _collect(ids, rows, arguments, means, table)
    missed = [row["status"] for row in done if row["status"] != DISAGREES]
    if arguments.json:
        console.say(console.to_json(done))
    elif ids:
        console.say(f"\n{len(done) - len(missed)} of {len(done)} wrong versions are rejected")
    # to agree with a wrong theory is a wrong answer, like to disagree with a right one
    return stopped or code or _exit_code([DISAGREES if s == "agrees" else s for s in missed])


def _exercise(arguments: argparse.Namespace) -> int:
    from sims.claims import registry, run
    from sims.claims.exercises import judge, report

    if arguments.id is None or "." not in arguments.id:
        ids, code = _selected([] if arguments.id is None else [arguments.id])
        found = {name: registry.find(name) for name in ids}
        rows = console.to_json(report.documents(found))
        if found:
            console.say(rows if arguments.json else report.listed(found))
        return code
    name, (claim, asked) = arguments.id, judge.posed(arguments.id)
    if not arguments.answer:
        told = console.to_json(report.document(name, claim, asked))
        console.say(told if arguments.json else report.shown(name, claim, asked))
        return 0
    if len(arguments.answer) > 1:
        raise ValueError(f"{' '.join(arguments.answer)}: put the formula in quotes, or the shell cuts it up")
    if arguments.dry_run:
        raise ValueError(f"--dry-run: an exercise takes up to twice as long as `check {name} --dry-run` says")
    effort = run.Effort(arguments.quick, arguments.trials, arguments.seed)
    attempt = judge.prepare(name, arguments.answer[0], arguments.set, effort)
    ids, means = [name] * len(attempt.places), _means(arguments, [name])
    done, stopped = _collect(ids, lambda effort: judge.rows(attempt, effort), arguments, means, None)
    if stopped:
        return stopped
    judged = judge.conclude(attempt, done)
    console.say(console.to_json(asdict(judged)) if arguments.json else str(judged))
    return console.FAILED if judged.status == run.FAILED else console.exit_code(judged.status)


# ---------------------------------------------------------------- running


def _selected(names: Sequence[str]) -> tuple[list[str], int]:
    """The claims that are named, and exit code 2 if a name is of none."""
    from sims.claims import registry

    ids, wrong = registry.select(names)
    for line in wrong:
        console.fail(line, console.USAGE)
    return ids, console.USAGE if wrong else 0


def _means(arguments: argparse.Namespace, ids: Sequence[str]) -> runner.Effort:

    # to start processes takes longer than a few claims
    if arguments.jobs is None and arguments.cluster is None:
        arguments.jobs = 1 if arguments.quick and len(ids) < FEW else pool.cores()
    return runner.effort(arguments, sys.maxsize)


def _collect(
    ids: Sequence[str],
    rows: Callable[["Effort"], Iterator["Row"]],
    arguments: argparse.Namespace,
    means: runner.Effort,
    table: "Table | None",
) -> tuple[list["Row"], int]:
    """The rows, printed as they come, and 0; or those that are done, and the exit code of what ended it."""
    from sims.claims import run
    from sims.trials import montecarlo, store

    effort = run.Effort(arguments.quick, arguments.trials, arguments.seed, fresh=means.fresh)
    effort.deadline = means.deadline
    total = run.work(ids, effort)
    done: list[Row] = []
    if table is not None and ids:
        console.say(table.head())
    try:
        with (
            console.progress(total, means.quiet, means.jobs) as advance,
            nullcontext() if means.store is None else store.opened(means.store) as effort.store,
            runner.executor(means) as effort.pool,
        ):
            effort.progress = lambda trials: advance(effort.finished + trials, 0)
            for row in rows(effort):
                done.append(row)
                if table is not None:
                    console.say(table.line(row))
    except montecarlo.Stopped as stop:
        kept = "none is kept: pass --store" if means.store is None else f"kept in {means.store}"
        told = f"{stop.reason} after {len(done)} of {len(ids)} claims; {kept}"
        return done, console.fail(told, console.STOPPED)
    except store.FullError as error:
        return done, console.fail(str(error), console.STOPPED)
    except KeyboardInterrupt:
        if means.store is None:
            raise
        raise KeyboardInterrupt(
            f"finished trials are kept in {means.store}, the same command goes on from there"
        ) from None
    return done, 0


def _preflight(
    values: Mapping[str, Mapping[str, Any]], arguments: argparse.Namespace, means: runner.Effort
) -> int:
    """Say about how long a check takes, from one timed trial at each size."""
    from sims.claims import run

    effort = run.Effort(arguments.quick, arguments.trials, arguments.seed)
    seconds = sum(run.estimate(name, settings, effort) for name, settings in values.items()) / means.jobs
    trials = run.work(list(values), effort)
    if arguments.json:
        told = {"claims": len(values), "trials": trials, "jobs": means.jobs, "seconds": seconds}
        console.say(console.to_json(told))
    else:
        console.say(
            f"claims: {len(values)}, trials: {trials}; about {console.duration(seconds)} with --jobs "
            f"{means.jobs}, less what the store has"
        )
    return 0


def _exit_code(statuses: Sequence[str]) -> int:
    """Of the rows that are not as expected: the worst."""
    if "failed" in statuses:
        return console.FAILED
    return max((console.exit_code(status) for status in statuses), key=_severity, default=0)


def _severity(code: int) -> int:
    return (console.UNDECIDED, console.AGREES, console.DISAGREES).index(code)


def _again(arguments: argparse.Namespace) -> str:
    words = ["python", "-m", "sims.claims", arguments.command, *arguments.names]
    words += ["--quick"] if arguments.quick else []
    words += [] if arguments.trials is None else ["--trials", str(arguments.trials)]
    words += ["--seed", str(arguments.seed)]
    words += ["--set", *arguments.set] if arguments.set else []
    return shlex.join(words)


def _csv(rows: Sequence["Row"]) -> str:
    page = io.StringIO()
    writer = csv.DictWriter(page, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return page.getvalue()
