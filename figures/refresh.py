"""What follows from the code in the texts of a checkout: tables, counts and captions, all written here."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import theory.papers
from figures import gallery, numbers, registry
from sims.claims import registry as claims_registry
from sims.claims import report
from sims.verdict.statuses import DISAGREES

COUNTS = {
    "claims": r"`python -m sims\.claims list` shows (\d+) claims",
    "papers": r"claims of (\d+) papers and of everyday talk",
    "refuted": r"Of all claims,? (\d+) are refuted",
    "exercises": r"`python -m sims\.claims exercise` lists the (\d+) that",
    "figures": r"This picture and (\d+) more are in the \[gallery\]",
}
"""Where README.md has a count: a pattern, its spaces any white space, with the count as its group."""
TABLE = re.compile(r"(?<=<!-- papers:begin -->\n).*(?=\n<!-- papers:end -->)", re.S)


def write(home: Path) -> list[Path]:
    """Rewrite every generated text of the checkout but measured numbers, and say which files changed."""
    changed = stale(home)
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8", newline="")
    return list(changed)


def stale(home: Path) -> dict[Path, str]:
    """The generated texts of the checkout that are not what they should be, and what they should be."""
    texts = _texts(home)
    return {path: text for path, text in texts.items() if _read(path) != text}


def missing(home: Path) -> list[str]:
    """Claims and figures without numbers in paper/numbers.json."""
    known = json.loads(_read(home / "paper" / "numbers.json"))
    ids, _ = claims_registry.select([])
    return [
        name
        for kind, names in (("claims", ids), ("figures", registry.names()))
        for name in names
        if name not in known[kind]
    ]


def _texts(home: Path) -> dict[Path, str]:
    ids, _ = claims_registry.select([])
    claims = {name: claims_registry.find(name) for name in ids}
    front, theory_page = home / "README.md", home / "theory" / "README.md"
    paper = home / "paper"
    known = numbers.reworded(json.loads(_read(paper / "numbers.json")))
    return {
        front: counted(_read(front), _counts(_read(front))),
        theory_page: _with_table(_read(theory_page)),
        home / "sims" / "claims" / "README.md": report.markdown(claims) + "\n",
        home / "figures" / "GALLERY.md": gallery.page(known["figures"]),
        paper / "numbers.json": numbers.as_json(known),
        paper / "numbers.tex": numbers.as_tex(json.loads(numbers.as_json(known))),
    }


def _counts(front: str) -> dict[str, int]:
    ids, _ = claims_registry.select([])
    claims = [claims_registry.find(name) for name in ids]
    shown = len(set(re.findall(r"figures/gallery/(\w+)\.png", front)))
    return {
        "claims": len(claims),
        "papers": len(set(claims_registry.keys()) - {"everyday"}),
        "refuted": sum(claim.expected == DISAGREES for claim in claims),
        "exercises": sum(claim.exercise is not None for claim in claims),
        "figures": len(registry.names()) - shown,
    }


def counted(text: str, counts: Mapping[str, int]) -> str:
    """README.md with these counts in the places of COUNTS.

    >>> counted("This picture and 3 more are in the [gallery].", {"figures": 4})
    'This picture and 4 more are in the [gallery].'
    >>> counted("This is in the gallery.", {"figures": 4})
    Traceback (most recent call last):
    ValueError: README.md should name the count of figures in one place, like 'This picture ...
    """
    for name, count in counts.items():
        found = list(re.finditer(COUNTS[name].replace(" ", r"\s+"), text))
        if len(found) != 1:
            raise ValueError(
                f"README.md should name the count of {name} in one place, like {COUNTS[name]!r}, "
                f"not in {len(found)} places"
            )
        start, end = found[0].span(1)
        text = f"{text[:start]}{count}{text[end:]}"
    return text


def _with_table(page: str) -> str:
    if len(TABLE.findall(page)) != 1:
        raise ValueError("theory/README.md should have one table between papers:begin and papers:end")
    return TABLE.sub(lambda _: theory.papers.table(), page)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
