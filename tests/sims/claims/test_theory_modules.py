"""Claims on a paper compare the simulation with the theory module of that paper, not with a copy of it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
KEYS = sorted(
    path.stem
    for path in (ROOT / "sims" / "claims" / "papers").glob("[a-z]*.py")
    if (ROOT / "theory" / "papers" / path.name).is_file()
)


def _file(module: str) -> Path | None:
    path = ROOT.joinpath(*module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


def _imports(file: Path) -> set[str]:
    """Modules that a file imports, and names from modules, which may be modules."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _used(module: str, seen: set[str]) -> set[str]:
    """Everything that a module imports, itself or by the experiments that it uses."""
    file = _file(module)
    if file is None or module in seen:
        return seen
    seen.add(module)
    for name in _imports(file):
        if name.startswith("sims.experiments"):
            _used(name, seen)
        else:
            seen.add(name)
    return seen


def test_every_key_with_a_theory_module_and_claims_is_listed() -> None:
    assert {"zhou2021", "bahri2021", "oneto2023"} <= set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_claims_use_the_theory_module_of_their_paper(key: str) -> None:
    assert f"theory.papers.{key}" in _used(f"sims.claims.papers.{key}", set())
