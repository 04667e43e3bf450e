"""A real Chromium for tests, installed by the system and driven by playwright."""

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

REQUIRED = "OVERPARAM_REQUIRE_BROWSER"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser for the tests of one file: while it runs, no other test of this process can have a loop."""
    command = shutil.which("chromium")
    if command is None or find_spec("playwright") is None:
        if os.environ.get(REQUIRED):
            pytest.fail(f"{REQUIRED} is set, and there is no playwright or no command chromium")
        pytest.skip("no playwright or no command chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=command, args=["--no-sandbox"])
        yield browser
        browser.close()
