"""The entries of paper/references.bib: what a page says of its paper."""

import re
from pathlib import Path
from unicodedata import normalize

ENTRY = re.compile(r"@\w+\{(\w+),\n(.*?)\n\}", re.S)
ACCENTS = {"'": "\u0301", "`": "\u0300", '"': "\u0308", "^": "\u0302", "~": "\u0303"}
"""The accents of LaTeX as marks that join the letter before them."""
FIELD = re.compile(r"^\s*(\w+)\s*=\s*\{(.*)\},?$", re.M)


def entries(home: Path) -> dict[str, dict[str, str]]:
    """The fields of every entry, by its key."""
    text = (home / "paper" / "references.bib").read_text(encoding="utf-8")
    return {key: dict(FIELD.findall(body)) for key, body in ENTRY.findall(text)}


def reference(entry: dict[str, str]) -> str:
    """Authors, venue and year of an entry, and where its text is.

    >>> reference({"author": "Mei, Song and Montanari, Andrea", "journal": "CPAM", "year": "2022"})
    'Song Mei and Andrea Montanari. CPAM, 2022.'
    """
    names = [" ".join(reversed(name.split(", "))) for name in entry["author"].split(" and ")]
    authors = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    place = entry.get("journal") or entry.get("booktitle") or entry.get("publisher") or ""
    said = plain(f"{authors}. {', '.join(filter(None, (place, entry['year'])))}.")
    doi = entry.get("doi")
    return f"{said} `doi:{doi} <https://doi.org/{doi}>`__" if doi else said


def plain(text: str) -> str:
    r"""LaTeX's accents and braces as plain letters.

    >>> plain("{\\'E}douard {\\\"O}zg{\\\"u}r, where \\& why: {P}recise")
    'Édouard Özgür, where & why: Precise'
    """
    accented = re.sub(
        r"\\(['`\"^~])\{?(\w)\}?", lambda match: normalize("NFC", match[2] + ACCENTS[match[1]]), text
    )
    return re.sub(r"\\(?=&)|[{}]", "", accented)
