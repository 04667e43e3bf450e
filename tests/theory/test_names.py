"""What a module shows in `dir` and `help`: its own names, with signatures that can be read."""

import inspect
import pkgutil
import pydoc
from importlib import import_module
from types import ModuleType

import pytest

import theory
from theory.index import public
from theory.names import own_names

MODULES = ["theory"] + [
    info.name
    for info in pkgutil.walk_packages(theory.__path__, "theory.")
    if "._" not in info.name and not info.name.startswith("theory.engines")
]
NO_NAMES = {"theory.names"}
"""Modules that need no such list, because they import nothing that could be taken for their own."""
FUNCTIONS = dict(public())


@pytest.mark.parametrize(
    "name", [name for name in MODULES if name not in NO_NAMES and "__main__" not in name]
)
def test_dir_shows_public_names_alone(name: str) -> None:
    module = import_module(name)
    assert "__dir__" in vars(module), "add `__dir__ = own_names(globals())` below the imports"
    shown = {shown: getattr(module, shown) for shown in dir(module)}
    assert not any(name.startswith("_") for name in shown)
    listed = set(getattr(module, "__all__", ()))
    for key, value in shown.items():
        if inspect.ismodule(value):  # of a package
            assert value.__name__ == f"{name}.{key}"
        elif (inspect.isfunction(value) or inspect.isclass(value)) and key not in listed:
            assert value.__module__ == name or key == "gradient_flow_gcv"
    own = {
        key
        for key, value in vars(module).items()
        if not key.startswith("_")
        and (inspect.isfunction(value) or inspect.isclass(value))
        and value.__module__ == name
    }
    assert own | listed <= set(shown)


@pytest.mark.parametrize(
    "module", import_module("theory.papers").modules().values(), ids=lambda m: m.PAPER.key
)
def test_a_paper_shows_itself_and_its_statements(module: ModuleType) -> None:
    assert {"PAPER", *module.PAPER.statements} <= set(dir(module))
    assert not {"np", "ArrayLike", "Array", "Paper", "annotations", "own_names"} & set(dir(module))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_signature_can_be_read(name: str) -> None:
    """Names such as ArrayLike stand in it, not what they are made of."""
    text = str(inspect.signature(FUNCTIONS[name]))
    assert len(text) <= 300
    assert not any(word in text for word in ("Union[", "_Buffer", "_NestedSequence", "numpy."))


def test_help_is_short() -> None:
    text = pydoc.plain(pydoc.render_doc(theory.ridge))
    assert "n: 'ArrayLike', ridge: 'ArrayLike' = 0.0" in text
    assert "_Buffer" not in text


def test_names_bound_before_are_imports() -> None:
    namespace = {"np": 1, "formula": 2}
    show = own_names(namespace, "formula")
    assert show() == ["formula"]
    namespace |= {"later": 3, "_private": 4}
    assert show() == ["formula", "later"]
