"""A fixture for the folders whose tests run commands: the user's own store is neither read nor written."""

from pathlib import Path

import pytest

from sims.trials import store


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where commands in this process keep trials; those in others are told by --store."""
    path = tmp_path.parent / f"{tmp_path.name}.sqlite"  # beside: tests count the files of tmp_path
    monkeypatch.setattr(store, "default_path", lambda: path)
    return path
