"""What `check`, `sabotage` and `exercise` share: which claims run, how, and row by row."""

import argparse
from collections.abc import Callable, Iterator, Sequence

from sims.claims import registry
from sims.claims.run import Options, Row, work
from sims.shell import console, session
from sims.shell.session import Effort, Session
from sims.trials.montecarlo import Stopped
from sims.trials.store import FullError

FEW = 5
"""Claims that a quick run has done before more processes have started."""


def selected(names: Sequence[str]) -> tuple[list[str], int]:
    """Ids of the claims that are named, and exit code 2 if a name is of none; the others still run."""
    ids, wrong = registry.select(names)
    for line in wrong:
        console.fail(line, console.USAGE)
    return ids, console.USAGE if wrong else 0


def options(arguments: argparse.Namespace) -> Options:
    """How much of each claim is run, from --quick, --trials and --seed."""
    try:
        return Options(arguments.quick, arguments.trials, arguments.seed)
    except ValueError as error:
        raise ValueError(f"--{error}") from None


def effort(arguments: argparse.Namespace, names: Sequence[str], amount: Options) -> Effort:
    """How the trials of these claims run: a few quick claims in this process, others on all cores."""
    trials = max(work(names, amount), 1)
    return session.effort(arguments, trials, short=arguments.quick and len(names) < FEW)


def collect(
    rows: Callable[[Session], Iterator[Row]],
    names: Sequence[str],
    amount: Options,
    means: Effort,
    show: Callable[[Row], None] = lambda row: None,
) -> tuple[list[Row], int]:
    """The rows, each shown as it comes, and 0; or those that are done, and the exit code of an early stop.

    Parameters
    ----------
    rows : callable
        Takes the open session, yields the rows.
    names : sequence of str
        Claims that are run, one as often as it is run: they say how many trials there will be.
    amount : Options
        How much of each.
    means : Effort
        How their trials run.
    show : callable
        Called with each row.
    """
    done: list[Row] = []
    try:
        with session.opened(means, work(names, amount)) as opened:
            for row in rows(opened):
                done.append(row)
                show(row)
    except Stopped as stop:
        claims = f"{stop.reason} after {len(done)} of {len(names)} claims"
        return done, session.report_stop(stop, means, claims)
    except FullError as error:
        return done, session.report_stop(error, means)
    return done, 0
