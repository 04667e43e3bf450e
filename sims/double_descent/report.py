"""What `python -m sims.double_descent` shows: headline, terminal plot, table, verdict, and rows as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sims.shell import console


def headline(config: Mapping[str, Any]) -> str:
    """The model in one line of mathematics, and what is fixed."""
    from sims.experiments import descent_models

    fixed = ", ".join(
        f"{name} = {config[name]}"
        for name in ("activation", "n", "d", "ridge", "noise", "signal")
        if config[name] is not None
    )
    return f"{config['model']}: {descent_models.MODELS[config['model']].formula}\n{fixed}"


def report(document: Mapping[str, Any], files: Sequence[Path], plot: bool) -> None:
    """The result for a person, on stdout."""
    if plot:
        console.say("\n" + _terminal_plot(document))
    console.say("\n" + _table(document["rows"]))
    console.say("\n" + sentence(document))
    console.closing(document, files)


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
    return console.table(("p", "p/n", "theory", "limit", "simulation ± se", "z", "status"), lines, left=[-1])


def sentence(document: Mapping[str, Any]) -> str:
    verdict, rows = document["verdict"], document["rows"]
    heavy = sum(row["status"] == "heavy-tailed" for row in rows)
    allowed = [row["allowance"] for row in rows if row.get("allowance", float("inf")) < float("inf")]
    unchecked = sum(row.get("allowance") == float("inf") for row in rows)
    status = verdict["status"]
    if status == "undecided":
        needed = verdict["trials_needed"]
        status += (
            f" (needs about {needed:.0f} trials)"
            if needed < float("inf")
            else " (no number of trials would do)"
        )
    lines = [
        f"verdict: {status}. {verdict['family']} points tested, chance of a false alarm on all of them "
        f"{verdict['false_alarm']:g}."
    ]
    if verdict["resolution"] < float("inf"):
        error = f"{100 * verdict['resolution']:.2g} %"
        lines.append(f"resolution: a theory {error} too high or too low would have been noticed.")
    if max(allowed, default=0.0) > 0:
        network = document["config"]["model"] == "network"
        here, there = (
            ("at the largest p", "at the smallest") if network else ("far from the threshold", "next to it")
        )
        lines.append(
            f"allowance: theory is asymptotic; {100 * min(allowed):.2g} % {here}, "
            f"{100 * max(allowed):.2g} % {there}, is granted."
        )
    elif allowed:
        lines.append("allowance: none, theory is exact at finite n.")
    if unchecked:
        lines.append(
            f"unchecked: at {unchecked} points no allowance of the theory is known and nothing is decided: "
            f"in d = {document['config']['d']} samples see only their neighbours; raise --d or --ridge."
        )
    if heavy:
        lines.append(
            f"heavy-tailed: {heavy} points at the threshold have no useful mean; "
            "they show the median and its 5-95 % range and do not count."
        )
    return "\n".join(lines)


def _terminal_plot(document: Mapping[str, Any]) -> str:
    import math
    import shutil

    import plotext

    rows, curve, n = document["rows"], document["curve"], document["config"]["n"]
    seen = [(row["p"], row.get("median", row["mean"])) for row in rows]
    finite = [e for _, e in seen if e < float("inf")]
    counted = [e for row, (_, e) in zip(rows, seen, strict=True) if "median" not in row and e in finite]
    top = 3 * max((finite if len(seen) < 4 else counted), default=0.0)
    line = [(p, e) for p, e in zip(curve["p"], curve["theory"], strict=True) if 0 < e <= top]
    marks = [(p, e) for p, e in seen if 0 < e <= top]
    if not line or not marks:
        return "(nothing to plot: every error is zero or infinite)"
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(min(100, shutil.get_terminal_size((80, 24)).columns), 20)
    plotext.plot(*map(list, zip(*line, strict=True)), marker="braille", label="theory")
    plotext.scatter(*map(list, zip(*marks, strict=True)), marker="o", label="simulation")
    if n <= document["config"]["p_max"]:
        plotext.vline(n)
    plotext.xscale("log")
    plotext.yscale("log")
    decades = [10**k for k in range(5) if 10**k <= rows[-1]["p"]]
    ticks = sorted({*decades, n, rows[-1]["p"]})
    ticks = [t for t in ticks if t in (n, rows[-1]["p"]) or abs(math.log(t / n)) > 0.3]
    plotext.xticks(ticks, [f"p=n={t}" if t == n else str(t) for t in ticks])
    plotext.title("test error against p")
    text: str = plotext.uncolorize(plotext.build())
    return "\n".join(part.rstrip() for part in text.splitlines())


def rows_csv(document: Mapping[str, Any]) -> str:
    """The rows, one a line."""
    columns = (
        "p",
        "gamma",
        "theory",
        "limit",
        "mean",
        "se",
        "trials",
        "z",
        "status",
        "allowance",
        "resolution",
        "median",
        "q05",
        "q95",
    )
    page = io.StringIO()
    writer = csv.DictWriter(page, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in document["rows"]:
        spread = row.get("quantiles", {})
        writer.writerow({**row, "q05": spread.get("0.05"), "q95": spread.get("0.95")})
    return page.getvalue()
