"""Symbols and terms of the paper: each symbol has one meaning, and every one that is used is in the table."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTATION = json.loads((ROOT / "paper" / "notation.json").read_text("utf-8"))
SYMBOLS, TERMS = NOTATION["symbols"], NOTATION["terms"]
TEXTS = {
    path.name: path.read_text("utf-8") for path in (ROOT / "paper").glob("*.typ") if path.name != "style.typ"
}
WORDS = {
    "sum", "sqrt", "op", "dif", "quad", "thin", "tilde", "eq", "top", "tr", "log", "min", "hat", "cal",
    "underbrace", "oo", "times", "nabla", "dot", "diag", "bias", "samples", "features", "noise", "test",
    "train", "variance",
}  # fmt: skip
"""What stands in formulas and is no symbol: functions of mathematics and of Typst, and words."""
DISTINGUISHED = {"lambda", "M", "V"}
"""Letters that an index turns into another symbol: the ridge and the eigenvalues share one everywhere."""


def formulas(text: str) -> list[str]:
    """The formulas of a text, without code and comments."""
    text = re.sub(r"//.*", "", text)
    text = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)
    return re.findall(r"\$([^$]*)\$", text)


def letters(formula: str) -> list[str]:
    """The symbols of a formula without their indices, accents and powers.

    >>> letters('V_"XW" + hat(Sigma)_(-) beta_i')
    ['V', 'Sigma', 'beta', 'i']
    """
    formula = re.sub(r'_"\w+"|_\("\w+" epsilon\)|"[^"]*"', " ", formula)
    return [name for name in re.findall(r"[A-Za-z]+", formula) if name not in WORDS]


def in_table() -> set[str]:
    return {letter for row in SYMBOLS for letter in letters(row["symbol"])}


def strangers(text: str) -> set[str]:
    """Symbols of a text that are not in the table."""
    return {letter for formula in formulas(text) for letter in letters(formula)} - in_table()


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_symbol_is_in_the_table(name: str) -> None:
    assert strangers(TEXTS[name]) == set()


def test_a_symbol_that_is_not_in_the_table_is_found() -> None:
    assert strangers("$psi_i + T(gamma)$ and $ zeta = 0 $ but not `$mu$`") == {"psi", "zeta"}


def test_every_symbol_of_the_table_is_used() -> None:
    used = {letter for text in TEXTS.values() for formula in formulas(text) for letter in letters(formula)}
    assert in_table() - used == set()


def test_no_symbol_has_two_meanings() -> None:
    """A letter stands in one row; two rows share it only where an index tells them apart."""
    running = {"i", "j", "k"}
    rows = Counter(
        letter
        for row in SYMBOLS
        for letter in set(letters(re.sub(r"_\([^)]*\)|_\w+", "", row["symbol"]))) - running
    )
    twice = {letter for letter, count in rows.items() if count > 1}
    assert twice <= DISTINGUISHED
    whole = Counter(form.strip() for row in SYMBOLS for form in row["symbol"].split(","))
    assert [form for form, count in whole.items() if count > 1] == []
    assert len({row["meaning"] for row in SYMBOLS}) == len(SYMBOLS)


def test_p_over_n_has_no_symbol_of_its_own() -> None:
    """gamma is the effective ridge and nothing else: no formula says gamma = p/n."""
    every = [formula for text in TEXTS.values() for formula in formulas(text)]
    assert [formula for formula in every if re.search(r"gamma\s*=\s*p", formula)] == []


def test_names_of_the_code_are_used_there() -> None:
    code = "\n".join(
        path.read_text("utf-8") for package in ("theory", "sims") for path in (ROOT / package).rglob("*.py")
    )
    told = [name for row in SYMBOLS for name in row["code"].split(", ") if name]
    assert len(told) > 20
    assert [name for name in told if not re.search(rf"\b{re.escape(name)}\b", code)] == []


def test_terms_are_told_once_and_in_sentences() -> None:
    names = [row["term"] for row in TERMS]
    assert len(names) == len(set(names)) > 20
    assert all(row["meaning"][0].islower() and not row["meaning"].endswith(".") for row in TERMS)
