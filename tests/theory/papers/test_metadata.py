"""What each paper's module says of itself: key, title, error, and the status of each function."""

from types import ModuleType
from typing import Any

import pytest

from theory import papers


def is_public_function(module: ModuleType, name: str, value: Any) -> bool:
    own = getattr(value, "__module__", None) == module.__name__
    return own and callable(value) and not name.startswith("_") and not isinstance(value, type)


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
        assert status.startswith(("proved", "verified", "unverified", "definition"))
