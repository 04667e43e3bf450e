"""Every public formula with its concept, summary, source and a call that runs, read from the docstrings."""

from __future__ import annotations

import ast
import builtins
import doctest
import inspect
import pkgutil
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

import theory
from theory.names import own_names

__dir__ = own_names(globals())

NO_FORMULAS = tuple(
    f"theory.{name}" for name in ("arguments", "engines", "index", "names", "notebook", "proofs")
)
"""Modules and packages that serve the formulas, or speak of them."""

TOPICS = {
    "problem": "spectrum, source and capacity conditions",
    "equivalent": "double descent, interpolation threshold, Marchenko-Pastur, deterministic equivalents, "
    "kernel regression, ridge regression",
    "consequences": "optimal regularization, negative ridge, ensembles, covariate shift, double descent",
    "labels": "distillation, weak-to-strong generalization, model collapse",
    "bayes": "Gaussian processes, evidence, calibration",
    "sgd": "stochastic gradient descent, batch size, momentum, learning-rate schedule",
    "sparse": "Lasso, basis pursuit, sparsity, compressed sensing",
    "exact": "double descent, interpolation threshold, finite samples",
    "validation": "cross-validation",
    "dynamics": "early stopping, epoch-wise double descent, lazy training, neural tangent kernel",
    "kernel": "wide networks, neural tangent kernel, lazy training, Gaussian processes, edge of chaos, "
    "order and chaos, initialization",
    "activation": "random features, Gaussian equivalence",
    "sphere": "spectral bias, neural tangent kernel",
    "classification": "max margin, implicit bias, separability, interpolation threshold",
    "descent": "convergence of gradient descent, lazy training, implicit bias",
    "complexity": "generalization bounds, capacity, norms",
    "tradeoff": "scaling laws, compute-optimal training, optimal regularization, double descent",
}
"""Headline words of the field for each concept, in the order of the index. Those of a paper stand in its
PAPER."""


class Entry(NamedTuple):
    """A formula in the index."""

    name: str
    summary: str
    source: str
    call: str
    """Python in one line, imports included."""
    concept: str
    """The module of theory that holds the formula, or the key of its paper."""
    topics: str
    """Headline words of the field, and the authors of the paper, joined by commas."""


class Concept(NamedTuple):
    """A heading of the index."""

    name: str
    """A module of theory, or the key of a paper."""
    title: str
    """First line of its docstring."""
    paper: bool


def entries(word: str = "") -> list[Entry]:
    """The formulas that a word finds, in the order of the concepts and then of the papers.

    The word may be a part of the name, the summary, the source or the topics, or the family name of an
    author; case, accents and hyphens do not count.

    >>> entries("hastie2022.optimal_ridge")[0].call
    'from theory.papers import hastie2022; hastie2022.optimal_ridge(2.0, signal=4.0, noise=1.0)'
    """
    matches = matcher(word)
    return [
        entry
        for entry in _every()
        if matches(f"{entry.name} | {entry.summary} | {entry.source} | {entry.topics}")
    ]


@cache
def _every() -> tuple[Entry, ...]:
    """All formulas: the concepts in the order of `TOPICS`, then the papers by their keys."""
    order = {name: rank for rank, name in enumerate(TOPICS)}

    def rank(entry: Entry) -> tuple[bool, int]:
        return entry.name.startswith("theory.papers."), order.get(entry.concept, len(order))

    return tuple(sorted((_entry(name, function) for name, function in public()), key=rank))


def concepts(chosen: list[Entry]) -> dict[Concept, list[Entry]]:
    """The entries by their concept.

    >>> [concept.name for concept in concepts(entries("ensemble"))]
    ['consequences', 'dascoli2020', 'lejeune2020']
    """
    grouped: dict[Concept, list[Entry]] = {}
    for entry in chosen:
        paper = entry.name.startswith("theory.papers.")
        module = import_module(f"theory.papers.{entry.concept}" if paper else f"theory.{entry.concept}")
        title = " ".join((inspect.getdoc(module) or "").partition("\n\n")[0].split())
        grouped.setdefault(Concept(entry.concept, title, paper), []).append(entry)
    return grouped


def words() -> list[str]:
    """What can be looked for besides the words of the texts: parts of names, topics, authors."""
    every = entries()
    parts = {part for entry in every for part in entry.name.split(".")}
    return sorted(parts | {topic for entry in every for topic in entry.topics.split(", ")})


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
    concept, topics = _concept(function)
    return Entry(
        name,
        " ".join(text.partition("\n\n")[0].split()),
        " ".join(source[1].split()) if source else "",
        _call(text, function),
        concept,
        topics,
    )


def _concept(function: Callable[..., Any]) -> tuple[str, str]:
    """The concept of a function and its topics."""
    _, *parts = function.__module__.split(".")
    if parts[0] != "papers":
        return parts[0], TOPICS.get(parts[0], "")
    paper = import_module(function.__module__).PAPER
    return paper.key, ", ".join([*paper.topics, *paper.authors])


# ---------------------------------------------------------------- the search


def matcher(word: str) -> Callable[[str], bool]:
    """Whether a text has the word; case, accents and hyphens do not count.

    The family name of an author is no part of a longer word: Du is not in dual.

    >>> [matcher("du")(text) for text in ("the dual", "Du, Hu")]
    [False, True]
    >>> matcher("Marchenko-Pastur")("by Marchenko pastur")
    True
    """
    sought = _folded(word)
    authors = {
        _folded(author)
        for module in import_module("theory.papers").modules().values()
        for author in module.PAPER.authors
    }
    pattern = re.compile(
        rf"(?<![a-z]){re.escape(sought)}(?![a-z])" if sought in authors else re.escape(sought)
    )

    def matches(text: str) -> bool:
        return bool(pattern.search(_folded(text)))

    return matches


def _folded(text: str) -> str:
    """Without case, accents and hyphens."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[-\u2010-\u2015]", " ", plain).casefold().split())


# ---------------------------------------------------------------- the call


def _call(text: str, function: Callable[..., Any]) -> str:
    """The first call of the function in its examples, with what it needs from the lines before."""
    name, module = function.__name__, import_module(function.__module__)
    lines = [
        statement
        for example in doctest.DocTestParser().get_examples(text)
        for statement in ast.parse(example.source).body
    ]
    for number, line in enumerate(lines):
        before = lines[:number]
        for node in ast.walk(line):
            if isinstance(node, ast.Call) and _called(node) == name:
                known = {bound for earlier in before for bound in _bound(earlier)}
                free = _free(node) - known - vars(module).keys() - vars(builtins).keys()
                call = line if free else node  # inside a comprehension
                return _one_line([*_needed(before, _free(call)), call], module)
    return ""


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _needed(before: list[ast.stmt], names: set[str]) -> list[ast.stmt]:
    """The statements that bind these names, in order."""
    needed: list[ast.stmt] = []
    for line in reversed(before):
        if _bound(line) & names:
            needed.insert(0, line)
            names = names | _free(line)
    return needed


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
    statement = f"from {package} import {name}" if package else f"import {name}"
    return statement if name == alias else f"{statement} as {alias}"


def _one_line(lines: list[Any], module: ModuleType) -> str:
    qualified = _Qualified(module, {bound for line in lines for bound in _bound(line)})
    statements = [ast.unparse(qualified.visit(line)) for line in lines]
    return "; ".join([*qualified.imports, *statements])
