"""What the tests of commands share: a run in a process of its own, and documents against their schema."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from sims.shell.schema import schema

# from any folder these files run, whatever is installed
ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}


def run(module: str, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """`python -m module words`, from that folder."""
    return subprocess.run(
        [sys.executable, "-m", module, *words],
        capture_output=True, text=True, encoding="utf-8", timeout=300, cwd=cwd, env=ENVIRONMENT,
    )  # fmt: skip


def the_file(folder: Path, pattern: str) -> Path:
    """The only file of a folder that has such a name."""
    (path,) = folder.glob(pattern)
    return path


def assert_valid(package: str, document: Any) -> None:
    """The document is as `--json-schema` of the command says."""
    errors = Draft202012Validator(schema(package)).iter_errors(document)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []
