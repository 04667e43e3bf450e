"""What `python -m sims.ntk` shows: headline, terminal plot, tables, verdict, and rows as CSV."""

from collections.abc import Mapping, Sequence
from typing import Any

from sims.ntk.checks import KINKED, LEVEL
from sims.shell import console, terminal
from sims.verdict.words import share

LABELS = {
    "fluctuation": "kernel at the start, from its limit",
    "drift": "kernel after training, from its start",
    "gap": "outputs after training, from the linearised network",
}
LEGEND = """\
root mean squares over networks: fluctuation |K - Theta|/|Theta| at the start, drift |K' - K|/|K| in
training, gap the largest distance from the linearised network over the root mean square label"""
MARKERS = {"fluctuation": "o", "drift": "x", "gap": "+"}


def headline(config: Mapping[str, Any]) -> str:
    """The network in one line of mathematics, and what is fixed."""
    fixed = ", ".join(f"{name.replace('_', ' ')} = {value}" for name, value in config.items())
    return f"f(x) = N^-1/2 sigma_w a.s(W x sigma_w/sqrt d), width N -> infinity\n{fixed}"


def report(document: Mapping[str, Any], plot: bool) -> None:
    """Print the result for a person."""
    if plot:
        console.say("\n" + _terminal_plot(document["rows"]))
    console.say("\n" + _widths(document["rows"]))
    console.say("\n" + _slopes(document["slopes"]))
    console.say("\n" + _checks(document["checks"]))
    verdict = document["verdict"]
    console.say(
        f"\nverdict: {verdict['status']}. {verdict['family']} statements, chance of a false alarm on all of "
        f"them {verdict['false_alarm']:.2g}."
    )
    if document["config"]["activation"] in KINKED:
        console.say(
            "the kernel of kinked units drifts more slowly than 1/width: some units change sign in training."
        )


def _widths(rows: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for row in rows:
        exact = row["exact_fluctuation"]
        cells = [f"{console.number(row[q])} ± {console.number(row[f'{q}_se'], 2)}" for q in LABELS]
        lines.append(
            [str(row["width"]), cells[0], "" if exact is None else console.number(exact), *cells[1:]]
        )
    return f"{console.table(('width', 'fluctuation', 'exact', 'drift', 'gap'), lines)}\n{LEGEND}"


def _slopes(slopes: Sequence[Mapping[str, Any]]) -> str:
    lines = [
        [
            LABELS[slope["quantity"]],
            f"{slope['value']:.3f}",
            f"[{slope['low']:.3f}, {slope['high']:.3f}]",
            slope["expected"],
            slope["status"],
        ]
        for slope in slopes
    ]
    return console.table(("slope in width of", "value", f"{LEVEL:.0%}", "expected", "status"), lines)


def _checks(checks: Sequence[Mapping[str, Any]]) -> str:
    lines = [
        [
            check["name"],
            str(check["family"]),
            *(share(check[key]) for key in ("resolution", "hidden")),
            check["status"],
        ]
        for check in checks
    ]
    columns = ("at the largest width", "numbers", "common factor noticed", "single error hidden", "status")
    return console.table(columns, lines, left=(0, 4))


def _terminal_plot(rows: Sequence[Mapping[str, Any]]) -> str:
    return terminal.plot(
        "relative size against width",
        [
            terminal.Series(quantity, [(row["width"], row[quantity]) for row in rows], marker)
            for quantity, marker in MARKERS.items()
        ],
        height=18,
        ticks={row["width"]: str(row["width"]) for row in rows},
    )


def rows_csv(document: Mapping[str, Any]) -> str:
    """The rows, one width a line."""
    return console.csv_text(list(document["rows"][0]), document["rows"])
