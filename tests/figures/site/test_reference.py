"""The reference has every public name once, and its links lead to what Python finds by the same name."""

import ast
import inspect
import re
from importlib import import_module
from typing import Any

import pytest

from figures.site import modules, reference

PAGES = dict(reference.pages())


def found(name: str) -> Any:
    """What Python has by a full name."""
    module = next(head for head in heads(name) if head in modules.modules())
    value: Any = import_module(module)
    for part in name[len(module) + 1 :].split("."):
        value = getattr(value, part)
    return value


def heads(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(len(parts), 0, -1)]


@pytest.mark.parametrize("package", modules.PACKAGES)
def test_every_public_function_and_class_is_there(package: str) -> None:
    lacking = []
    for name in modules.modules():
        if name.split(".")[0] != package:
            continue
        for own, value in vars(import_module(name)).items():
            home = getattr(value, "__module__", "")
            if own.startswith("_") or home != name or getattr(value, "__name__", "") != own:
                continue
            if not re.search(rf"^\.\. py:\w+:: {own}\b", PAGES[f"api/{name}.rst"], re.M):
                lacking.append(f"{name}.{own}")
    assert lacking == []


def test_private_names_are_not() -> None:
    assert [name for name in modules.names() if "._" in name] == []
    assert [name for name, text in PAGES.items() if re.search(r"^ *\.\. py:\w+:: _", text, re.M)] == []


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("theory.random_features", "sims.fit"),
        ("Problem.from_features", "theory.problem"),
        ("judge", "overparam"),
        ("theory.kernel.ntk", "theory"),
        ("min_norm_path", "sims.fit.paths"),
    ],
)
def test_a_link_leads_to_the_thing_itself(name: str, module: str) -> None:
    home: Any = import_module(module)
    direct: Any = home
    for part in name.split("."):
        direct = getattr(direct, part, None) or import_module(part)
    assert found(modules.resolved(name, module)) == direct


def test_what_is_not_public_has_no_link() -> None:
    assert modules.resolved("nothing", "theory") == ""
    assert modules.resolved("numpy.array", "theory") == ""
    assert modules.resolved("theory.nothing", "theory") == ""


def test_signatures_are_pythons_own() -> None:
    for name in ("theory.equivalent", "sims.fit.paths", "theory.consequences"):
        module = modules.modules()[name]
        for member in modules.public(module):
            value = getattr(import_module(name), member.name)
            if inspect.isfunction(value):
                assert isinstance(member.node, ast.FunctionDef)
                (read,) = ast.parse(f"def f{reference.signature(member.node, name)}: ...").body
                assert isinstance(read, ast.FunctionDef)
                told = [each.arg for each in (*read.args.posonlyargs, *read.args.args, *read.args.kwonlyargs)]
                assert told == list(inspect.signature(value).parameters)
