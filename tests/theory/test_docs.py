"""Every public function says where its formula comes from, what it takes, and shows one use."""

import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import theory
from theory.index import NO_FORMULAS

SOURCES = Path(theory.__file__).parent
REFERENCES = SOURCES.parent / "paper" / "references.bib"
CITATION = re.compile(r"\[([a-z]+\d{4}[a-z]*)\b[^\]]*\]")


def public() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Public functions and constructors (class methods) of the modules of theory and its papers."""
    for info in pkgutil.walk_packages(theory.__path__, "theory."):
        if info.ispkg or "._" in info.name or info.name.startswith(NO_FORMULAS):
            continue  # packages list their modules, proofs cite papers by their name
        module = import_module(info.name)
        owners = {"": module} | {
            f"{name}.": value
            for name, value in vars(module).items()
            if inspect.isclass(value) and value.__module__ == info.name and not issubclass(value, tuple)
        }
        for prefix, owner in owners.items():
            for name in vars(owner):
                value = getattr(owner, name)
                mine = inspect.isfunction(value) if owner is module else inspect.ismethod(value)
                if mine and value.__module__ == info.name and not name.startswith("_"):
                    yield f"{info.name.removeprefix('theory.')}.{prefix}{name}", value


FUNCTIONS = dict(public())


def keys() -> set[str]:
    return set(re.findall(r"^@\w+\{([^,\s]+),", REFERENCES.read_text("utf-8"), re.MULTILINE))


def test_functions_are_found() -> None:
    expected = {"equivalent.ridge", "problem.Problem.isotropic", "papers.mei2022.risk", "sphere.legendre"}
    assert expected <= set(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_is_documented(name: str) -> None:
    function = FUNCTIONS[name]
    text = inspect.getdoc(function) or ""
    assert set(CITATION.findall(text)) & keys(), "cites no key of paper/references.bib"
    assert re.search(r"^Source: ", text, re.MULTILINE), "has no line 'Source: [key, ...]'"
    assert ">>> " in text, "has no example"
    if inspect.signature(function).parameters:
        assert re.search(r"^Parameters\n-{10}$", text, re.MULTILINE), "has no section Parameters"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_parameter_is_described(name: str) -> None:
    text = inspect.getdoc(FUNCTIONS[name]) or ""
    section = text.partition("Parameters\n----------\n")[2].partition("\n\n")[0]
    described = {
        word
        for line in section.splitlines()
        if not line.startswith(" ")
        for word in re.split(r",\s*", line.partition(" : ")[0].strip())
    }
    assert set(inspect.signature(FUNCTIONS[name]).parameters) == described


def test_every_citation_has_its_reference() -> None:
    cited = {
        (path.relative_to(SOURCES).as_posix(), key)
        for path in SOURCES.rglob("*.py")
        for key in CITATION.findall(path.read_text("utf-8"))
    }
    assert {(f"papers/{key}.py", key) for key in theory.papers.modules()} <= cited
    assert sorted((path, key) for path, key in cited if key not in keys()) == []


@pytest.mark.parametrize("module", [info.name for info in pkgutil.iter_modules([str(SOURCES / "papers")])])
def test_every_paper_has_its_reference(module: str) -> None:
    assert module in keys()
