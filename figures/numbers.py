"""The numbers of the paper: what claims and figures gave, rounded, as JSON for Typst and macros for LaTeX."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import ceil, floor, isfinite, log10
from pathlib import Path
from typing import Any

from figures import build, checkout, lecture, marks, registry
from sims import verdict
from sims.claims import registry as claims_registry
from sims.claims import run as claims_run
from sims.claims.claim import FALSE_ALARM, Claim
from sims.claims.resolution import in_short
from sims.shell import console, session
from sims.trials import pool, store
from sims.verdict.statuses import median_resolution

MEASURED = 4  # digits of a number without an error
ERROR = 2  # digits of an error or a resolution
TEX_HEAD = r"""% Written by `python -m figures refresh`.
% \input this; \overparam{claims/mei2022.peak/observed} is a number.
\makeatletter
\newcommand\overparam[1]{\ifcsname overparam@#1\endcsname\csname overparam@#1\endcsname
  \else\PackageError{overparam}{no number of that name: #1}{}\fi}
"""


def write(home: Path, jobs: int | None, kept: Path | None) -> int:
    """Check all claims quickly, write paper/numbers.json and numbers.tex, and return the exit code.

    Parameters
    ----------
    home : Path
        A checkout; its figures must be up to date.
    jobs : int, optional
        Number of processes; by default one per core.
    kept : Path, optional
        File of finished trials, which are reused; by default the store of all commands.

    Raises
    ------
    ValueError
        If `home` is no checkout, if a figure is not up to date, or if a claim failed.
    """
    checkout.require(home, "python -m figures numbers")
    build.require_current(home / "figures" / "out")
    rows = _checked(pool.jobs(jobs, sys.maxsize, quick=False), kept or store.default_path())
    failed = [f"{row['id']}: {row['error']}" for row in rows if row["status"] == claims_run.FAILED]
    if failed:
        raise ValueError("; ".join(failed))
    text = as_json(collected(rows, home / "figures" / "out"))
    paper = home / "paper"
    (paper / "numbers.json").write_text(text, encoding="utf-8", newline="")
    (paper / "numbers.tex").write_text(as_tex(json.loads(text)), encoding="utf-8", newline="")
    console.say(f"{paper / 'numbers.json'}: {len(rows)} claims, {len(registry.names())} figures")
    return console.AGREES


def _checked(jobs: int, kept: Path) -> list[claims_run.Row]:
    """The rows of a quick check of all claims."""
    ids, _ = claims_registry.select([])
    options = claims_run.Options(quick=True)
    effort = session.Effort(jobs, quiet=False, store=kept)
    with session.opened(effort, claims_run.work(ids, options)) as opened:
        return [claims_run.check(name, claims_registry.find(name).defaults, options, opened) for name in ids]


def collected(rows: Sequence[claims_run.Row], folder: Path) -> dict[str, Any]:
    """What the paper may say of claims, of the figures built in `folder`, and of the rules of judging."""
    claims = {row["id"]: _told(row) for row in rows}
    return {
        "claims": claims,
        "counts": _counts(claims),
        "figures": {name: _figure(name, folder) for name in registry.names()},
        **_taught(),
        "rules": {
            "claim_alarm": FALSE_ALARM,
            "claims_alarm": above(len(rows) * FALSE_ALARM, ERROR),
            "figure_alarm": marks.FALSE_ALARM,
            "interval": 0.95,  # of the means that figures show
            "useful": verdict.USEFUL,
        },
    }


def _told(row: claims_run.Row) -> dict[str, Any]:
    claim = claims_registry.find(row["id"])
    return {
        **_words(claim),
        "settings": dict(claim.defaults),
        "status": row["status"],
        "theory": significant(row["theory"], MEASURED),
        "observed": beside(row["observed"], row["se"]),
        "se": significant(row["se"], ERROR),
        "resolution": significant(row["resolution"], ERROR),
        "hidden": significant(row["hidden"], ERROR),
        "basis": in_short(row),
        "trials": row["trials"],
        "wrong": len(claim.sabotage),
    }


def _words(claim: Claim) -> dict[str, str]:
    return {
        name: getattr(claim, name) for name in ("statement", "why", "kind", "relation", "expected", "checked")
    }


def reworded(known: Mapping[str, Any]) -> dict[str, Any]:
    """What numbers.json holds, with the words of today's claims and captions; the numbers stay.

    Claims and figures that are no more are left out, and those that are new have to be measured first.
    """
    ids, _ = claims_registry.select([])
    claims, figures = {}, {}
    for name, entry in known["claims"].items():
        if name in ids:
            claims[name] = {**entry, **_words(claims_registry.find(name))}
    for name, entry in known["figures"].items():
        if name in registry.names():
            title, caption = registry.caption(name)
            figures[name] = {**entry, "title": title, "caption": caption}
    return {**known, "claims": claims, "figures": figures, "counts": _counts(claims), **_taught()}


def _taught() -> dict[str, Any]:
    """What the lecture notes show; theory alone, so that nothing has to be measured."""
    example = {name: significant(value, MEASURED) for name, value in lecture.example().items()}
    return {"example": example, "exercises": lecture.exercises()}


def _counts(claims: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    papers = {name.partition(".")[0] for name in claims} - {"everyday"}
    counts: Counter[str] = Counter()
    for claim in claims.values():
        counts.update([claim["status"], claim["kind"]])
        counts["as_expected"] += claim["status"] == claim["expected"]
        counts["refuted"] += claim["expected"] == verdict.DISAGREES
        counts[f"checked_{claim['checked']}"] += 1
        counts["wrong_versions"] += claim["wrong"]
        counts["on_allowance"] += _rests_on_its_allowance(claim)
    equations = (c["resolution"] for c in claims.values() if c["kind"] in ("exact", "asymptotic"))
    middle = median_resolution(map(float, equations)) or 0.0
    statuses = dict.fromkeys((verdict.AGREES, verdict.DISAGREES, verdict.UNDECIDED), 0)
    return {**statuses, **counts, "claims": len(claims), "papers": len(papers), "median_resolution": middle,
            "figures": len(registry.names())}  # fmt: skip


def _rests_on_its_allowance(claim: Mapping[str, Any]) -> bool:
    """Does a limit agree with an experiment that is more than three standard errors away?"""
    far = abs(claim["observed"] - claim["theory"]) > 3 * claim["se"]
    return claim["kind"] == "asymptotic" and claim["status"] == verdict.AGREES and bool(far)


def _figure(name: str, folder: Path) -> dict[str, Any]:
    title, caption = registry.caption(name)
    known = build.manifest(name, folder)
    numbers = {key: significant(value, MEASURED) for key, value in known.get("numbers", {}).items()}
    sharp = [significant(float(value), ERROR) for value in known.get("resolutions", {}).values()]
    hidden = [significant(float(value), ERROR) for value in known.get("hidden", {}).values()]
    resolution = {"sharpest": min(sharp), "bluntest": max(sharp), "hidden": max(hidden)} if sharp else {}
    return {"title": title, "caption": caption, "numbers": numbers, "resolution": resolution}


def significant(value: float, digits: int) -> float:
    """Rounded to so many digits.

    >>> significant(0.123456, 4), significant(float("inf"), 2)
    (0.1235, inf)
    """
    return float(f"{float(value):.{digits}g}")


def above(value: float, digits: int) -> float:
    """Rounded up to so many digits.

    >>> above(0.000302, 1), above(0.0003, 1)
    (0.0004, 0.0003)
    """
    unit = 10.0 ** (floor(log10(value)) - digits + 1)
    return significant(ceil(value / unit - 1e-9) * unit, digits)


def beside(value: float, error: float) -> float:
    """A mean, rounded to the last digit that its standard error shows.

    >>> beside(1.23456, 0.0123), beside(0.5, 0.0), beside(0.12345678, 1e-9)
    (1.235, 0.5, 0.12346)
    """
    if not isfinite(value) or not 0 < error < float("inf"):
        return significant(value, MEASURED)
    return significant(round(value, ERROR - 1 - floor(log10(error))), MEASURED + 1)


def as_json(values: Mapping[str, Any]) -> str:
    """The text of numbers.json: sorted, a line for each number, the same text for the same numbers."""
    return (
        json.dumps(json.loads(console.to_json(values)), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    )


def as_tex(values: Mapping[str, Any]) -> str:
    r"""The text of numbers.tex: the same numbers as macros. Infinity needs math mode.

    >>> as_tex({"counts": {"claims": 2}}).splitlines()[-2:]
    ['\\@namedef{overparam@counts/claims}{2}', '\\makeatother']
    """
    lines = [rf"\@namedef{{overparam@{name}}}{{{text}}}" for name, text in sorted(_leaves(values, ""))]
    return TEX_HEAD + "\n".join([*lines, r"\makeatother"]) + "\n"


def _leaves(values: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    """Numbers and statuses by their paths; TeX would misread the signs of sentences, so they stay out."""
    for key, value in values.items():
        name = f"{path}/{key}" if path else str(key)
        if isinstance(value, Mapping):
            yield from _leaves(value, name)
        elif isinstance(value, bool) or value is None:
            continue
        elif isinstance(value, int | float):
            yield name, f"{value:.10g}"
        elif value in ("inf", "-inf"):
            yield name, value.replace("inf", r"\infty")
        elif key in ("status", "expected", "kind"):
            yield name, value
