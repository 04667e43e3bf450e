"""What every command shares: its options, where its words go, numbers as text, files, exit codes."""

import argparse
import csv
import io
import json
import math
import shlex
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

# what every command says, it says by these
from sims.shell.streams import AGREES as AGREES
from sims.shell.streams import DISAGREES as DISAGREES
from sims.shell.streams import FAILED as FAILED
from sims.shell.streams import INTERRUPTED as INTERRUPTED
from sims.shell.streams import STOPPED as STOPPED
from sims.shell.streams import UNDECIDED as UNDECIDED
from sims.shell.streams import USAGE as USAGE
from sims.shell.streams import fail as fail
from sims.shell.streams import hush as hush
from sims.shell.streams import note as note
from sims.shell.streams import refuse as refuse
from sims.shell.streams import run as run
from sims.shell.streams import say as say
from sims.shell.streams import spent as spent


def exit_codes(
    agrees: str = "theory and simulation agree",
    disagrees: str = "they disagree",
    undecided: str = "undecided (too few trials)",
    failed: str = "a solver did not converge",
) -> str:
    """The end of a command's help: what each exit code says; four of them in the command's own words.

    >>> print(exit_codes())
    exit codes: 0 theory and simulation agree, 1 they disagree, 2 usage,
    3 a solver did not converge, or disk, memory or open files ran out,
    4 stopped early and resumable, 5 undecided (too few trials), 130 interrupted
    """
    return (
        f"exit codes: {AGREES} {agrees}, {DISAGREES} {disagrees}, {USAGE} usage,\n"
        f"{FAILED} {failed}, or disk, memory or open files ran out,\n"
        f"{STOPPED} stopped early and resumable, {UNDECIDED} {undecided}, {INTERRUPTED} interrupted"
    )


class Parser(argparse.ArgumentParser):
    """Command lines: options by their whole names, help as written, errors in one line and exit code 2.

    >>> Parser(prog="python -m sims.example").prog
    'python -m sims.example'
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        raise SystemExit(fail(f"{message}; see --help", USAGE))


def command(module: str, options: Mapping[str, Any]) -> str:
    """The command line that repeats a run: options that are True stand alone, None and False vanish.

    An option of several values is repeated for each.

    >>> command("sims.double_descent", {"n": 200, "quick": True, "out": None})
    'python -m sims.double_descent --n 200 --quick'
    >>> command("sims.sweet_spot", {"target": "-x"})
    'python -m sims.sweet_spot --target=-x'
    >>> command("sims.sweet_spot", {"drop": ["id", "-y"]})
    'python -m sims.sweet_spot --drop id --drop=-y'
    """
    words = ["python", "-m", module]
    repeated = (
        (n, v) for n, value in options.items() for v in (value if isinstance(value, list) else [value])
    )
    for name, value in repeated:
        if value is None or value is False:
            continue
        option = "--" + name.replace("_", "-")
        if isinstance(value, str) and value.startswith("-"):  # else it would be taken for an option
            words.append(f"{option}={value}")
        elif value is True:
            words.append(option)
        else:
            short = isinstance(value, float) and float(f"{value:g}") == value
            words += [option, f"{value:g}" if short else str(value)]
    return shlex.join(words)


def to_json(document: Any) -> str:
    """JSON with infinity as the string "inf"; nan is refused.

    >>> to_json({"a": [1.0, float("inf")]})
    '{"a": [1.0, "inf"]}'
    """

    def finite(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: finite(entry) for key, entry in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [finite(entry) for entry in value]
        if isinstance(value, float) and math.isinf(value):
            return "inf" if value > 0 else "-inf"
        return value

    return json.dumps(finite(document), allow_nan=False)


def number(value: float, digits: int = 4) -> str:
    """A number for a table.

    >>> number(0.123456), number(float("inf")), number(12345.678)
    ('0.1235', 'inf', '1.235e+04')
    """
    return f"{value:.{digits}g}"


# ---------------------------------------------------------------- output that all commands have


def add_output(parser: argparse.ArgumentParser) -> None:
    """--json, --csv, --out, --no-plot and -q, the same everywhere.

    >>> parser = Parser()
    >>> add_output(parser)
    >>> parser.parse_args(["--json"]).json
    True
    """
    add = parser.add_argument
    add("--json", action="store_true", help="print the result as a JSON document in place of the report")
    add("--csv", action="store_true", help="print the rows as CSV in place of the report")
    add(
        "--out",
        metavar="FOLDER",
        help="write PDF, PNG, CSV and JSON files into this folder (default: out; none with --json or --csv)",
    )
    add("--no-plot", action="store_true", help="leave out the plot in the terminal")
    add("-q", "--quiet", action="store_true", help="show no progress on stderr")


def add_sweep(parser: argparse.ArgumentParser) -> None:
    """--jobs, --cluster, --store, --fresh, --max-seconds and --dry-run, the same everywhere.

    >>> parser = Parser()
    >>> add_sweep(parser)
    >>> parser.parse_args(["--max-seconds", "60"]).max_seconds
    60.0
    """
    add = parser.add_argument
    add(
        "--jobs",
        type=int,
        help="processes that run trials (default: one per core; 1 with --quick, and if trials have threads)",
    )
    add(
        "--cluster",
        metavar="ADDRESS",
        help="dask scheduler whose workers run the trials (tcp://HOST:8786); the store stays here",
    )
    add(
        "--store",
        metavar="FILE",
        help="keep finished trials in this file and reuse them (default: a file in the user cache, "
        "which `python -m sims.store list` shows)",
    )
    add("--fresh", action="store_true", help="run every trial again instead of reusing finished ones")
    add(
        "--max-seconds",
        type=float,
        help="stop after about this many seconds with the trials that are done (one call of a library is not "
        "interrupted); the same command goes on from there",
    )
    add("--dry-run", action="store_true", help="run one trial, print how long all would take, and stop")


def folder(arguments: argparse.Namespace) -> Path | None:
    """The folder for files, made if need be, or None; one that cannot be used is refused before the work.

    >>> parser = Parser()
    >>> add_output(parser)
    >>> folder(parser.parse_args(["--json"]))
    """
    if arguments.json and arguments.csv:
        raise ValueError("--json and --csv cannot be combined")
    if arguments.out is None and (arguments.json or arguments.csv):
        return None
    return writable("out" if arguments.out is None else arguments.out)


def writable(out: str) -> Path:
    """The folder that --out names, made if need be; ValueError or OSError if no file can be written there."""
    import tempfile

    if not out.strip():
        raise ValueError(f"--out = {out!r} names no folder; name one, or leave the option out")
    path = Path(out)
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        if spent(error):
            raise
        raise OSError(
            f"--out = {path}: cannot write there ({error.strerror}); choose another folder"
        ) from None
    return path


@contextmanager
def progress(total: int, quiet: bool, workers: int = 1) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, only where somebody watches it; yields what to call with the numbers done and reused.

    >>> with progress(3, quiet=True) as advance:
    ...     advance(3, 0)
    """
    if quiet or not sys.stderr.isatty():
        yield lambda done, reused: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    start = time.monotonic()
    with Progress(
        "simulating", BarColumn(), MofNCompleteColumn(), "trials", TextColumn("{task.fields[left]}"),
        console=Console(stderr=True), transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=total, left="")

        def advance(done: int, reused: int) -> None:
            left = time_left(time.monotonic() - start, done - reused, total - done, workers)
            bar.update(task, completed=done, left=left)

        yield advance


