"""What `python -m sims.sweet_spot` shows: plot, table, answers, verdict, and rows as CSV."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sims.shell import console

Document = Mapping[str, Any]


def headline(config: Mapping[str, Any]) -> str:
    """What is predicted from what."""
    return (
        f"{config['data']}: test error of ridge regression on p {config['features']} features, predicted "
        f"from {config['n']} training rows before any training:\n"
        "their kernel matrix gives the spectrum, leave-one-out the target and the noise, the core equation "
        "the error.\nsquared error, summed over the classes of one-hot targets; numbers are standardised, "
        "so that the mean alone has error 1."
    )


def report(document: Document, files: Sequence[Path], plot: bool) -> None:
    """The result for a person, on stdout."""
    if plot:
        console.say("\n" + _terminal_plot(document))
    console.say("\n" + _table(document["rows"]))
    console.say("\n" + answers(document))
    console.say("\n" + sentence(document))
    console.closing(document, files)


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    number = console.number
    lines = [
        [
            str(row["n"]),
            str(row["p"]),
            number(row["ridge"], 2),
            "?"
            if row["status"] == "not predictable"
            else f"{number(row['predicted'], 3)} [{number(row['low'], 3)}, {number(row['high'], 3)}]",
            f"{number(row['measured'], 3)} ± {number(row['measured_se'], 1)}",
            row["status"],
            number(row["ridgeless"], 3),
            number(row["ridgeless_measured"], 3),
        ]
        for row in rows
    ]
    columns = ("n", "p", "best ridge", "predicted", "measured ± se", "status", "ridge 0", "measured")
    return console.table(columns, lines, left=[5])


def answers(document: Document) -> str:
    found, number = document["answers"], console.number
    config, known = document["config"], document["estimate"]
    if document["verdict"]["status"] == "not predictable":
        return (
            "no answers: estimates from parts of the sample differ by more than 20 %, or no spectrum "
            f"explains its leave-one-out errors (misfit {100 * known['misfit']:.2g} %). More rows help; "
            "so does taking the logarithm of heavy-tailed columns."
        )
    peak = found["peak"]
    lines = [
        f"peak: at p = n = {peak['p']} without ridge, where the mean is infinite; "
        f"{number(peak['beside'], 3)} beside it."
        if peak
        else "peak: none, the features have fewer dimensions than there are rows.",
        f"best: error {number(found['best']['test'], 3)} with all features and ridge "
        f"{number(found['best']['ridge'], 2)}; leave-one-out {number(known['loo'], 3)}, GCV "
        f"{number(known['gcv'], 3)}{_conflict(known)}.",
        "width: "
        + ", ".join(
            f"{width:g} features are within {100 * float(share):g} % of it"
            for share, width in found["within"].items()
        )
        + ", each with its best ridge.",
    ]
    lines += [_bought(entry) for entry in found["double"]]
    beaten = sorted(set(found["fronts"]["tuned"]["p"]) - set(found["fronts"]["ridgeless"]["p"]))
    if beaten:
        lines.append(
            "Pareto front: with the best ridge each feature is worth its cost; with ridge 0 widths from "
            f"{beaten[0]:g} to {beaten[-1]:g} err more than a cheaper one."
        )
    if config["budget"] is not None:
        paid = found["budget"]
        lines.append(
            f"budget: {number(config['budget'], 3)} flops pay for no feature."
            if paid is None
            else f"budget: {number(config['budget'], 3)} flops pay for {paid['p']:g} features: error "
            f"{number(paid['test'], 3)} with ridge {number(paid['ridge'], 2)}."
        )
    if config["error"] is not None:
        n, p = (_count(found["error"][key]) for key in ("n", "p"))
        lines.append(
            f"error {config['error']:g}: takes {n} rows with all features; with {config['n']} rows, {p} "
            "features."
        )
    lines.append(
        f"cost: 2 n p (d + min(n, p)) flops and 8 n p bytes a fit, {config['joules']:g} joules a flop "
        "(--joules)."
    )
    return "\n".join(lines)


def _count(size: float) -> str:
    return f"{size:g}" if size < float("inf") else "no number of"


def _conflict(known: Mapping[str, Any]) -> str:
    off = known["gcv"] / known["loo"] - 1
    return "" if abs(off) < 0.1 else f" ({100 * abs(off):.0f} % too {'low' if off < 0 else 'high'})"


def _bought(entry: Mapping[str, Any]) -> str:
    number = console.number
    return (
        f"{entry['what']} (n = {entry['n']}, p = {entry['p']}): error {number(entry['test'], 3)} ± "
        f"{number(entry['se'] * entry['test'], 1)}, "
        f"{number(entry['flops'], 2)} flops, {number(entry['bytes'] / 1e6, 2)} MB, "
        f"{number(entry['joules'], 2)} J."
    )


def sentence(document: Document) -> str:
    found = document["verdict"]
    return (
        f"verdict: {found['status']}. Median gap of predicted and measured error "
        f"{100 * found['median_gap']:.2g} % over {len(document['rows'])} points, means of {found['splits']} "
        f"splits, each on {found['held_out']} rows that were held out; a factor of "
        f"{console.number(math.exp(found['median_margin']), 3)} is granted.\n"
        "in brackets: 10 % for theory on real data, and the errors of estimate (jackknife) and measurement; "
        f"chance of a false alarm on all points {found['false_alarm']:g}.\n"
        "ridge 0 is shown and does not count: real rows differ in leverage, and the peak is higher than "
        "theory's."
        + (
            "\nntk: theory takes features for independent; those of one unit are not, so that it is right "
            "for p far above n only."
            if document["config"]["features"] == "ntk"
            else ""
        )
    )


def _terminal_plot(document: Document) -> str:
    import shutil

    import plotext

    curve = document["curve"]
    rows = [row for row in document["rows"] if row["n"] == document["config"]["n"]]
    top = 3 * max(row["measured"] for row in rows)
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(min(100, shutil.get_terminal_size((80, 24)).columns), 20)
    for name, marker in (("ridgeless", "."), ("tuned", "braille")):
        line = [(p, e) for p, e in zip(curve["p"], curve[name], strict=True) if e <= top]
        plotext.plot(*map(list, zip(*line, strict=True)), marker=marker, label=f"predicted, {name}")
    plotext.scatter(
        [row["p"] for row in rows], [row["measured"] for row in rows], marker="o", label="measured"
    )
    plotext.xscale("log")
    plotext.yscale("log")
    plotext.title("test error against p")
    text: str = plotext.uncolorize(plotext.build())
    return "\n".join(part.rstrip() for part in text.splitlines())


def rows_csv(document: Document) -> str:
    """The rows, one a line."""
    page = io.StringIO()
    writer = csv.DictWriter(page, list(document["rows"][0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(document["rows"])
    return page.getvalue()
