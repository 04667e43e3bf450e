"""Rows of a run for a reader: a table as they come, then a summary by paper, gaps, and the conclusion."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sims.claims import registry
from sims.claims.claim import VALUES
from sims.claims.report import counted, observed
from sims.claims.resolution import in_short
from sims.claims.run import Row
from sims.shell import console
from sims.verdict.statuses import FAILED, median_resolution
from sims.verdict.words import share

WIDE = 20
"""Of the column that says what would have been noticed."""


class Table:
    """Rows as they come, in columns of one width."""

    def __init__(self, names: Iterable[str], wrong: bool = False) -> None:
        self._wide = max((len(name) for name in names), default=2)
        self._wrong = wrong

    def head(self) -> str:
        """The first line."""
        names = f"{'theory':>10}  {'observed ± se':<20}  {'resolution':<{WIDE}}  {'status':<9}  seconds"
        return f"{'id':<{self._wide}}  {names}" + ("  sabotage" if self._wrong else "")

    def line(self, row: Row) -> str:
        """The line of a row."""
        name = f"{row['id']:<{self._wide}}"
        if row["status"] == FAILED:
            return f"{name}  failed: {row['error']}"
        line = f"{name}  {console.number(row['theory']):>10}  {observed(row):<20}  {in_short(row):<{WIDE}}"
        line += f"  {row['status']:<9}  {row['seconds']:7.1f}"
        if self._wrong:
            return f"{line}  {row['sabotage']}"
        return line if row["confirmed"] else f"{line}  (expected: {row['expected']})"


def summary(rows: Sequence[Row]) -> str:
    """How many claims came out as expected, by paper."""
    lines = []
    for paper in dict.fromkeys(row["paper"] for row in rows):
        own = [row for row in rows if row["paper"] == paper]
        statuses = [row["status"] for row in own]
        counts = ", ".join(f"{statuses.count(s)} {s}" for s in dict.fromkeys(statuses))
        confirmed = sum(row["confirmed"] for row in own)
        lines.append([paper, str(len(own)), str(confirmed), _typical_resolution(own), counts])
    return console.table(("paper", "claims", "as expected", "median resolution", "status"), lines)


def gaps(rows: Sequence[Row]) -> str:
    """How far asymptotic claims are off at growing sizes; "" if none was run at more than one."""
    lines = [
        [row["id"], *(_gap(size["points"][0]) for size in row["sizes"])]
        for row in rows
        if row["kind"] == "asymptotic" and len(row["sizes"]) > 1
    ]
    columns = ("gap to the asymptotic value at", "size", "twice", "four times")
    return console.table(columns, lines, left=(0,)) if lines else ""


def _gap(point: Mapping[str, Any]) -> str:
    """The gap between theory and measurement, its error and what is allowed, in percent of theory."""
    scale = 100 / abs(point["theory"]) if point["theory"] else float("nan")
    gap, error = scale * abs(point["observed"] - point["theory"]), scale * point["se"]
    return f"{gap:.2f} ± {error:.2f} of {100 * point['allowance']:.2g} %"


def conclusion(rows: Sequence[Row], false_alarm: float) -> str:
    """The last lines of a check; `false_alarm` is the chance of one on each claim."""
    line = f"{sum(row['confirmed'] for row in rows)} of {counted(len(rows), 'claim')} as expected"
    line += f"; chance of one false alarm {false_alarm * len(rows):.2g}"
    if extrapolated := sum(_extrapolated(row) for row in rows):
        whose = f"{counted(extrapolated, 'asymptotic claim')} with changed settings"
        line += f", not known for {whose}, for which no allowance was fitted"
    resolution = _typical_resolution(rows)
    return line + (f"; median resolution of exact and asymptotic claims {resolution}" if resolution else "")


def _extrapolated(row: Row) -> bool:
    """Whether the row grants an allowance at settings at which it was not fitted."""
    if row["kind"] != "asymptotic" or not row["sizes"]:
        return False
    return bool(row["sizes"][0]["settings"] != dict(registry.find(row["id"]).defaults))


def _typical_resolution(rows: Sequence[Row]) -> str:
    """Median resolution of the claims that state a value; "" if there are none."""
    median = median_resolution(row["resolution"] for row in rows if row["kind"] in VALUES)
    return "" if median is None else share(median)
