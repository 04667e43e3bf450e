"""Claims for a reader: the list, the page of all claims, one claim in full; numbers as words."""

import shutil
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sims.claims import registry
from sims.claims.claim import Claim
from sims.claims.run import Row
from sims.shell import console
from sims.verdict.statuses import FAILED
from theory.papers import DEGREES, MARK

NOTE = f"; {MARK} a number that was not seen in the paper"
NARROWEST = 30
"""Characters that a wrapped column has at least, however narrow the terminal is."""


def listed(claims: Mapping[str, Claim]) -> str:
    """A table of claims, as wide as the terminal.

    >>> listed({}).splitlines()[-1]
    '0 claims of 0 papers'
    """
    wide = max((len(name) for name in claims), default=2)
    rows = [("id", "kind", "expected", "statement")]
    rows += [(name, claim.kind, claim.expected, claim.statement) for name, claim in claims.items()]
    lines = hanging(
        (f"{name:<{wide}}  {kind:<10}  {expected:<9}  ", words) for name, kind, expected, words in rows
    )
    keys = {name.partition(".")[0] for name in claims}
    talk = " and of everyday talk" if "everyday" in keys else ""
    papers = counted(len(keys - {"everyday"}), "paper")
    return "\n".join([*lines, "", f"{counted(len(claims), 'claim')} of {papers}{talk}"])


def markdown(claims: Mapping[str, Claim]) -> str:
    """The text of sims/claims/README.md.

    >>> markdown({}).splitlines()[0]
    '# Claims'
    """
    papers = {name.partition(".")[0] for name in claims}
    lines = [
        "# Claims",
        "",
        f"{len(claims)} claims in {len(papers)} modules, written by `python -m sims.claims list --markdown`.",
        "CI checks that each comes out with this status, and that wrong versions of it come out `disagrees`.",
        "`python -m sims.claims show ID` says what is simulated, and how sure the status is.",
        "",
        f"The statement was also compared with {checked(claims)}.",
        f"{MARK} follows a number that was not seen in the paper: we know it from memory or at second hand.",
        "",
        "| id | status | kind | statement | source | checked against |",
        "|---|---|---|---|---|---|",
    ]
    for name, claim in claims.items():
        statement = f"{claim.statement} *{claim.why}*" if claim.why else claim.statement
        cells = (f"`{name}`", claim.expected, claim.kind, statement, claim.source, DEGREES[claim.checked])
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def checked(claims: Mapping[str, Claim]) -> str:
    """How many claims were compared with what, in words.

    >>> checked({})
    "the paper's text for 0 claims, the authors' code for 0, and neither for 0"
    """
    count = Counter(claim.checked for claim in claims.values())
    text, code = counted(count["text"], "claim"), count["code"]
    return (
        f"{DEGREES['text']} for {text}, {DEGREES['code']} for {code}, and neither for {count['derivation']}"
    )


def shown(identifier: str, row: Row) -> str:
    """A claim in full, with what a quick run of it gave."""
    claim = registry.find(identifier)
    place, code = registry.code(identifier)
    settings = ", ".join(f"{name} = {value}" for name, value in claim.defaults.items())
    first = next(
        ((name, value) for name, value in claim.defaults.items() if not isinstance(value, str)), None
    )
    change = "" if first is None else f" --set {first[0]}={2 * first[1]:g}"
    lines = labelled(
        ("statement", claim.statement),
        ("status", claim.expected + (f": {claim.why}" if claim.why else "")),
        ("formula", claim.formula),
        ("source", claim.source),
        ("checked", f"against {DEGREES[claim.checked]}" + (NOTE if MARK in claim.source else "")),
        ("kind", claim.kind + (f", measured {claim.relation} theory" if claim.relation != "=" else "")),
        ("simulated", claim.simulated),
        ("settings", settings + (f"; {' and '.join(claim.grows)} doubled twice" if claim.grows else "")),
        ("trials", f"{claim.trials}, with --quick {claim.quick}"),
        ("sabotage", "; ".join(claim.sabotage)),
        *_quick_run(claim, row),
        ("change it", f"python -m sims.claims check {identifier}{change}"),
    )
    return f"{lines}\n\n{place}\n\n{code}"


def _quick_run(claim: Claim, row: Row) -> list[tuple[str, str]]:
    """What came of the claim's quick run, and how sure its status is."""
    if row["status"] == FAILED:
        return [("quick run", f"failed: {row['error']}")]
    points = []
    for point in row["sizes"][0]["points"]:
        name = f"{point['label']}: " if point["label"] else ""
        granted = f", allowance {percent(point['allowance'])}" if point["allowance"] else ""
        side = "" if claim.relation == "=" else f"{claim.relation} "
        theory = f"theory {side}{console.number(point['theory'])}"
        points.append(f"{name}{theory}, observed {observed(point)}{granted}")
    return [
        *zip(["quick run", *[""] * (len(points) - 1)], points, strict=True),
        ("", f"{row['status']}, resolution {percent(row['resolution'])}"),
        ("power", f"{claim.expected} with chance at least {sureness(row['power'])} with --quick"),
    ]


# ---------------------------------------------------------------- lines of text


def labelled(*lines: tuple[str, str]) -> str:
    """Words beside their names, in two columns; long words go on in the second.

    >>> print(labelled(("source", "[mei2022]"), ("", "its limit")))
    source     [mei2022]
               its limit
    """
    return "\n".join(
        textwrap.fill(
            words, 100, initial_indent=f"{name:<10} ", subsequent_indent=" " * 11, break_on_hyphens=False
        )
        for name, words in lines
    )


def hanging(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Lines of a head and words, as wide as the terminal; long words go on below themselves.

    >>> hanging([("id  ", "statement")])
    ['id  statement']
    """
    width = shutil.get_terminal_size((110, 24)).columns
    lines = []
    for head, words in rows:
        first, *rest = textwrap.wrap(words, max(width - len(head), NARROWEST))
        lines += [head + first, *(" " * len(head) + line for line in rest)]
    return lines


def observed(point: Mapping[str, Any]) -> str:
    """A measured number with its error.

    >>> observed({"observed": 1.23456, "se": 0.0123})
    '1.235 ± 0.012'
    """
    return f"{console.number(point['observed'])} ± {console.number(point['se'], 2)}"


def percent(share: float) -> str:
    """A relative size.

    >>> percent(0.0123), percent(1.234)
    ('1.2 %', '123 %')
    """
    return f"{100 * share:.0f} %" if 1 <= share < 100 else f"{console.number(100 * share, 2)} %"


def sureness(chance: float) -> str:
    """A chance near one.

    >>> sureness(1 - 5e-6), sureness(0.9)
    ('1 - 5e-06', '0.9')
    """
    return f"{chance:.3g}" if chance < 0.99 else f"1 - {max(1 - chance, 1e-9):.0e}"


def counted(number: int, thing: str) -> str:
    """A number of things.

    >>> counted(1, "claim"), counted(2, "claim")
    ('1 claim', '2 claims')
    """
    return f"{number} {thing}{'s' * (number != 1)}"
