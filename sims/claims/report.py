"""Claims for a reader: the list, one claim in full, rows of a run."""

import shutil
import textwrap
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from sims.claims import registry, run
from sims.claims.claim import Claim
from sims.claims.run import Row
from sims.shell import console


def listed(found: Mapping[str, Claim]) -> str:
    """A table of claims, as wide as the terminal.

    >>> listed({}).splitlines()[-1]
    '0 claims of 0 papers'
    """
    wide = max((len(name) for name in found), default=2)
    room = max(shutil.get_terminal_size((110, 24)).columns - wide - 25, 30)
    lines = [f"{'id':<{wide}}  {'kind':<10}  {'expected':<9}  statement"]
    for name, claim in found.items():
        first, *rest = textwrap.wrap(claim.statement, room)
        lines.append(f"{name:<{wide}}  {claim.kind:<10}  {claim.expected:<9}  {first}")
        lines += [" " * (wide + 25) + line for line in rest]
    papers = {name.partition(".")[0] for name in found}
    return "\n".join([*lines, "", f"{len(found)} claims of {_count(len(papers), 'paper')}"])


def markdown(found: Mapping[str, Claim]) -> str:
    """The text of sims/claims/README.md.

    >>> markdown({}).splitlines()[0]
    '# Claims'
    """
    papers = {name.partition(".")[0] for name in found}
    lines = [
        "# Claims",
        "",
        f"{len(found)} claims in {len(papers)} modules, written by `python -m sims.claims list --markdown`.",
        "CI checks that each comes out with this status, and that wrong versions of it come out `disagrees`.",
        "`python -m sims.claims show ID` says what is simulated, and how sure the status is.",
        "",
        "| id | status | kind | statement | source |",
        "|---|---|---|---|---|",
    ]
    for name, claim in found.items():
        told = f"{claim.statement} *{claim.why}*" if claim.why else claim.statement
        cells = (f"`{name}`", claim.expected, claim.kind, told, claim.source)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def shown(identifier: str, row: Row) -> str:
    """A claim in full, with what a quick run of it gave."""
    claim = registry.find(identifier)
    place, code = registry.code(identifier)
    settings = ", ".join(f"{name} = {value}" for name, value in claim.defaults.items())
    told = [
        ("statement", claim.statement),
        ("status", claim.expected + (f": {claim.why}" if claim.why else "")),
        ("formula", claim.formula),
        ("source", claim.source),
        ("kind", claim.kind + (f", measured {claim.relation} theory" if claim.relation != "=" else "")),
        ("simulated", claim.simulated),
        ("settings", settings + (f"; {' and '.join(claim.grows)} doubled twice" if claim.grows else "")),
        ("trials", f"{claim.trials}, with --quick {claim.quick}"),
        ("sabotage", "; ".join(claim.sabotage)),
    ]
    if row["status"] == run.FAILED:
        told.append(("quick run", f"failed: {row['error']}"))
    else:
        size = row["sizes"][0]
        for i, point in enumerate(size["points"]):
            name = f" {point['label']}:" if point["label"] else ""
            numbers = f"theory {console.number(point['theory'])}, observed {observed(point)}"
            granted = f", allowance {percent(point['allowance'])}" if point["allowance"] else ""
            told.append(("" if i else "quick run", f"{name} {numbers}{granted}".strip()))
        told += [
            ("", f"{row['status']}, resolution {percent(row['resolution'])}"),
            ("power", f"{claim.expected} with chance at least {sureness(row['power'])} with --quick"),
        ]
    first = next(iter(claim.defaults.items()), None)
    change = "" if first is None else f" --set {first[0]}={first[1]}"
    told.append(("change it", f"python -m sims.claims check {identifier}{change}"))
    lines = [
        textwrap.fill(words, 100, initial_indent=f"{name:<10} ", subsequent_indent=" " * 11)
        for name, words in told
    ]
    return "\n".join([*lines, "", place, "", code])


