"""What `python -m sims.sweet_spot` shows: plot, table, answers, verdict, and rows as CSV."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sims.shell import console, terminal
from sims.sweet_spot.agreement import UNKNOWN

Document = Mapping[str, Any]


def headline(config: Mapping[str, Any]) -> str:
    """What is predicted from what, and by which road."""
    return (
        f"{config['data']}: test error of ridge regression on p {config['features']} features, predicted "
        f"from {config['n']} training rows before any training:\n"
        "their kernel matrix gives the spectrum, leave-one-out the target and the noise, the core equation "
        "the error.\nsquared error, summed over the classes of one-hot targets; numbers are standardised, "
        "so that the mean alone has error 1."
    )


def report(document: Document, plot: bool) -> None:
    """Print the result for a person."""
    if plot:
        console.say("\n" + _terminal_plot(document))
    console.say("\n" + _table(document["rows"]))
    console.say("\n" + answers(document))
    console.say("\n" + sentence(document))
    console.say("data: " + " ".join(document["reading"]))


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    number = console.number
    lines = [
        [
            str(row["n"]),
            str(row["p"]),
            number(row["ridge"], 2),
            "?"
            if row["status"] == UNKNOWN
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
    """What the user asked, in a line each; nothing where the data are not predictable."""
    config, found, known = document["config"], document["answers"], document["estimate"]
    if document["verdict"]["status"] == UNKNOWN:
        return (
            "no answers: estimates from parts of the sample differ by more than 20 %, or no spectrum "
            f"explains its leave-one-out errors (misfit {100 * known['misfit']:.2g} %). More rows help; "
            "so does taking the logarithm of heavy-tailed columns."
        )
    lines = [_peak(found["peak"]), _best(found["best"], known), _widths(found["within"])]
    lines += [_bought(entry) for entry in found["double"]]
    lines += _front(found["fronts"])
    if config["budget"] is not None:
        lines.append(_paid_for(config["budget"], found["budget"]))
    if config["error"] is not None:
        n, p = (_count(found["error"][key]) for key in ("n", "p"))
        lines.append(
            f"error {config['error']:g}: takes {n} rows with all features; with {config['n']} rows, {p} "
            "features."
        )
    lines.append(
        "cost: a fit takes 2 n p (d + min(n, p)) flops and 8 n p bytes; "
        f"{config['joules']:g} joules a flop (--joules)."
    )
    return "\n".join(lines)


def _peak(peak: Mapping[str, Any] | None) -> str:
    if peak is None:
        return "peak: none, the features have fewer dimensions than there are rows."
    return (
        f"peak: at p = n = {peak['p']} without ridge, where the mean is infinite; "
        f"{console.number(peak['beside'], 3)} beside it."
    )


def _best(best: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    number = console.number
    return (
        f"best: error {number(best['test'], 3)} with all features and ridge {number(best['ridge'], 2)}; "
        f"leave-one-out {number(known['loo'], 3)}, GCV {number(known['gcv'], 3)}{_conflict(known)}."
    )


def _widths(within: Mapping[str, float]) -> str:
    shares = ", ".join(
        f"{width:g} features are within {100 * float(share):g} % of it" for share, width in within.items()
    )
    return f"width: {shares}, each with its best ridge."


def _front(fronts: Mapping[str, Any]) -> list[str]:
    beaten = sorted(set(fronts["tuned"]["p"]) - set(fronts["ridgeless"]["p"]))
    if not beaten:
        return []
    return [
        "Pareto front: with the best ridge each feature is worth its cost; with ridge 0 widths from "
        f"{beaten[0]:g} to {beaten[-1]:g} err more than a cheaper one."
    ]


def _paid_for(budget: float, paid: Mapping[str, Any] | None) -> str:
    number = console.number
    if paid is None:
        return f"budget: {number(budget, 3)} flops pay for no feature."
    return (
        f"budget: {number(budget, 3)} flops pay for {paid['p']:g} features: error {number(paid['test'], 3)} "
        f"with ridge {number(paid['ridge'], 2)}."
    )


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
    """The verdict, and what was granted or left out."""
    verdict = document["verdict"]
    lines = [
        f"verdict: {verdict['status']}. Median gap of predicted and measured error "
        f"{100 * verdict['median_gap']:.2g} % over {len(document['rows'])} points, means of "
        f"{verdict['splits']} splits, each on {verdict['held_out']} rows that were held out; a factor of "
        f"{console.number(math.exp(verdict['median_margin']), 3)} is granted.",
        "in brackets: what the prediction is granted, 10 % for theory on real data, and the errors of the "
        "estimate (jackknife) and of the measurement; chance of a false alarm on all points "
        f"{verdict['false_alarm']:g}.",
        "ridge 0: shown, and left out of the verdict; real rows differ in leverage, and the peak is higher "
        "than theory's.",
    ]
    if document["config"]["features"] == "ntk":
        lines.append(
            "ntk: theory takes features for independent, and those of one unit are not; it is right only "
            "for p far above n."
        )
    return "\n".join(lines)


def _terminal_plot(document: Document) -> str:
    curve = document["curve"]
    rows = [row for row in document["rows"] if row["n"] == document["config"]["n"]]
    top = 3 * max(row["measured"] for row in rows)
    predicted = [
        terminal.Series(
            f"predicted, {name}",
            [(p, e) for p, e in zip(curve["p"], curve[name], strict=True) if e <= top],
            marker,
            line=True,
        )
        for name, marker in (("ridgeless", "."), ("tuned", "braille"))
    ]
    measured = terminal.Series("measured", [(row["p"], row["measured"]) for row in rows], "o")
    return terminal.plot("test error against p", [*predicted, measured])


def rows_csv(document: Document) -> str:
    """The rows, one a line."""
    return console.csv_text(list(document["rows"][0]), document["rows"])