def time_left(elapsed: float, done: int, rest: int, workers: int) -> str:
    """At the rate so far; nothing before every worker could deliver, for then the rate says nothing.

    >>> time_left(10.0, done=2, rest=6, workers=4), time_left(10.0, done=4, rest=6, workers=4)
    ('', 'about 15 s left')
    """
    if done < max(workers, 1) or not rest:
        return ""
    return f"about {duration(elapsed * rest / done)} left"


def duration(seconds: float) -> str:
    """A time in the unit that people would choose.

    >>> [duration(s) for s in (0.0123, 12.3, 150, 9000)]
    ['0.012 s', '12 s', '2.5 min', '2.5 h']
    """
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.2g} {unit}" if seconds < 100 * size else f"{seconds / size:.0f} {unit}"
    return f"{seconds:.2g} s" if seconds < 100 else f"{seconds:.0f} s"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int] = (0, -1)) -> str:
    """A plain table, as wide as its cells need; the columns `left` are aligned to the left.

    >>> print(table(["p", "status"], [["10", "agrees"], ["5", "agrees"]], left=[1]))
     p  status
    10  agrees
     5  agrees
    """
    to_the_left = {column % len(columns) for column in left}
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    lines = (
        "  ".join(
            cell.ljust(width) if column in to_the_left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (columns, *rows)
    )
    return "\n".join(line.rstrip() for line in lines)


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV with a line of names; a column that a row lacks is empty, others of the row are left out.

    >>> csv_text(["p", "z"], [{"p": 10, "status": "agrees"}])
    'p,z\\n10,\\n'
    """
    page = io.StringIO()
    writer = csv.DictWriter(page, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return page.getvalue()


def cell(value: Any) -> Any:
    """A value for a CSV file: a text that a spreadsheet would take for a formula gets a quote before it.

    >>> cell("=1+1"), cell("-3.5"), cell(-3.5), cell("n - 1")
    ("'=1+1", '-3.5', -3.5, 'n - 1')
    """
    if not isinstance(value, str) or not value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value


def verdict_word(verdict: Mapping[str, Any], hopeless: str) -> str:
    """Status of a document's verdict; of an undecided one with the trials that would decide it.

    `hopeless` says what an infinite number of trials means.

    >>> verdict_word({"status": "undecided", "trials_needed": 40.0}, "no number of trials would do")
    'undecided (needs about 40 trials)'
    """
    if verdict["status"] != "undecided":
        return str(verdict["status"])
    needed = verdict["trials_needed"]
    return f"undecided ({f'needs about {needed:.0f} trials' if needed < math.inf else hopeless})"


def closing(document: Mapping[str, Any], files: Sequence[Path]) -> None:
    """Print seed and versions, the command that repeats the run, and the paths of its files."""
    names = ", ".join(f"{name} {number}" for name, number in document["versions"].items())
    say(f"seed {document['seed']}; {names}")
    say(f"again:  {document['command']}")
    for path in files:
        say(f"saved:  {path}")


def save(document: Mapping[str, Any], rows: str, stem: Path) -> list[Path]:
    """Write stem.csv (the text `rows`) and stem.json; returns their paths."""
    texts = {".csv": rows, ".json": to_json(document) + "\n"}
    return [written(stem.with_name(stem.name + suffix), text.encode()) for suffix, text in texts.items()]


def written(path: Path, data: bytes) -> Path:
    """Write a file whole or not at all, and return its path.

    Raises OSError with the file's name: what is half written, as on a full disk, is removed.
    """
    try:
        path.write_bytes(data)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None
    return path


def exit_code(status: str) -> int:
    """Exit code of a verdict.

    >>> exit_code("disagrees")
    1
    """
    return {"agrees": AGREES, "disagrees": DISAGREES}.get(status, UNDECIDED)
