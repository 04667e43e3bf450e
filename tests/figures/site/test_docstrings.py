"""Docstrings as reStructuredText, compared with what docutils makes of it."""

from typing import Any

import pytest

from figures.site.docstrings import as_rest

pytest.importorskip("docutils", reason="needs the extra `docs`")

TEXT = """The norm |beta|^2 of x_ and *not* emphasis; see `f` and [mei2022, Thm 2†].

    |beta|^2 = sum beta_i^2,
    n = p

Or in code:

    import theory

    theory.ridge(2)

Parameters
----------
n, p : array_like > 0
    Samples_ and |features|.
ridge : float

    Even after an empty line.

Returns
-------
Risk; inf at n = p.

Raises
------
ValueError
    n <= 0.

Source: own.

>>> 1 + 1
2
"""


def tree(text: str) -> Any:
    from docutils.core import publish_doctree

    return publish_doctree(text, settings_overrides={"report_level": 1, "halt_level": 1})


@pytest.fixture
def read() -> Any:
    return tree(as_rest(TEXT, lambda name: ""))


def test_what_has_a_meaning_in_rest_stands_for_itself(read: Any) -> None:
    first = read[0].astext()
    assert first == "The norm |beta|^2 of x_ and *not* emphasis; see f and [mei2022, Thm 2†]."


def test_formulas_code_and_examples_are_told_apart(read: Any) -> None:
    from docutils import nodes

    (formula,) = read.findall(nodes.math_block)
    assert formula.astext().count("&") == 2
    assert r"\beta_{i}^{2}" in formula.astext()
    assert [block.astext() for block in read.findall(nodes.literal_block)] == [
        "import theory\n\ntheory.ridge(2)"
    ]
    assert [block.astext() for block in read.findall(nodes.doctest_block)] == [">>> 1 + 1\n2"]


def test_sections_are_fields_with_their_entries(read: Any) -> None:
    from docutils import nodes

    assert [field.astext() for field in read.findall(nodes.field_name)] == ["Parameters", "Returns", "Raises"]
    entries = [entry.astext() for entry in read.findall(nodes.list_item)]
    assert entries == [
        "n, p (array_like > 0) --\nSamples_ and |features|.",
        "ridge (float) --\nEven after an empty line.",
        "ValueError --\nn <= 0.",
    ]
    assert "Source: own." in [paragraph.astext() for paragraph in read.findall(nodes.paragraph)]


def test_names_and_papers_link_where_there_is_something() -> None:
    known = {"f": ":py:obj:`f <a.f>`", "mei2022": ":doc:`/papers/mei2022`"}
    text = as_rest("`f`, `g`, [mei2022, Thm 2†], [mei2022†], [no1900]", lambda name: known.get(name, ""))
    assert ":py:obj:`f <a.f>`, ``g``, [:doc:`/papers/mei2022`, Thm 2†]" in text
    assert "[:doc:`/papers/mei2022`\\ †]" in text
    assert "[no1900]" in text
