"""Finished trials: list what there is, verify, export, prune.

python -m sims.store list
"""

from collections.abc import Sequence
from pathlib import Path

from sims.shell import console
from sims.trials import store as stores
from sims.trials.fingerprint import code
from sims.trials.store import Store

EXAMPLES = """examples:
  python -m sims.store list
  python -m sims.store verify --store sweep.sqlite
  python -m sims.store export --experiment double_descent/linear --out trials.parquet

exit codes: 0 done, 1 verify found damage, 2 usage, or a file that is no store of this package
"""


def parser() -> console.Parser:
    """The command line."""
    result = console.Parser(
        prog="python -m sims.store",
        description="Finished trials: list what there is, verify, export, prune.",
        epilog=EXAMPLES,
    )
    actions = result.add_subparsers(dest="action", required=True, metavar="list|verify|export|prune")
    for name, words in (
        ("list", "what there is, and how long a trial took"),
        ("verify", "check every page of the file and every value"),
        ("export", "write every value to CSV or Parquet"),
        ("prune", "delete damaged trials and those computed by other code, which are not used"),
    ):
        action = actions.add_parser(name, help=words, description=words)
        action.add_argument("--store", help="the file (in the user cache)")
        if name in ("export", "prune"):
            action.add_argument("--experiment", help="of this name alone, as `list` shows it")
        if name == "export":
            action.add_argument("--out", required=True, help="file to write: NAME.csv or NAME.parquet")
            action.add_argument("--summary", action="store_true", help="means and standard errors alone")
        if name == "prune":
            action.add_argument("--all", action="store_true", help="also those of this version of the code")
    return result


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    arguments = parser().parse_args(argv)
    action = arguments.action
    path = stores.default_path() if arguments.store is None else Path(arguments.store)
    try:
        if action == "export":
            from sims.trials import export

            out = Path(arguments.out)
            write = (lambda rows, _: export.summary(out, rows)) if arguments.summary else export.writer(out)
        with stores.opened(path, write=action == "prune") as store:
            if action == "list":
                _list(store)
            elif action == "verify":
                return _verify(store)
            elif action == "export":
                width = max((point["width"] for point in store.overview()), default=0)
                count = write(store.results(arguments.experiment), width)
                console.say(f"{count} trials written to {arguments.out}")
            else:
                console.say(f"{store.prune(arguments.experiment, arguments.all)} trials removed from {path}")
    except (ValueError, OSError, ImportError) as error:
        return console.fail(" ".join(str(error).split()), console.USAGE)
    return 0


def _list(store: Store) -> None:
    points = store.overview()
    for point in points:
        usable = "" if point["code"] == code() else ", by other code"
        config = ", ".join(f"{k} = {v}" for k, v in point["config"].items() if v is not None)
        place = "" if point["point"] == [0, None] else f", point {point['point'][1]}"
        console.say(
            f"{point['experiment']}{place}, seed {point['seed']}: {point['trials']} trials of "
            f"{console.duration(point['seconds'])}{usable}\n    {config}"
        )
    console.say(f"{sum(point['trials'] for point in points)} trials in {store.path}")
    outdated = sum(point["trials"] for point in points if point["code"] != code())
    if outdated:
        console.say(
            f"{outdated} of them by other code (another version of the sources or libraries): "
            "kept, not used; prune deletes them"
        )


def _verify(store: Store) -> int:
    found = store.damage()
    for line in found:
        console.say(line)
    if found:
        return console.fail(f"store = {store.path} is damaged; move it away, or prune its trials", 1)
    trials = sum(point["trials"] for point in store.overview())
    console.say(f"{trials} trials in {store.path} are whole")
    return 0
