"""What `python -m sims.double_descent` shows: headline, terminal plot, table, verdict, and rows as CSV."""

import math
from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

from sims.experiments import descent_models
from sims.shell import console, terminal
from sims.verdict.words import resolution

COLUMNS = ("p", "gamma", "theory", "limit", "mean", "se", "trials", "z", "status", "allowance", "resolution",
           "median", "q05", "q95")  # fmt: skip


def headline(config: Mapping[str, Any]) -> str:
    """The model in one line of mathematics, and what is fixed."""
    fixed = ", ".join(
        f"{name} = {config[name]}"
        for name in ("activation", "n", "d", "ridge", "noise", "signal")
        if config[name] is not None
    )
    return f"{config['model']}: {descent_models.MODELS[config['model']].formula}\n{fixed}"


def report(document: Mapping[str, Any], plot: bool) -> None:
    """Print the result for a person."""
    if plot:
        console.say("\n" + _terminal_plot(document))
    console.say("\n" + _table(document["rows"]))
    console.say("\n" + sentence(document))


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for row in rows:
        if "median" in row:
            low, high = row["quantiles"].values()
            spread = f"[{console.number(low, 3)}, {console.number(high, 3)}]"
            measured = f"median {console.number(row['median'])} {spread}"
        else:
            measured = f"{console.number(row['mean'])} ± {console.number(row['se'], 2)}"
        z = "" if row["z"] is None else f"{row['z']:.1f}" if abs(row["z"]) < 100 else f"{row['z']:.0e}"
        numbers = (console.number(row[key]) for key in ("gamma", "theory", "limit"))
        lines.append([str(row["p"]), *numbers, measured, z, row["status"]])
    return console.table(
        ("p", "p/n", "theory", "limit", "simulation ± se", _score(rows), "status"), lines, left=[-1]
    )


def _score(rows: Sequence[Mapping[str, Any]]) -> str:
    """Head of the column of standard errors between theory and simulation."""
    return "z beyond allowance" if any(row.get("allowance") for row in rows) else "z"


def sentence(document: Mapping[str, Any]) -> str:
    """The verdict, what it could have noticed, and what was granted or left out."""
    verdict = document["verdict"]
    word = console.verdict_word(verdict, "no number of trials would do")
    lines = [
        f"verdict: {word}. {verdict['family']} points tested, chance of a false alarm on all of them "
        f"{verdict['false_alarm']:g}{_looks(verdict['looks'])}."
    ]
    if noticed := resolution(verdict["resolution"], verdict["hidden"]):
        lines.append(f"resolution: {noticed}.")
    if verdict["status"] == "disagrees" and all(row["status"] != "disagrees" for row in document["rows"]):
        lines.append(
            f"no point shows it by itself: all together are {verdict['pooled']:+.2g} standard errors off."
        )
    return "\n".join(lines + _granted(document) + _left_out(document))


def _looks(looks: float) -> str:
    """How many verdicts of the run share the chance of a false alarm."""
    if looks == inf:
        return ", however often it is looked at"
    return "" if looks == 1 else f", at all {looks:g} looks together"


def _granted(document: Mapping[str, Any]) -> list[str]:
    """The relative error that the theory is granted, in words."""
    granted = [row["allowance"] for row in document["rows"] if row.get("allowance", inf) < inf]
    if not granted:
        return []
    if max(granted) == 0:
        return ["allowance: none, theory is exact at finite n."]
    network = document["config"]["model"] == "network"
    least, most = (
        ("at the largest p", "at the smallest") if network else ("far from the threshold", "next to it")
    )
    return [
        f"allowance: theory is asymptotic; a relative error of {100 * min(granted):.2g} % {least}, "
        f"{100 * max(granted):.2g} % {most}, is granted."
    ]


def _left_out(document: Mapping[str, Any]) -> list[str]:
    """Points that are shown and do not count, and why."""
    rows, lines = document["rows"], []
    if unchecked := sum(row.get("allowance") == inf for row in rows):
        lines.append(
            f"unchecked: {_points(unchecked)} not judged: in d = {document['config']['d']} dimensions the "
            "kernel is nearly local, and theory, which is for large d, does not apply; raise --d or --ridge."
        )
    if heavy := sum(row["status"] == "heavy-tailed" for row in rows):
        lines.append(
            f"heavy-tailed: {_points(heavy)} so near the threshold that the mean is infinite or useless; "
            "median and 5-95 % range are shown, and the verdict leaves them out."
        )
    return lines


def _points(count: int) -> str:
    return "1 point is" if count == 1 else f"{count} points are"


def _terminal_plot(document: Mapping[str, Any]) -> str:
    rows, curve, n = document["rows"], document["curve"], document["config"]["n"]
    measured = [(row["p"], row.get("median", row["mean"])) for row in rows]
    finite = [e for _, e in measured if e < inf]
    counted = [e for row, (_, e) in zip(rows, measured, strict=True) if "median" not in row and e in finite]
    top = 3 * max((finite if len(measured) < 4 else counted), default=0.0)
    line = [(p, e) for p, e in zip(curve["p"], curve["theory"], strict=True) if 0 < e <= top]
    marks = [(p, e) for p, e in measured if 0 < e <= top]
    if not line or not marks:
        return "(nothing to plot: every error is zero or infinite)"
    last = rows[-1]["p"]
    decades = [10**k for k in range(5) if 10**k <= last]
    ticks = [t for t in sorted({*decades, n, last}) if t in (n, last) or abs(math.log(t / n)) > 0.3]
    return terminal.plot(
        "test error against p",
        [
            terminal.Series("theory", line, "braille", line=True),
            terminal.Series("simulation", marks, "o"),
        ],
        vertical=n if n <= document["config"]["p_max"] else None,
        ticks={t: f"p=n={t}" if t == n else str(t) for t in ticks},
    )


def rows_csv(document: Mapping[str, Any]) -> str:
    """The rows, one a line, with the two quantiles of heavy tails as columns."""
    return console.csv_text(COLUMNS, (_flat(row) for row in document["rows"]))


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    quantiles = row.get("quantiles", {})
    return {**row, "q05": quantiles.get("0.05"), "q95": quantiles.get("0.95")}
