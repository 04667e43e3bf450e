"""The page in a real Chromium, opened from a file, as a student gets it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from figures.page import PAGES, document
from tests.chromium import chromium as chromium


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as a file, far from the checkout."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(document(PAGES["double_descent"]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def scripts(chromium: Any, file: Path) -> Iterator[Any]:
    """A page whose functions tests call; with few trials, so that it is soon at rest."""
    page = chromium.new_page()
    page.goto(f"{file.as_uri()}#model=linear&n=10&trials=6")
    yield page
    page.close()
