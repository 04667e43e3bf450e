"""Finished trials in one file: list, verify, export and prune them.

python -m sims.store list
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from sims.shell import console
from sims.trials import fingerprint
from sims.trials import store as stores
from sims.trials.store import Store

EXAMPLES = """examples:
  python -m sims.store list
  python -m sims.store verify --store sweep.sqlite
  python -m sims.store export --experiment double_descent/linear --out trials.parquet

exit codes: 0 done, 1 verify found damage or prune could not repair it,
2 usage, or a file that is no store of this package,
3 disk, memory or open files ran out, 130 interrupted
"""


def parser() -> console.Parser:
    """The command line."""
    result = console.Parser(
        prog="python -m sims.store",
        description="Finished trials in one file: list, verify, export and prune them.",
        epilog=EXAMPLES,
    )
    actions = result.add_subparsers(dest="action", required=True, metavar="list|verify|export|prune")
    for name, words in (
        ("list", "show the experiments, their numbers of trials, and how long a trial took"),
        ("verify", "check every page of the file and every value in it"),
        ("export", "write every value to a CSV or Parquet file"),
        ("prune", "delete damaged trials and those computed by other code, which are not used"),
    ):
        action = actions.add_parser(name, help=words, description=words)
        action.add_argument("--store", metavar="FILE", help="the store (default: a file in the user cache)")
        if name in ("export", "prune"):
            action.add_argument(
                "--experiment", metavar="NAME", help="only trials of this experiment, named as in `list`"
            )
        if name == "export":
            action.add_argument(
                "--out", required=True, metavar="FILE", help="file to write: NAME.csv or NAME.parquet"
            )
            action.add_argument(
                "--summary",
                action="store_true",
                help="write means and standard errors in place of every trial",
            )
        if name == "prune":
            action.add_argument("--all", action="store_true", help="delete those of this code as well")
    return result


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    arguments = parser().parse_args(argv)
    path = stores.default_path() if arguments.store is None else Path(arguments.store)
    try:
        return ACTIONS[arguments.action](arguments, path)
    except (ValueError, OSError, ImportError) as error:
        return console.refuse(error)


def _list(arguments: argparse.Namespace, path: Path) -> int:
    with stores.opened(path, write=False) as store:
        _show(store)
    return 0


def _show(store: Store) -> None:
    points = store.overview()
    for point in points:
        usable = "" if point["code"] == fingerprint.code() else ", by other code"
        usable += "" if "inputs" in point else ", under an old key"
        config = ", ".join(f"{k} = {v}" for k, v in point["config"].items() if v is not None)
        grid = "" if point["point"] == [0, None] else f", point {point['point'][1]}"
        console.say(
            f"{point['experiment']}{grid}, seed {point['seed']}: {point['trials']} trials of "
            f"{console.duration(point['seconds'])}{usable}\n    {config}"
        )
    console.say(f"{sum(point['trials'] for point in points)} trials in {store.path}")
    outdated = sum(point["trials"] for point in points if point["code"] != fingerprint.code())
    if outdated:
        console.say(
            f"{outdated} of them by other code ({fingerprint.OTHER_CODE}): kept, not used; prune deletes them"
        )
    if old := sum(point["trials"] for point in points if "inputs" not in point):
        console.say(
            f"{old} of them under an old key, {fingerprint.OLD_KEY}: kept, not used; prune deletes them"
        )


def _verify(arguments: argparse.Namespace, path: Path) -> int:
    with stores.opened(path, write=False) as store:
        damage = store.damage()
        for line in damage:
            console.say(line)
        if damage:
            return console.fail(
                f"store = {path} is damaged; move the file away, or delete its damaged trials with prune", 1
            )
        trials = sum(point["trials"] for point in store.overview())
    console.say(f"{trials} trials in {path} are whole")
    return 0


def _export(arguments: argparse.Namespace, path: Path) -> int:
    from sims.trials import export

    out = Path(arguments.out)
    write = (lambda rows, _: export.summary(out, rows)) if arguments.summary else export.writer(out)
    with stores.opened(path, write=False) as store:
        width = max((point["width"] for point in store.overview()), default=0)
        try:
            count = write(store.results(arguments.experiment), width)
        except OSError as error:
            out.unlink(missing_ok=True)  # half a table
            raise OSError(error.errno, error.strerror, str(out)) if console.spent(error) else error from None
    console.say(f"{count} trials written to {out}")
    return 0


def _prune(arguments: argparse.Namespace, path: Path) -> int:
    with stores.opened(path) as store:
        pruned = store.prune(arguments.experiment, arguments.all)
        damage = store.damage()
    console.say(f"{pruned.damaged + pruned.unused} trials removed from {path}")
    if pruned.damaged:
        console.say(f"{pruned.damaged} of them were damaged; the runs that need them compute them again")
    if pruned.anew:
        console.say("tables and indexes were made anew from the rows that are whole")
    if damage:
        return console.fail(f"store = {path} is still damaged ({damage[0]}); move the file away", 1)
    return 0


ACTIONS = {"list": _list, "verify": _verify, "export": _export, "prune": _prune}
