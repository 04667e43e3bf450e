"""`exercise`: list the exercises, pose one, or judge an answer."""

import argparse
from dataclasses import asdict

from sims.claims import registry, running
from sims.claims.exercises import judge, report
from sims.shell import console
from sims.verdict.statuses import FAILED


def exercise(arguments: argparse.Namespace) -> int:
    """Run `exercise`; returns its exit code."""
    if arguments.id is None or "." not in arguments.id:
        return _list([] if arguments.id is None else [arguments.id], arguments.json)
    if not arguments.answer:
        return _pose(arguments.id, arguments.json)
    if len(arguments.answer) > 1:
        raise ValueError(f"{' '.join(arguments.answer)}: put the formula in quotes, or the shell cuts it up")
    if arguments.dry_run:
        raise ValueError(
            "--dry-run cannot be combined with an answer; "
            f"judging one takes up to twice as long as `check {arguments.id} --dry-run` says"
        )
    return _judge(arguments)


def _list(keys: list[str], as_json: bool) -> int:
    ids, usage = running.selected(keys)
    claims = {name: registry.find(name) for name in ids}
    if claims:
        console.say(console.to_json(report.documents(claims)) if as_json else report.listed(claims))
    return usage


def _pose(identifier: str, as_json: bool) -> int:
    claim, posed = judge.posed(identifier)
    if as_json:
        console.say(console.to_json(report.document(identifier, claim, posed)))
    else:
        console.say(report.shown(identifier, claim, posed))
    return 0


def _judge(arguments: argparse.Namespace) -> int:
    options = running.options(arguments)
    attempt = judge.prepare(arguments.id, arguments.answer[0], arguments.set, options)
    names = [arguments.id] * len(attempt.settings)
    effort = running.effort(arguments, names, options)
    rows, stopped = running.collect(lambda session: judge.rows(attempt, session), names, options, effort)
    if stopped:
        return stopped
    judgement = judge.conclude(attempt, rows)
    console.say(console.to_json(asdict(judgement)) if arguments.json else str(judgement))
    return console.FAILED if judgement.status == FAILED else console.exit_code(judgement.status)
