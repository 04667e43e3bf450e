"""What each paper's module says of itself: key, title, error, and the status of each function."""

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


def test_every_paper_has_claims() -> None:
    assert set(papers.modules()) <= CLAIMS, set(papers.modules()) - CLAIMS


@pytest.mark.parametrize("key", papers.modules())
def test_every_paper_has_its_tests(key: str) -> None:
    assert (HERE / f"test_{key}.py").is_file(), f"tests/theory/papers/test_{key}.py is missing"
