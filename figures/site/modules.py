"""The public names of the packages, read from the sources without running them."""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("overparam", "theory", "sims", "figures")
ELSEWHERE = ("figures.plots.", "sims.claims.papers.", "figures.explorer.app")
"""Modules with pages of another kind: figures, claims; and a notebook."""


class Module(NamedTuple):
    """A module with what it defines."""

    name: str
    tree: ast.Module
    door: bool
    """Is it a package, or `overparam`, which hand on the names of others?"""

    @property
    def text(self) -> str:
        """The docstring."""
        return ast.get_docstring(self.tree) or ""

    @property
    def summary(self) -> str:
        """The first sentence of the docstring."""
        return " ".join(self.text.partition("\n\n")[0].split())


class Member(NamedTuple):
    """A function, a class, or a value with a docstring."""

    name: str
    node: ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign
    text: str


@cache
def modules() -> dict[str, Module]:
    """The public modules by name, in the order of the packages.

    >>> "theory.equivalent" in modules(), "figures.plots.mei2022_risk" in modules()
    (True, False)
    """
    return {module.name: module for package in PACKAGES for module in _found(package)}


def _found(package: str) -> Iterator[Module]:
    single = ROOT / f"{package}.py"
    files = [single] if single.is_file() else sorted((ROOT / package).rglob("*.py"))
    for file in files:
        parts = file.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if not name.startswith(ELSEWHERE) and not any(part.startswith("_") for part in name.split(".")):
            door = parts[-1] == "__init__" or len(parts) == 1
            yield Module(name, ast.parse(file.read_text(encoding="utf-8")), door)


def members(body: list[ast.stmt]) -> list[Member]:
    """What a module or a class defines for others, in the order of the text."""
    found = []
    for node, following in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(Member(node.name, node, ast.get_docstring(node) or ""))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if isinstance(target, ast.Name):
                found.append(Member(target.id, node, _said(following)))
    return [member for member in found if not member.name.startswith("_")]


def _said(node: ast.stmt | None) -> str:
    """The string that follows a value, which says what it is."""
    value = node.value.value if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) else ""
    return inspect.cleandoc(value) if isinstance(value, str) else ""


def public(module: Module) -> list[Member]:
    """The members of a module that the reference shows: functions, classes, values with a docstring."""
    return [
        member
        for member in members(module.tree.body)
        if isinstance(member.node, ast.FunctionDef | ast.ClassDef) or member.text
    ]


@cache
def names() -> dict[str, str]:
    """Full names by every name that they can be imported by.

    >>> names()["theory.ridge"], names()["theory.risk.Risk.test"]
    ('theory.equivalent.ridge', 'theory.risk.Risk.test')
    """
    known = {name: name for name in modules()}
    for module in modules().values():
        for member in public(module):
            full = f"{module.name}.{member.name}"
            known[full] = full
            if isinstance(member.node, ast.ClassDef):
                inside = (f"{full}.{inner.name}" for inner in members(member.node.body))
                known.update((name, name) for name in inside)
    imported = {alias: source for module in modules().values() for alias, source in _imported(module)}
    for alias in imported:
        source, steps = imported[alias], 0
        while source in imported and source not in known and steps < 5:
            source, steps = imported[source], steps + 1
        if source in known:
            known.setdefault(alias, known[source])
    return known


def _imported(module: Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PACKAGES:
            for alias in node.names:
                yield f"{module.name}.{alias.asname or alias.name}", f"{node.module}.{alias.name}"


def resolved(name: str, module: str, owner: str = "") -> str:
    """The full name of what a docstring of that module, and of that class, calls so; "" if it is not public.

    >>> resolved("theory.ridge", "sims.fit"), resolved("random_features", "theory.equivalent")
    ('theory.equivalent.ridge', 'theory.equivalent.random_features')
    """
    name = name.partition("(")[0]
    candidates = [f"{module}.{owner}.{name}"] if owner else []
    candidates += [f"{module}.{name}", name]
    for candidate in candidates:
        if candidate in names():
            return names()[candidate]
        head, _, last = candidate.rpartition(".")
        if head in names() and f"{names()[head]}.{last}" in names():
            return names()[f"{names()[head]}.{last}"]
    return ""
