"""The site, built once from the checkout, and a Chromium."""

from pathlib import Path

import pytest

from figures import site
from tests.chromium import chromium as chromium

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site; a warning of Sphinx would have been an error."""
    pytest.importorskip("sphinx", reason="needs the extra `docs`")
    home = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))  # lectures keep trials and compiled code there
        assert site.write(home / "site", ROOT) == 0
    return home / "site"
