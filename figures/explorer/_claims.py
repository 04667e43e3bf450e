"""Claims of papers: pick one, read it, change it, run it."""

import shlex
import time
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from figures.explorer._view import Chart, Marks, RefusedError, View
from sims.claims import registry, report, run
from sims.claims.claim import Claim
from sims.claims.resolution import in_full
from sims.shell import console, session
from sims.verdict.intervals import half_width
from sims.verdict.statuses import FAILED
from sims.verdict.words import share
from theory.activation import NAMES as ACTIVATIONS
from theory.papers import DEGREES

FIRST = "mei2022.peak"
SECONDS = 60.0  # after which a run stops, between two trials
LARGEST = 2  # times the default of a whole number: trials may take its cube


@lru_cache(maxsize=1)
def papers() -> tuple[str, ...]:
    """The keys of the papers that have claims."""
    return tuple(registry.keys())


def of(paper: str) -> tuple[str, ...]:
    """The ids of the claims of a paper."""
    return tuple(registry.claims(paper))


def reading(identifier: str) -> list[tuple[str, str]]:
    """What a reader should know of a claim, as pairs of a heading and a text.

    >>> reading("mei2022.peak")[0][0]
    'claim'
    """
    claim = registry.find(identifier)
    lines = [
        ("claim", claim.statement),
        ("formula", claim.formula),
        ("source", claim.source),
        ("checked against", DEGREES[claim.checked]),
        ("simulated", claim.simulated),
        ("expected", claim.expected + (f": {claim.why}" if claim.why else "")),
        ("wrong versions", "; ".join(claim.sabotage)),
    ]
    return [(name, words) for name, words in lines if words]


def defaults(identifier: str) -> dict[str, Any]:
    """The settings that can be changed."""
    return dict(registry.find(identifier).defaults)


def limits(value: float) -> tuple[float, float]:
    """How far a setting may be changed: a size up to twice, other numbers tenfold up and down, or to 0.

    >>> limits(200), limits(0.25), limits(0.0)
    ((1, 400), (0.025, 2.5), (0.0, 1.0))
    """
    if isinstance(value, int):
        return min(value, 1), max(LARGEST * value, 4)
    if value == 0:
        return 0.0, 1.0
    return (value / 10, 10 * value) if value > 0 else (10 * value, value / 10)


def settings(identifier: str, changed: Mapping[str, Any]) -> dict[str, Any]:
    """All settings of a claim after a change, each of its default's type and within its limits.

    >>> settings("mei2022.peak", {"n": "many"})
    Traceback (most recent call last):
    figures.explorer._view.RefusedError: n = many is not a whole number
    """
    known = defaults(identifier)
    for name, value in changed.items():
        if name not in known:
            raise RefusedError(f"{name} is not a setting of {identifier}")
        default = known[name]
        if isinstance(default, str):
            known[name] = str(value)[:40]
            continue
        try:
            number = type(default)(value)
        except (ValueError, TypeError, OverflowError):
            kind = "whole number" if isinstance(default, int) else "number"
            raise RefusedError(f"{name} = {value} is not a {kind}") from None
        low, high = limits(default)
        nothing = number == 0 and isinstance(default, float)
        if not (low <= number <= high or nothing):
            raise RefusedError(f"{name} = {number:g} must be between {low:g} and {high:g} here")
        known[name] = number
    return known


def options(default: Any) -> tuple[str, ...]:
    """The words that a setting may be, where they are known: the activations; else nothing.

    >>> options("relu")[:2], options("mnist")
    (('relu', 'leaky_relu'), ())
    """
    return ACTIVATIONS if default in ACTIVATIONS else ()


