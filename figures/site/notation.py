"""Symbols and terms of the paper as pages: paper/notation.json is their only home."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from figures.site.settings import INCLUDED
from sims.data.named import require

ELSEWHERE = {" (@meanings)": "", "@core": "the equation"}
"""Places of the paper that its table names."""


def pages(home: Path) -> Iterator[tuple[str, str]]:
    """The table of symbols and the terms, for pages that include them, by the names of their files."""
    known = json.loads((home / "paper" / "notation.json").read_text(encoding="utf-8"))
    yield f"{INCLUDED}/symbols.md", _symbols(known["symbols"])
    yield f"{INCLUDED}/terms.md", _terms(known["terms"])


def _symbols(rows: list[dict[str, str]]) -> str:
    symbols = markdown([f"${row['symbol']}$" for row in rows])
    meanings = markdown([row["meaning"] for row in rows])
    lines = ["| symbol | in code | meaning |", "|---|---|---|"]
    for symbol, row, meaning in zip(symbols, rows, meanings, strict=True):
        code = ", ".join(f"`{name}`" for name in row["code"].split(", ") if name)
        cells = [cell.replace("|", r"\vert ") for cell in (symbol, code, meaning)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _terms(rows: list[dict[str, str]]) -> str:
    rows = sorted(rows, key=lambda row: row["term"])
    meanings = markdown([row["meaning"] for row in rows])
    entries = [f"{row['term']}\n    {meaning}\n" for row, meaning in zip(rows, meanings, strict=True)]
    return ":::{glossary}\n" + "\n".join(entries) + ":::\n"


def markdown(texts: Sequence[str]) -> list[str]:
    """Texts of Typst, each one paragraph, as Markdown with LaTeX's formulas."""
    require("pypandoc", "docs")
    from pypandoc import convert_text

    whole = "\n\n".join(texts)
    for place, words in ELSEWHERE.items():
        whole = whole.replace(place, words)
    told: str = convert_text(whole, "markdown-smart-citations", "typst", extra_args=["--wrap=none"])
    return told.strip().split("\n\n")