class Table:
    """Rows as they come, in columns of one width."""

    def __init__(self, names: Sequence[str], wrong: bool = False) -> None:
        self._wide = max((len(name) for name in names), default=2)
        self._wrong = wrong

    def head(self) -> str:
        """The first line."""
        names = f"{'theory':>10}  {'observed ± se':<20}  resolution  {'status':<9}  seconds"
        return f"{'id':<{self._wide}}  {names}" + ("  sabotage" if self._wrong else "")

    def line(self, row: Row) -> str:
        """The line of a row."""
        cells = f"{row['id']:<{self._wide}}"
        if row["status"] == run.FAILED:
            return f"{cells}  failed: {row['error']}"
        cells += (
            f"  {console.number(row['theory']):>10}  {observed(row):<20}  {percent(row['resolution']):>10}"
        )
        cells += f"  {row['status']:<9}  {row['seconds']:7.1f}"
        if self._wrong:
            return f"{cells}  {row['sabotage']}"
        return cells if row["confirmed"] else f"{cells}  (expected: {row['expected']})"


def summary(rows: Sequence[Row]) -> str:
    """How many claims came out as expected, by paper."""
    lines = []
    for paper in dict.fromkeys(row["paper"] for row in rows):
        of = [row for row in rows if row["paper"] == paper]
        statuses = [row["status"] for row in of]
        counts = ", ".join(f"{statuses.count(s)} {s}" for s in dict.fromkeys(statuses))
        sharp = sorted(
            r["resolution"] for r in of if r["kind"] in ("exact", "asymptotic") and r["resolution"]
        )
        middle = percent(sharp[len(sharp) // 2]) if sharp else ""
        lines.append([paper, str(len(of)), str(sum(row["confirmed"] for row in of)), middle, counts])
    return console.table(("paper", "claims", "as expected", "median resolution", "status"), lines)


def gaps(rows: Sequence[Row]) -> str:
    """How far asymptotic claims are off at growing sizes; nothing if none was run so."""
    lines = []
    for row in rows:
        if row["kind"] == "asymptotic" and len(row["sizes"]) > 1:
            lines.append([row["id"], *(_gap(size["points"][0]) for size in row["sizes"])])
    sizes = ("size", "twice", "four times")
    return console.table(("gap to the asymptotic value at", *sizes), lines, left=(0,)) if lines else ""


def _gap(point: Mapping[str, Any]) -> str:
    """Of the headline, with its error and what is allowed, in percent of theory."""
    scale = 100 / abs(point["theory"]) if point["theory"] else float("nan")
    gap, error = scale * abs(point["observed"] - point["theory"]), scale * point["se"]
    return f"{gap:.2f} ± {error:.2f} of {100 * point['allowance']:.2g} %"


def conclusion(rows: Sequence[Row], false_alarm: float) -> str:
    """The last lines of a check."""
    told = f"{sum(row['confirmed'] for row in rows)} of {_count(len(rows), 'claim')} as expected"
    told += f"; chance of one false alarm {false_alarm * len(rows):.2g}"
    middle = _sharp(rows)
    return told + (f"; median resolution of exact and asymptotic claims {middle}" if middle else "")


def _sharp(rows: Sequence[Row]) -> str:
    """Median resolution of the claims that are equations."""
    found = [
        r["resolution"] for r in rows if r["kind"] in ("exact", "asymptotic") and r["resolution"] is not None
    ]
    return percent(median(found)) if found else ""


def observed(entry: Mapping[str, Any]) -> str:
    """A measured number with its error.

    >>> observed({"observed": 1.23456, "se": 0.0123})
    '1.235 ± 0.012'
    """
    return f"{console.number(entry['observed'])} ± {console.number(entry['se'], 2)}"


def percent(share: float) -> str:
    """A relative size.

    >>> percent(0.0123)
    '1.2 %'
    """
    return f"{console.number(100 * share, 2)} %"


def sureness(chance: float) -> str:
    """A chance near one.

    >>> sureness(1 - 5e-6), sureness(0.9)
    ('1 - 5e-06', '0.9')
    """
    return f"{chance:.3g}" if chance < 0.99 else f"1 - {max(1 - chance, 1e-9):.0e}"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}"