def changes(texts: Mapping[str, str]) -> list[str]:
    """What a link to a claim asked for and does not get, one sentence each.

    >>> changes({"tab": "claims", "claim": "mei2022.peak", "n": "80"})
    []
    >>> changes({"tab": "claims", "claim": "mei2022.peak", "n": "1e9"})
    ['n = 1e9 is not a whole number; shown is n = 60.']
    """
    identifier = texts.get("claim", FIRST)
    paper = identifier.partition(".")[0]
    if paper not in papers() or identifier not in of(paper):
        shown = of(paper)[0] if paper in papers() else FIRST
        return [f"The link asked for claim = {identifier}; shown is claim = {shown}."]
    told, known = [], defaults(identifier)
    for name, text in texts.items():
        if name in ("tab", "claim"):
            continue
        try:
            settings(identifier, {name: text})
        except RefusedError as error:
            told.append(f"{error}; shown is {name} = {known[name]}." if name in known else f"{error}.")
    return told


def command(identifier: str, values: Mapping[str, Any]) -> str:
    """The command line that runs the same check."""
    changed = [f"{name}={value}" for name, value in values.items() if value != defaults(identifier)[name]]
    words = ["python", "-m", "sims.claims", "check", identifier, "--quick"]
    return shlex.join([*words, *(["--set", *changed] if changed else [])])


def check(
    identifier: str, values: Mapping[str, Any], store: Path | None, progress: Callable[[int, int], None]
) -> Iterator[View]:
    """Run a claim as `check --quick` does; `progress` is told the trials done and all, and may raise."""
    options = run.Options(quick=True)
    total = run.work([identifier], options)
    effort = session.Effort(store=store, deadline=time.monotonic() + SECONDS)
    with session.opened(effort, total, lambda done, reused: progress(done, total)) as opened:
        row = run.check(identifier, values, options, opened)
    if row["status"] == FAILED:
        raise RefusedError(f"with these settings the experiment fails: {row['error']}")
    yield _view(registry.find(identifier), command(identifier, values), row)


def _view(claim: Claim, again: str, row: Mapping[str, Any]) -> View:
    size = row["sizes"][0]
    points = size["points"]
    table = [("", "theory", "observed", "allowance", "status")]
    for i, point in enumerate(points):
        granted = share(point["allowance"]) if point["allowance"] else "none"
        table.append(
            (
                point["label"] or str(i + 1),
                f"{'' if claim.relation == '=' else claim.relation + ' '}{console.number(point['theory'])}",
                report.observed(point),
                granted,
                point["status"],
            )
        )
    seen = "as expected" if row["confirmed"] else f"not as expected ({claim.expected})"
    words = [f"The claim {row['status']} with the experiment, {seen}; {row['trials']} trials."]
    if row["status"] == "undecided":
        words[0] = f"Undecided, {seen}; {row['trials']} trials."
    basis = in_full(row)
    words.append(f"{basis[0].upper()}{basis[1:]}.")
    charts = (_chart(claim, points, size["trials"]),) if len(points) > 1 else ()
    return View(charts, again, "", row["status"], tuple(words), tuple(table), name=row["id"])


def _chart(claim: Claim, points: list[dict[str, Any]], trials: int) -> Chart:
    """Observed numbers beside those of theory, each pair at its own place on the x axis."""
    x = np.arange(1.0, len(points) + 1)
    told, seen, se = (np.array([p[key] for p in points], dtype=float) for key in ("theory", "observed", "se"))
    half = np.where(np.isfinite(se), half_width(se, trials), 0.0)
    ends = np.concatenate([told, seen - half, seen + half])
    ends = ends[np.isfinite(ends)]
    low, high = float(ends.min(initial=0.0)), float(ends.max(initial=0.0))
    margin = 0.1 * (high - low or 1.0)
    name = "theory" if claim.relation == "=" else f"bound: observed {claim.relation} theory"
    return Chart(
        "", "row of the table", "theory and observed value", (0.0, len(points) + 1.0),
        (low - margin, high + margin),
        (
            Marks(name, x - 0.12, told, told, told, 0, hollow=True),
            Marks("observed, 95 %", x + 0.12, seen, seen - half, seen + half),
        ),
        x_names=tuple(point["label"] or str(i + 1) for i, point in enumerate(points)),
    )  # fmt: skip
