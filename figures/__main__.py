"""Build the figures of the papers from nothing: each from its own theory and simulation.

build draws what is out of date (all figures, or those that are named), list shows what there is, gallery
writes the small pictures of figures/GALLERY.md, numbers writes paper/numbers.json and numbers.tex, paper
builds paper/overparam.pdf from them and the figures. Without a word: build.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from figures import build, registry
from sims.shell import console
from sims.trials import pool

EXAMPLES = """\
examples:
  python -m figures
  python -m figures build mei2022_risk --format pdf,svg --column icml
  python -m figures list
"""


def parser() -> argparse.ArgumentParser:
    """Options of the command."""
    top = console.Parser(prog="python -m figures", description=__doc__, epilog=EXAMPLES)
    commands = top.add_subparsers(dest="command", metavar="{list,build,gallery,numbers,paper}")

    def command(name: str, told: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=told, description=told, epilog=EXAMPLES)

    listed = command("list", "names and titles of all figures, and which are up to date")
    listed.add_argument("--json", action="store_true", help="print JSON instead")
    listed.add_argument("--out", default="figures/out", help="where they are (figures/out)")
    made = command("build", "draw what is out of date")
    for one in (top, made):
        add_build(one)
    made.add_argument("names", nargs="*", metavar="NAME", help="figures (all)")
    top.set_defaults(names=[])
    command("gallery", "write figures/GALLERY.md and its small pictures from the figures")
    counted = command(
        "numbers", "a quick check of all claims, into paper/numbers.json and .tex (extra `data`)"
    )
    counted.add_argument("--jobs", type=int, help="processes (one per core)")
    counted.add_argument("--store", type=Path, help="file that keeps finished trials (in the user cache)")
    written = command("paper", "build the paper from paper/main.typ and the figures (extra `paper`)")
    written.add_argument("--out", type=Path, default="paper/overparam.pdf", help="(paper/overparam.pdf)")
    return top


def add_build(one: argparse.ArgumentParser) -> None:
    """The options of a build."""
    one.add_argument("--all", action="store_true", help="all figures (the default)")
    one.add_argument("--format", default="pdf,png,csv", help="of pdf, png, svg, csv (pdf,png,csv)")
    one.add_argument("--style", choices=("paper", "slides"), default="paper", help="(paper)")
    one.add_argument("--column", choices=("jmlr", "neurips", "icml"), default="jmlr", help="width (jmlr)")
    one.add_argument("--jobs", type=int, help="figures at once (one per core)")
    one.add_argument("--force", action="store_true", help="also draw what is up to date")
    one.add_argument("--out", default="figures/out", help="folder (figures/out)")
    one.add_argument("--json", action="store_true", help="print JSON instead")
    one.add_argument("-q", "--quiet", action="store_true", help="no progress on stderr")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    arguments = parser().parse_args(argv)
    try:
        if arguments.command == "list":
            return _list(arguments)
        if arguments.command == "gallery":
            from figures import gallery

            return gallery.write(Path("figures"))
        if arguments.command == "paper":
            from figures import paper

            return paper.main(arguments.out)
        if arguments.command == "numbers":
            from figures import numbers

            return numbers.write(Path(), arguments.jobs, arguments.store)
        return _build(arguments)
    except BrokenPipeError:
        raise
    except (ValueError, OSError) as error:
        return console.fail(str(error), console.USAGE)


def _list(arguments: argparse.Namespace) -> int:
    folder, usual = Path(arguments.out), build.Settings()
    found = [
        (name, build.current(name, folder, usual), registry.caption(name)[0]) for name in registry.names()
    ]
    if arguments.json:
        columns = ("name", "current", "title")
        console.say(console.to_json([dict(zip(columns, row, strict=True)) for row in found]))
    else:
        cells = [[name, "yes" if done else "no", title] for name, done, title in found]
        console.say(console.table(("figure", "current", "title"), cells, left=(0, 1, 2)))
    return 0


def settings(arguments: argparse.Namespace) -> build.Settings:
    """The settings that the options ask for."""
    formats = tuple(dict.fromkeys(arguments.format.split(",")))
    for name in formats:
        if name not in build.FORMATS:
            raise ValueError(f"--format = {arguments.format}: {name!r} is none of {', '.join(build.FORMATS)}")
    return build.Settings(formats, arguments.style, arguments.column)


def _build(arguments: argparse.Namespace) -> int:
    names = list(dict.fromkeys(arguments.names)) or registry.names()
    if arguments.all and arguments.names:
        raise ValueError("--all and names exclude each other; leave one of them out")
    unknown = [name for name in names if name not in registry.names()]
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: no such figure; `python -m figures list` names them")
    asked, folder = settings(arguments), Path(arguments.out)
    folder.mkdir(parents=True, exist_ok=True)
    jobs = pool.jobs(arguments.jobs, len(names), quick=False)
    rows: list[build.Built] = []
    try:
        for number, built in enumerate(build.run(names, folder, asked, jobs, arguments.force), 1):
            rows.append(built)
            if not arguments.quiet and built.status != "current":
                print(f"[{number}/{len(names)}] {build.told(built)}", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("finished figures are kept, the same command goes on from there") from None
    return _report(rows, folder, arguments.json)


def _report(rows: list[build.Built], folder: Path, as_json: bool) -> int:
    failed = [row for row in rows if row.status == "failed"]
    if as_json:
        console.say(console.to_json([row._asdict() for row in sorted(rows)]))
    else:
        counts = {
            status: sum(row.status == status for row in rows) for status in ("built", "current", "failed")
        }
        words = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
        console.say(f"{len(rows)} figures in {folder}: {words}")
    for row in failed:
        print(f"failed: {row.name}: {row.error}", file=sys.stderr)
    return _exit_code(failed)


def _exit_code(failed: list[build.Built]) -> int:
    """1 if simulation contradicts theory, else 3: something could not be computed."""
    if not failed:
        return console.AGREES
    return console.DISAGREES if any("Disagreement" in row.error for row in failed) else console.FAILED


if __name__ == "__main__":
    raise SystemExit(console.run(main))
