"""Build the figures of the papers, each from its own theory and simulation, and the texts that name them.

build draws the figures that are out of date (this is also what happens without a command), list shows all
figures, show one of them in words with what of it can be chosen, refresh rewrites every generated table,
count, caption, small picture and number of a checkout, gallery and numbers rewrite their parts of that alone,
paper builds paper/overparam.pdf, page writes theory and simulation, live, as one HTML file that needs no
Python, lectures runs paper/lectures and writes each as a notebook, a PDF and slides, and site builds the
documentation.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from figures import build, registry, show
from sims.data import MissingExtraError
from sims.shell import console
from sims.shell.schema import add_schema
from sims.trials import pool

EXAMPLES = """\
examples:
  python -m figures
  python -m figures build mei2022_risk --format pdf,svg --column icml
  python -m figures show hastie2022_snr
  python -m figures build hastie2022_snr --set n=100 trials=32
  python -m figures list --paper mei2022
  python -m figures refresh --text
  python -m figures lectures 1_does_overfitting_exist --out lectures
"""


def parser() -> argparse.ArgumentParser:
    """Options of the command."""
    top = console.Parser(prog="python -m figures", description=__doc__, epilog=EXAMPLES)
    commands = top.add_subparsers(dest="command", metavar="{" + ",".join(RUN) + "}")

    def command(name: str, purpose: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=purpose, description=purpose, epilog=EXAMPLES)

    add_list(command("list", "show names and titles of all figures, and which of them are up to date"))
    shown = command("show", "print one figure in words: caption, source, theory, and what can be chosen")
    shown.add_argument("name", metavar="NAME", help="a figure (mei2022_risk)")
    made = command("build", "draw the figures that are out of date")
    for one in (top, made):
        add_build(one)
    made.add_argument("names", nargs="*", metavar="NAME", help="figures to draw (all)")
    made.add_argument(
        "--set", nargs="+", default=[], metavar="NAME=VALUE", help="parameters of the figures to change"
    )
    made.add_argument(
        "--published", action="store_true", help="take the values of the published figure, where known"
    )
    top.set_defaults(names=[], set=[], published=False)
    fresh = command(
        "refresh",
        "rewrite what follows from the code in a checkout: the tables and counts of its READMEs, the gallery "
        "with its pictures and the page, and the paper's numbers (ten minutes from nothing; extra `data`)",
    )
    fresh.add_argument(
        "--text", action="store_true", help="only tables, counts, captions and the page, which takes seconds"
    )
    command("gallery", "rewrite figures/GALLERY.md and its small pictures from the built figures")
    counted = command(
        "numbers", "check all claims quickly, and rewrite paper/numbers.json and numbers.tex (extra `data`)"
    )
    for one in (fresh, counted):
        one.add_argument("--jobs", type=int, help="number of processes (one per core)")
        one.add_argument("--store", type=Path, help="file that keeps finished trials (in the user cache)")
    written = command("paper", "build the paper from paper/main.typ and the figures (extra `paper`)")
    written.add_argument(
        "--out", type=Path, default="paper/overparam.pdf", help="file to write (%(default)s)"
    )
    add_page(command("page", "write theory and simulation, live, as one HTML file without Python or network"))
    add_lectures(
        command("lectures", "run the lectures, and write each as notebook, PDF and slides (extra `docs`)")
    )
    read = command("site", "build the documentation as pages that need no network (a checkout; extra `docs`)")
    read.add_argument(
        "--out", type=Path, default="figures/out/site", help="folder to write into (%(default)s)"
    )
    return top


def add_list(one: argparse.ArgumentParser) -> None:
    """The options of the list."""
    one.add_argument("--json", action="store_true", help="print JSON instead of a table")
    add_schema(one, "figures", "list_schema")
    one.add_argument("--out", default="figures/out", help="folder of the built figures (%(default)s)")
    one.add_argument("--paper", metavar="KEY", help="only the figures of this paper (mei2022)")


def add_page(one: argparse.ArgumentParser) -> None:
    """The options of a page."""
    one.add_argument(
        "name",
        nargs="?",
        choices=("double_descent", "training_time"),
        default="double_descent",
        help="what is shown (%(default)s)",
    )
    one.add_argument("--out", type=Path, help="file to write (figures/gallery/NAME.html)")
    one.add_argument(
        "--view", default="", help="what it shows first, as in its links: 'model=linear&noise=1'"
    )


def add_lectures(one: argparse.ArgumentParser) -> None:
    """The options of the lectures."""
    one.add_argument("names", nargs="*", metavar="NAME", help="lectures to run (all)")
    one.add_argument("--out", type=Path, default="out/lectures", help="folder to write into (%(default)s)")
    one.add_argument(
        "--key", action="store_true", help="print the teacher's answers to the exercises instead"
    )


def add_build(one: argparse.ArgumentParser) -> None:
    """The options of a build."""
    one.add_argument("--all", action="store_true", help="draw all figures (what happens without names)")
    one.add_argument(
        "--format",
        default="pdf,png,csv",
        help="files to write: some of pdf, png, svg, csv, and pgf where a TeX is installed (%(default)s)",
    )
    one.add_argument(
        "--style",
        choices=("paper", "latex", "slides", "icml"),
        default="paper",
        help="letters and lines: of the gallery, of LaTeX, of a talk, of ICML (%(default)s)",
    )
    one.add_argument(
        "--column",
        choices=("jmlr", "neurips", "icml"),
        default="icml",
        help="journal whose column sets the width (%(default)s)",
    )
    one.add_argument("--jobs", type=int, help="number of figures that are drawn at once (one per core)")
    one.add_argument("--force", action="store_true", help="also draw what is up to date")
    one.add_argument("--out", default="figures/out", help="folder to write into (%(default)s)")
    one.add_argument("--json", action="store_true", help="print JSON instead of a sentence")
    add_schema(one, "figures", "build_schema")
    one.add_argument("-q", "--quiet", action="store_true", help="print no progress on stderr")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    arguments = parser().parse_args(argv)
    try:
        return RUN[arguments.command or "build"](arguments)
    except (ValueError, OSError, MissingExtraError) as error:
        return console.refuse(error)


def _list(arguments: argparse.Namespace) -> int:
    folder, usual = Path(arguments.out), build.Settings()
    names = registry.of_paper(arguments.paper) if arguments.paper else registry.names()
    rows = [
        (name, build.current(name, folder, usual), registry.redraws(name), registry.caption(name)[0])
        for name in names
    ]
    if arguments.json:
        columns = ("name", "current", "redraws", "title")
        console.say(console.to_json([dict(zip(columns, row, strict=True)) for row in rows]))
    else:
        cells = [[name, "yes" if current else "no", *words] for name, current, *words in rows]
        console.say(console.table(("figure", "current", "redraws", "title"), cells, left=(0, 1, 2, 3)))
    return 0


def settings(arguments: argparse.Namespace) -> build.Settings:
    """The settings that the options ask for."""
    formats = tuple(dict.fromkeys(arguments.format.split(",")))
    for name in formats:
        if name not in build.FORMATS:
            raise ValueError(f"--format = {arguments.format}: {name!r} is none of {', '.join(build.FORMATS)}")
    if "pgf" in formats:
        from figures import files

        files.tex()  # told before the first figure is drawn
    return build.Settings(
        formats, arguments.style, arguments.column, tuple(arguments.set), arguments.published
    )


def _build(arguments: argparse.Namespace) -> int:
    names = list(dict.fromkeys(arguments.names)) or registry.names()
    if arguments.all and arguments.names:
        raise ValueError("--all and names cannot be combined")
    if (arguments.set or arguments.published) and not arguments.names:
        raise ValueError("--set and --published need names of figures")
    asked, folder = settings(arguments), Path(arguments.out)
    for name in names:
        registry.require(name)
        build.changes(name, asked)  # wrong words are told before the first figure is drawn
    rows = _built(names, folder, asked, arguments.jobs, arguments.force, arguments.quiet)
    return _report(rows, folder, arguments.json)


def _built(
    names: Sequence[str], folder: Path, asked: build.Settings, jobs: int | None, force: bool, quiet: bool
) -> list[build.Built]:
    """Build the figures, with a line on stderr for each that was drawn."""
    folder.mkdir(parents=True, exist_ok=True)
    at_once = pool.jobs(jobs, len(names), quick=False)
    rows: list[build.Built] = []
    try:
        for number, built in enumerate(build.run(names, folder, asked, at_once, force), 1):
            rows.append(built)
            if not quiet and built.status != "current":
                console.note(f"[{number}/{len(names)}] {build.line(built)}")
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            "finished figures are kept, and the same command goes on from there"
        ) from None
    return rows


def _report(rows: list[build.Built], folder: Path, as_json: bool) -> int:
    failed = [row for row in rows if row.status in ("failed", "missing")]
    if as_json:
        console.say(console.to_json([row._asdict() for row in sorted(rows)]))
    else:
        counts = {
            status: sum(row.status == status for row in rows)
            for status in ("built", "current", "missing", "failed")
        }
        words = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
        console.say(f"{len(rows)} figure{'s' * (len(rows) != 1)} in {folder}: {words}")
    for row in failed:
        console.note(f"{row.status}: {row.name}: {row.error}")
    return _exit_code(failed)


def _exit_code(failed: list[build.Built]) -> int:
    """1 if simulation contradicts theory, else 3: something could not be computed."""
    if not failed:
        return console.AGREES
    return console.DISAGREES if any("Disagreement" in row.error for row in failed) else console.FAILED


def _refresh(arguments: argparse.Namespace) -> int:
    from figures import checkout, gallery, numbers, page, refresh

    home = Path()
    checkout.require(home, "python -m figures refresh")
    if not arguments.text:
        folder = home / "figures" / "out"
        rows = _built(registry.names(), folder, build.Settings(), arguments.jobs, force=False, quiet=False)
        if code := _report(rows, folder, as_json=False):
            return code
        gallery.write(home)
        numbers.write(home, arguments.jobs, arguments.store)
    for path in (*refresh.write(home), *page.refresh(home)):
        console.say(f"rewritten: {path}")
    if lacking := refresh.missing(home):
        console.note(
            f"paper/numbers.json has no numbers of {', '.join(lacking)}; run python -m figures refresh"
        )
    return console.AGREES


def _show(arguments: argparse.Namespace) -> int:
    console.say(show.page(arguments.name))
    return 0


def _gallery(_: argparse.Namespace) -> int:
    from figures import gallery

    return gallery.write(Path())


def _numbers(arguments: argparse.Namespace) -> int:
    from figures import numbers

    return numbers.write(Path(), arguments.jobs, arguments.store)


def _paper(arguments: argparse.Namespace) -> int:
    from figures import paper

    return paper.main(arguments.out)


def _page(arguments: argparse.Namespace) -> int:
    from figures import page

    return page.write(arguments.name, arguments.out, arguments.view)


def _lectures(arguments: argparse.Namespace) -> int:
    from figures import lectures

    if arguments.key:
        return lectures.key(arguments.names)
    return lectures.write(arguments.names, arguments.out)


def _site(arguments: argparse.Namespace) -> int:
    from figures import site

    return site.write(arguments.out)


RUN: dict[str, Callable[[argparse.Namespace], int]] = {
    "list": _list,
    "show": _show,
    "build": _build,
    "refresh": _refresh,
    "gallery": _gallery,
    "numbers": _numbers,
    "paper": _paper,
    "page": _page,
    "lectures": _lectures,
    "site": _site,
}
"""What each command does; without a command, `build`."""


if __name__ == "__main__":
    raise SystemExit(console.run(main))
