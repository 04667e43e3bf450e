"""What each paper's module says of itself: key, title, error, and the status of each function."""

from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import sims.claims.papers
from theory import papers

HERE = Path(__file__).parent
CLAIMS = {path.stem for path in Path(sims.claims.papers.__file__).parent.glob("[!_]*.py")} - {"everyday"}


def is_public_function(module: ModuleType, name: str, value: Any) -> bool:
    own = getattr(value, "__module__", None) == module.__name__
    return own and callable(value) and not name.startswith("_") and not isinstance(value, type)


def test_there_are_as_many_as_promised() -> None:
    assert len(papers.modules()) >= 48


@pytest.mark.parametrize(("key", "module"), papers.modules().items())
def test_metadata_is_complete(key: str, module: ModuleType) -> None:
    paper = module.PAPER
    assert paper.key == key
    assert paper.title
    assert paper.error
    assert paper.penalty
    functions = {name for name, value in vars(module).items() if is_public_function(module, name, value)}
    assert set(paper.statements) == functions
    for status in paper.statements.values():
        assert status.startswith(papers.STATUSES)

    assert set(paper.checked) <= functions
    assert all(paper.degree(name) in papers.DEGREES for name in functions)


def test_every_function_has_one_degree() -> None:
    by_degree = papers.degrees()
    assert list(by_degree) == list(papers.DEGREES)
    assert all(by_degree.values())
    named = sorted(name for names in by_degree.values() for name in names)
    assert named == sorted(f"{key}.{name}" for key, module in papers.modules().items()
                           for name in module.PAPER.statements)  # fmt: skip


def test_what_the_paper_alone_answers_for_was_read_there() -> None:
    for key, module in papers.modules().items():
        for name, status in module.PAPER.statements.items():
            if status.startswith("stated"):
                assert f"{key}.{name}" in papers.degrees()["text"]


@pytest.mark.parametrize("checked", [{"no_function": "text"}, {"risk": "memory"}])
def test_a_degree_needs_a_function_and_a_known_word(checked: Any) -> None:
    paper = papers.modules()["mei2022"].PAPER
    with pytest.raises(ValueError, match=r"checked = .* of mei2022 needs a function of `statements`"):
        replace(paper, checked=checked)


def test_every_paper_has_claims() -> None:
    assert set(papers.modules()) <= CLAIMS, set(papers.modules()) - CLAIMS


@pytest.mark.parametrize("key", papers.modules())
def test_every_paper_has_its_tests(key: str) -> None:
    assert (HERE / f"test_{key}.py").is_file(), f"tests/theory/papers/test_{key}.py is missing"
