"""What a command declares, and the one `main` that runs any command: options, trials, report, files, exit."""

import argparse
import math
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sims.messages import one_line
from sims.shell import console, drawing, naming
from sims.shell.preflight import preflight
from sims.shell.session import Config, effort, report_stop

# what a command needs beside `Command`: it imports this module alone
from sims.shell.session import Effort as Effort
from sims.shell.session import Plan as Plan
from sims.shell.session import simulate as simulate

Document = dict[str, Any]
"""What --json prints, and a schema.json describes."""


def no_solution() -> tuple[type[Exception], ...]:
    """Errors that end any command with exit code 3: a solver did not converge, or a result is undefined."""
    from sims.verdict import UndefinedError
    from theory import ConvergenceError

    return ConvergenceError, UndefinedError


class Command(NamedTuple):
    """A command, written as what is its own; `main` does what all commands share.

    The order is that of a run: `settings` reads the options, `measure` simulates and judges, `report`,
    `csv` or `draw` show the document that it returns.
    """

    parser: Callable[[], console.Parser]
    """Makes the parser of the options, which include those of console.add_sweep and add_output."""
    settings: Callable[[argparse.Namespace], Document]
    """The complete configuration, with "trials" and "seed", defaults filled in and every value checked.

    Raises ValueError for a bad value, OSError for a bad file, ImportError where an extra is missing.
    """
    plan: Callable[[Config], Plan]
    """What is simulated in that configuration; --dry-run times one trial of it."""
    measure: Callable[[Config, Effort], Document]
    """Runs the plan and compares it with theory; returns the document, with "config", "command",
    "versions", "rows" and "verdict", whose "status" decides the exit code."""
    headline: Callable[[Config], str]
    """The line that a person reads while the trials run."""
    report: Callable[[Document, bool], None]
    """Prints the document for a person, given whether to plot; pictures are drawn after it."""
    csv: Callable[[Document], str]
    """The document's rows as CSV."""
    draw: Callable[[Document], Any]
    """The document as a matplotlib figure."""
    name: str
    """With which the names of its files begin."""
    named_by: tuple[str, ...]
    """Settings that follow in those names whatever they are; others that were chosen come behind."""
    failures: Callable[[], tuple[type[Exception], ...]] = no_solution
    """Errors of `measure` and `draw` that end the command with exit code 3; called late, to import late."""
    threads: bool = False
    """Whether a trial uses every core itself: then there is one process, unless --jobs asks for more."""
    fewest: int = 1
    """How many trials a document needs, when a run is stopped early."""


def main(command: Command, argv: Sequence[str] | None) -> int:
    """Run the command; returns its exit code."""
    parser = command.parser()
    arguments = parser.parse_args(argv)
    try:
        config = command.settings(arguments)
        folder = console.folder(arguments)
        if folder is not None and not arguments.dry_run:
            drawing.require()  # a user's own `figures` is refused now, not after the simulation
        means = effort(arguments, config["trials"], short=arguments.quick or command.threads)
    except (ValueError, OSError, ImportError) as error:
        return console.refuse(error)
    if arguments.dry_run:
        return preflight(command.plan(config), means, arguments.json)
    if not (arguments.json or arguments.csv):
        console.say(command.headline(config))
    try:
        document, code = complete(command.measure, config, means, command.fewest)
    except command.failures() as error:
        return console.fail(str(error), console.FAILED)
    if document is None:
        return code
    stem = None if folder is None else folder / _stem(command, naming.chosen(parser, arguments), config)
    if lost := _published(command, document, stem, arguments):
        return console.fail(lost, console.FAILED)
    return code or console.exit_code(document["verdict"]["status"])


def _stem(command: Command, chosen: dict[str, Any], config: Config) -> str:
    """Name of the files of a run, without folder and suffix."""
    always = naming.named(str(config[name]) for name in command.named_by)
    others = {name: value for name, value in chosen.items() if name not in command.named_by}
    return naming.stem(command.name, always | others)


def complete(
    measure: Callable[[Config, Effort], Document], config: Config, effort: Effort, fewest: int = 1
) -> tuple[Document | None, int]:
    """The document of `measure`, and exit code 0.

    After an early stop the document covers the first k trials that are done, exactly as a run with
    --trials k gives it, or is None if they are fewer than `fewest`; the exit code says that it stopped.
    """
    from sims.trials.cluster import ClusterError
    from sims.trials.montecarlo import Stopped
    from sims.trials.store import FullError, StoreError

    try:
        return measure(config, effort), 0
    except FullError as error:
        return None, report_stop(error, effort)
    except (ClusterError, StoreError) as error:
        return None, console.refuse(error)
    except Stopped as stop:
        code = report_stop(stop, effort)
        if effort.store is None or stop.finished < fewest:
            return None, code
        rest = effort._replace(jobs=1, quiet=True, fresh=False, deadline=math.inf, cluster=None)
        return measure({**config, "trials": stop.finished}, rest), code


def _published(command: Command, document: Document, stem: Path | None, arguments: argparse.Namespace) -> str:
    """Show and save the document, its pictures last: nobody waits for matplotlib. Why files are not there."""
    files: list[Path] = []
    lost = ""
    if stem:
        files, lost = _saved(partial(console.save, document, command.csv(document), stem))
    if arguments.json:
        console.say(console.to_json(document))
    elif arguments.csv:
        console.say(command.csv(document).rstrip())
    else:
        command.report(document, not arguments.no_plot)
    if stem and not lost:
        pictures, lost = _saved(lambda: drawing.save(command.draw(document), document, stem))
        files += pictures
    if not (arguments.json or arguments.csv):
        console.closing(document, files)
    return lost


def _saved(write: Callable[[], list[Path]]) -> tuple[list[Path], str]:
    """The files that `write` wrote, and why some are not there."""
    try:
        return write(), ""
    except OSError as error:
        return [], f"--out: {console.spent(error) or error}"
    except Exception as error:  # of whatever kind: the numbers are there, and are printed
        return [], f"--out: the picture was not drawn ({type(error).__name__}: {one_line(error)})"
