"""What `python -m sims.sweet_spot` shows: plots, table, answers, verdict, code to paste; and rows as CSV."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sims.shell import console, terminal
from sims.sweet_spot.agreement import RIDGELESS, THRESHOLD, UNKNOWN
from sims.sweet_spot.families import LINEAR
from sims.verdict.statuses import UNDECIDED

Document = Mapping[str, Any]

INFINITE = "infinitely many random features"


def headline(config: Mapping[str, Any]) -> str:
    """What is predicted from what, and by which road."""
    return (
        f"{config['data']}: test error of ridge regression on p {config['features']} features, predicted "
        f"from {config['n']} training rows before any training:\n"
        "each row's error is that of the fit without it, known for every ridge from one decomposition; "
        "intervals are 95 %, for many new rows.\nsquared error, summed over the classes of one-hot "
        "targets; numbers are standardised, so that the mean alone has error 1."
    )


def report(document: Document, plot: bool) -> None:
    """Print the result for a person."""
    if plot:
        console.say("\n" + _curve(document))
        console.say("\n" + _more_rows(document))
    console.say("\n" + _table(document["rows"]))
    console.say("\n" + answers(document))
    console.say("\n" + sentence(document))
    console.say("data: " + " ".join(document["reading"]))
    console.say("\n" + document["recommended"]["code"])


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    number = console.number
    lines = [
        [
            str(row["p"]),
            number(row["ridge"], 2),
            number(row["alpha"], 2),
            interval({"value": row["predicted"], "low": row["low"], "high": row["high"]}),
            f"{number(row['measured'], 3)} ± {number(row['measured_se'], 1)}",
            row["status"],
            number(row["ridgeless"], 3),
            number(row["ridgeless_measured"], 3),
        ]
        for row in rows
    ]
    columns = ("p", "ridge", "alpha", "predicted", "measured ± se", "status", "ridge 0", "measured")
    return console.table(columns, lines, left=[5])


def interval(known: Mapping[str, float], digits: int = 3) -> str:
    """A number with its interval.

    >>> interval({"value": 1.0, "low": 0.5, "high": 2.0})
    '1 [0.5, 2]'
    """
    value, low, high = (console.number(known[name], digits) for name in ("value", "low", "high"))
    return f"{value} [{low}, {high}]"


def answers(document: Document) -> str:
    """What the user asked, in a line each."""
    config, found = document["config"], document["answers"]
    lines = [*_recommended(document), *_widths(found), *_peak(found["peak"])]
    lines += [_ahead(entry, document["learning"]["model"]) for entry in found["more"]]
    lines.append(_models(found["models"], document["recommended"]))
    if config["budget"] is not None:
        lines.append(_paid_for(config["budget"], found["budget"]))
    if config["error"] is not None:
        n, p = (_count(found["error"][key]) for key in ("n", "p"))
        lines.append(
            f"error {config['error']:g}: takes {n} rows with {document['learning']['model']}; with "
            f"{config['n']} rows, {p} features."
        )
    return "\n".join([*lines, _behind(document["estimate"])])


def _recommended(document: Document) -> list[str]:
    number, found, n = console.number, document["recommended"], document["config"]["n"]
    what = (
        f"{LINEAR}, for no width errs less"
        if found["p"] is None
        else f"{found['p']} {found['features']} features"
    )
    lines = [
        f"recommended: {what}; n = {n}, ridge {number(found['ridge'], 3)}, alpha = n ridge = "
        f"{number(found['alpha'], 3)}. A fit took {number(found['seconds'], 2)} s of one core and "
        f"{number(found['bytes'] / 1e6, 2)} MB here."
    ]
    for name, score in found["scores"].items():
        told = "squared error" if name == "error" else name
        lines.append(
            f"  {told} {interval(score)}; run on the held-out rows {number(score['measured'], 3)} ± "
            f"{number(score['measured_se'], 1)}."
        )
    return lines


def _widths(found: Mapping[str, Any]) -> list[str]:
    number, least, infinite = console.number, found["least"], found["infinite"]
    place = INFINITE if math.isinf(least["p"]) else f"{least['p']:g} features"
    shares = ", ".join(
        f"{interval(width, 6)} features are within {100 * float(share):g} % of it"
        for share, width in found["within"].items()
    )
    lines = [f"least error: {interval(least['error'])} with {place} and ridge {interval(least['ridge'], 2)}."]
    if not math.isinf(least["p"]):
        lines.append(
            f"{INFINITE}: error {interval(infinite['error'])} with ridge {number(infinite['ridge'], 2)}."
        )
    return [*lines, f"width: {shares}, each with its best ridge."]


def _peak(peak: Mapping[str, float] | None) -> list[str]:
    if peak is None:
        return []
    return [
        f"peak: without ridge the error is {console.number(peak['error'], 3)} at p = {peak['p']:g}, beside "
        "p = n - 1, where its mean is infinite."
    ]


def _ahead(entry: Mapping[str, float], model: str) -> str:
    times = "twice" if entry["times"] == 2 else f"{entry['times']:g} times"
    value = interval({"value": entry["error"], "low": entry["low"], "high": entry["high"]})
    return f"{times} the data (n = {entry['n']:g}): error {value} with {model}."


def _models(models: Mapping[str, Any], chosen: Mapping[str, Any]) -> str:
    number = console.number
    others = ", ".join(
        f"{rival['name']} {number(rival['error'], 3)} ± {number(rival['se'], 1)} "
        f"({number(rival['seconds'], 2)} s)"
        for rival in models["rivals"]
    )
    own = "the recommended fit"
    if models["wins"] is None:
        told = f"none errs much less than {own}"
    else:
        told = f"{models['wins']} errs {100 * models['gain']:.0f} % less than {own}: use it if you can"
    return f"other models, tuned on the same rows: {others}; {told}."


def _behind(known: Mapping[str, Any]) -> str:
    """What the estimated spectrum explains."""
    levels = zip(known["eigenvalues"], known["multiplicity"], known["power"], strict=True)
    seen = [(count, power) for eigenvalue, count, power in levels if eigenvalue > known["kappa"]]
    count, power = (sum(column) for column in zip(*seen, strict=True)) if seen else (0.0, 0.0)
    share = power / (sum(known["power"]) + known["noise"] or 1.0)
    return (
        f"explanation: about {console.number(count, 2)} eigenfunctions of the kernel stand out from these "
        f"rows, with {100 * share:.0f} % of the target's power; all else acts as noise (estimated spectrum, "
        f"misfit {100 * known['misfit']:.2g} %)."
    )


def _paid_for(budget: float, paid: Mapping[str, Any] | None) -> str:
    number = console.number
    if paid is None:
        return f"budget: {number(budget, 3)} flops pay for no feature."
    return (
        f"budget: {number(budget, 3)} flops pay for {paid['p']:g} features: error {number(paid['error'], 3)} "
        f"with ridge {number(paid['ridge'], 2)} for {number(paid['flops'], 2)} flops."
    )


def _count(size: float) -> str:
    return f"{size:g}" if size < float("inf") else "no number of"


def sentence(document: Document) -> str:
    """The verdict, and what was granted or left out."""
    verdict = document["verdict"]
    factor = console.number(math.exp(verdict["median_margin"]), 3)
    lines = [
        f"verdict: {verdict['status']}. Median gap of predicted and measured error "
        f"{100 * verdict['median_gap']:.2g} % over {len(document['rows'])} widths, means of "
        f"{verdict['draws']} draws of the features on {verdict['held_out']} rows that were held out; a "
        f"forecast that is off by a factor of {factor} would have been noticed (false alarms "
        f"{verdict['false_alarm']:g})."
    ]
    if verdict["status"] == UNDECIDED:
        lines.append(f"what would decide it: {verdict['advice']}.")
    if verdict["status"] == UNKNOWN:
        lines.append(f"the intervals are too wide to be of use: {verdict['advice']}.")
    gap, granted, (low, high) = verdict["ridgeless_gap"], math.exp(RIDGELESS), THRESHOLD
    lines.append(
        f"ridge 0, p/n from {low:g} to {high:g}: {verdict['ridgeless']}. Median gap a factor of "
        f"{console.number(math.exp(gap), 3)}, of {console.number(granted, 3)} that is granted; told by the "
        "mean over draws, measured by the median of draws, without an interval."
    )
    return "\n".join(lines)


def _curve(document: Document) -> str:
    curve, rows = document["curve"], document["rows"]
    top = 3 * max(row["measured"] for row in rows)
    predicted = [
        terminal.Series(
            f"predicted, {name}",
            [
                (p, e)
                for p, e in zip(curve["p"], curve[key], strict=True)
                if e <= top and p <= 2 * rows[-1]["p"]
            ],
            marker,
            line=True,
        )
        for key, name, marker in (("ridgeless", "ridge 0", "."), ("tuned", "best ridge", "braille"))
    ]
    measured = terminal.Series("measured", [(row["p"], row["measured"]) for row in rows], "o")
    return terminal.plot("test error against p", [*predicted, measured])


def _more_rows(document: Document) -> str:
    known, more = document["learning"], document["answers"]["more"]
    ends = [
        terminal.Series(f"{name} of the law", [(entry["n"], entry[name]) for entry in more], ".", line=True)
        for name in ("low", "high")
    ]
    law = terminal.Series(
        "law of more rows", [(entry["n"], entry["error"]) for entry in more], "braille", True
    )
    parts = terminal.Series("parts of the rows", list(zip(known["n"], known["error"], strict=True)), "o")
    return terminal.plot(f"error against rows, {known['model']}", [*ends, law, parts], height=14)


def rows_csv(document: Document) -> str:
    """The rows, one a line."""
    return console.csv_text(list(document["rows"][0]), document["rows"])
