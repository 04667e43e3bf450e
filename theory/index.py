"""Every public formula with its summary, its source and a call that runs, read from the docstrings."""

from __future__ import annotations

import ast
import builtins
import doctest
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

import theory
from theory.names import own_names

__dir__ = own_names(globals())

NO_FORMULAS = ("theory.arguments", "theory.engines", "theory.index", "theory.names", "theory.proofs")
"""Modules and packages that serve the formulas, or speak of them."""


class Entry(NamedTuple):
    """A line of the index."""

    name: str
    summary: str
    source: str
    call: str
    """Python in one line, imports included."""


def entries(word: str = "") -> list[Entry]:
    """The formulas whose name, summary or source has the word, in any case.

    >>> entries("hastie2022.optimal_ridge")[0].call
    'from theory.papers import hastie2022; hastie2022.optimal_ridge(2.0, signal=4.0, noise=1.0)'
    """
    found = [_entry(name, function) for name, function in public()]
    sought = word.casefold()
    return [entry for entry in found if sought in f"{entry.name} {entry.summary} {entry.source}".casefold()]


def public() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Functions and constructors of theory and its papers, by the shortest name they have."""
    for info in pkgutil.walk_packages(theory.__path__, "theory."):
        if info.ispkg or "._" in info.name or info.name.startswith(NO_FORMULAS):
            continue  # packages hold modules; proofs are about formulas and hold none
        module = import_module(info.name)
        for name, value in vars(module).items():
            if name.startswith("_") or getattr(value, "__module__", "") != info.name:
                continue
            if inspect.isfunction(value):
                yield _path(value), value
            elif inspect.isclass(value) and not issubclass(value, tuple):
                for own in vars(value):
                    if not own.startswith("_") and inspect.ismethod(getattr(value, own)):
                        yield f"{_path(value)}.{own}", getattr(value, own)


def _path(value: Any) -> str:
    """The shortest path to a function or class: theory.ridge, not theory.equivalent.ridge."""
    parts = value.__module__.split(".")
    name = value.__name__
    for length in range(1, len(parts)):
        package = ".".join(parts[:length])
        if getattr(import_module(package), name, None) is value:
            return f"{package}.{name}"
    return f"{value.__module__}.{name}"


def _entry(name: str, function: Callable[..., Any]) -> Entry:
    text = inspect.getdoc(function) or ""
    source = re.search(r"^Source: (.*?)(?:\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
    return Entry(
        name,
        " ".join(text.partition("\n\n")[0].split()),
        " ".join(source[1].split()) if source else "",
        _call(text, function),
    )


# ---------------------------------------------------------------- the call


def _call(text: str, function: Callable[..., Any]) -> str:
    """The first call of the function in its examples, with what it needs from the lines before."""
    name, module = function.__name__, import_module(function.__module__)
    lines = [
        statement
        for example in doctest.DocTestParser().get_examples(text)
        for statement in ast.parse(example.source).body
    ]
    for place, line in enumerate(lines):
        for node in ast.walk(line):
            if isinstance(node, ast.Call) and _called(node) == name:
                known = {bound for before in lines[:place] for bound in _bound(before)}
                free = _free(node) - known - vars(module).keys() - vars(builtins).keys()
                call = line if free else node  # inside a comprehension
                return _one_line([*_needed(lines[:place], _free(call)), call], module)
    return ""


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _needed(before: list[ast.stmt], names: set[str]) -> list[ast.stmt]:
    """The statements that bind these names, in order."""
    kept: list[ast.stmt] = []
    for line in reversed(before):
        if _bound(line) & names:
            kept.insert(0, line)
            names = names | _free(line)
    return kept


def _bound(line: ast.AST) -> set[str]:
    imports = [node for node in ast.walk(line) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.asname or alias.name.partition(".")[0] for node in imports for alias in node.names}
    return names | {node.id for node in _names(line) if isinstance(node.ctx, ast.Store)}


def _free(line: ast.AST) -> set[str]:
    return {node.id for node in _names(line) if isinstance(node.ctx, ast.Load)}


def _names(line: ast.AST) -> list[ast.Name]:
    return [node for node in ast.walk(line) if isinstance(node, ast.Name)]


class _Qualified(ast.NodeTransformer):
    """Names of a module by their public path; collects what must be imported."""

    def __init__(self, module: ModuleType, bound: set[str]) -> None:
        self._module, self._bound = module, bound
        self.imports: dict[str, None] = {}

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = vars(self._module).get(node.id)
        if value is None or node.id in self._bound:
            return node
        if inspect.ismodule(value):
            package, _, name = value.__name__.rpartition(".")
            self.imports[_import(package, name, node.id)] = None
            return node
        if not (inspect.isfunction(value) or inspect.isclass(value)):
            return node
        path = _path(value)
        if path.startswith("theory.papers."):
            _, _, key, name = path.split(".")
            self.imports[f"from theory.papers import {key}"] = None
            path = f"{key}.{name}"
        else:
            self.imports["import theory"] = None
        return ast.parse(path, mode="eval").body


def _import(package: str, name: str, alias: str) -> str:
    told = f"from {package} import {name}" if package else f"import {name}"
    return told if name == alias else f"{told} as {alias}"


def _one_line(lines: list[Any], module: ModuleType) -> str:
    qualified = _Qualified(module, {bound for line in lines for bound in _bound(line)})
    told = [ast.unparse(qualified.visit(line)) for line in lines]
    return "; ".join([*qualified.imports, *told])
