"""The house: who may import whom, no circles, nothing private taken from a neighbour, no room too large."""

import ast
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("theory", "sims", "figures")
THEORY_MAY = {"theory", "numpy", "scipy", "numba", "platformdirs", *sys.stdlib_module_names}
FLOORS = (
    {"sims.blas", "sims.data", "sims.features", "sims.messages", "sims.rules"},
    {"sims.fit", "sims.network"},
    {"sims.training"},
    {"sims.trials"},
    {"sims.verdict"},
    {"sims.experiments", "sims.estimators"},
    {"sims.shell"},
    {"sims.belkin2019", "sims.claims", "sims.double_descent", "sims.ntk", "sims.store", "sims.sweet_spot"},
    {"sims.exercise"},
)
"""Rooms of sims, the ground floor first: each imports from floors below its own alone."""
DOOR = "sims.shell.drawing"
"""The only module of sims that knows of figures."""
NOTEBOOK = "theory.notebook"
"""The only module of theory that knows of pandas and matplotlib."""


class Import(NamedTuple):
    """Module `target`, or `name` of it, imported anywhere in a file: at the top or in a function."""

    line: int
    target: str
    name: str


def sources() -> dict[str, str]:
    """The text of every module of the packages by its dotted name."""
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text("utf-8")
    return found


SOURCES = sources()
FOLDERS = {name.rpartition(".")[0] for name in SOURCES}
"""Dotted names that are packages."""


def imports(text: str) -> Iterator[Import]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(node.lineno, alias.name, "")
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "a relative import hides where a name comes from"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield Import(
                    node.lineno, *((whole, "") if whole in SOURCES else (node.module or "", alias.name))
                )


def package_of(module: str) -> str:
    return module if module in FOLDERS else module.rpartition(".")[0]


# -- rules, each a list of what breaks it -----------------------------------------------------------


def beyond_the_layer(module: str, text: str) -> list[str]:
    """theory imports theory, sims not figures (but through its door), nobody the tests."""

    def forbidden(top: str) -> bool:
        if top == "tests":
            return True
        if module.startswith("theory"):
            beside = {"theory.proofs": {"sympy"}, NOTEBOOK: {"matplotlib", "pandas"}}
            here = ".".join(module.split(".")[:2])
            return top not in THEORY_MAY | beside.get(here, set())
        return module.startswith("sims") and top == "figures" and module != DOOR

    return [
        f"{module}:{line} imports {target}"
        for line, target, _ in imports(text)
        if forbidden(target.partition(".")[0])
    ]


def above_the_floor(module: str, text: str) -> list[str]:
    """A room of sims imports from floors below its own."""
    floors = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
    own = ".".join(module.split(".")[:2])
    if own not in floors:
        return []
    rooms = [(line, ".".join(target.split(".")[:2])) for line, target, _ in imports(text)]
    return [
        f"{module}:{line} imports {room}"
        for line, room in rooms
        if room != own and floors.get(room, -1) >= floors[own]
    ]


def private_of_others(module: str, text: str) -> list[str]:
    """What begins with an underscore is imported inside its own package alone."""
    here = package_of(module) + "."
    wrong = []
    for line, target, name in imports(text):
        parts = [*target.split("."), name]
        hidden = next((i for i, part in enumerate(parts) if part.startswith("_") and part[:2] != "__"), None)
        if hidden is not None and parts[0] in PACKAGES and not here.startswith(_home(parts[:hidden])):
            wrong.append(f"{module}:{line} imports {'.'.join(filter(None, parts))}")
    return wrong


def _home(parts: list[str]) -> str:
    """The package that owns what is called so, with a dot: private things serve it and what is inside."""
    return package_of(".".join(parts)) + "."


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Modules that import each other in a loop (Tarjan's strongly connected components)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for other in graph[module]:
            if other not in index:
                visit(other)
            if other in stack:
                low[module] = min(low[module], low[other])
        if low[module] == index[module]:
            loop = stack[stack.index(module) :]
            del stack[stack.index(module) :]
            if len(loop) > 1:
                found.append(sorted(loop))

    for module in graph:
        if module not in index:
            visit(module)
    return found


def long_functions(module: str, text: str, limit: int = 50) -> list[str]:
    """Functions with more lines of code than that: docstrings, blank lines and comments are not counted."""
    lines, tree = text.splitlines(), ast.parse(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    documented = {
        number
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and ast.get_docstring(node) is not None
        for number in _lines(node.body[0], node.body[0])
    }
    code = {number for number, line in enumerate(lines, 1) if line.strip() and line.strip()[0] != "#"}
    code -= documented
    lengths = {node: len(code & set(_lines(node.body[0], node.body[-1]))) for node in functions}
    return [
        f"{module}:{node.lineno} {node.name} has {length} lines of code"
        for node, length in lengths.items()
        if length > limit
    ]


def _lines(first: ast.stmt, last: ast.stmt) -> range:
    """Numbers of the lines from the first statement, with its decorators, to the last."""
    decorators = getattr(first, "decorator_list", [])
    return range(min(node.lineno for node in (first, *decorators)), (last.end_lineno or last.lineno) + 1)


# -- they hold --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [beyond_the_layer, above_the_floor, private_of_others])
def test_every_import_keeps_the_rule(rule: object) -> None:
    assert callable(rule)
    assert [wrong for module, text in SOURCES.items() for wrong in rule(module, text)] == []


def test_every_room_of_sims_has_a_floor() -> None:
    rooms = {".".join(name.split(".")[:2]) for name in SOURCES if name.startswith("sims.")}
    assert rooms - {"sims.__main__"} == set().union(*FLOORS)


def test_no_module_imports_itself_round_a_circle() -> None:
    graph = {
        module: {target for _, target, _ in imports(text) if target in SOURCES and target != module}
        for module, text in SOURCES.items()
    }
    assert circles(graph) == []


def test_no_file_is_too_long() -> None:
    lengths = {module: len(text.splitlines()) for module, text in SOURCES.items()}
    assert {module: length for module, length in lengths.items() if length > 400} == {}
    assert statistics.median(lengths.values()) <= 130


def test_no_function_is_too_long() -> None:
    assert [wrong for module, text in SOURCES.items() for wrong in long_functions(module, text)] == []


# -- they can fail ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("theory.risk", "import sims.fit"),
        ("theory.risk", "def f():\n    from matplotlib import pyplot"),
        (NOTEBOOK, "import rich"),
        ("theory.risk", "from sympy import Symbol"),
        ("theory.risk", "if TYPE_CHECKING:\n    import rich"),
        ("sims.double_descent.command", "def main():\n    from figures import files"),
        ("sims.fit.paths", "def f():\n    from figures import files"),
        ("figures.files", "from tests import oracles"),
    ],
)
def test_the_layers_are_guarded(module: str, text: str) -> None:
    assert beyond_the_layer(module, text)


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("theory.proofs.limits", "from sympy import Symbol\nfrom theory import ridge"),
        ("theory.papers.bach2024", "import math\nfrom theory import papers"),
        (DOOR, "def main():\n    from figures import files"),
        (NOTEBOOK, "def f():\n    import pandas\n    from matplotlib import pyplot"),
        ("figures.files", "import matplotlib, sims, theory"),
    ],
)
def test_the_layers_let_through(module: str, text: str) -> None:
    assert not beyond_the_layer(module, text)


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("sims.fit.paths", "from sims.trials import store"),
        ("sims.trials.store", "def f():\n    from sims.shell import console"),
        ("sims.ntk.report", "from sims.double_descent import report"),
    ],
)
def test_the_floors_are_guarded(module: str, text: str) -> None:
    assert above_the_floor(module, text)
    assert not above_the_floor(
        "sims.claims.run", "from sims.trials import store\nfrom sims.claims import claim"
    )


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("figures.marks", "from sims.claims.papers.lee2019 import _task"),
        ("figures.marks", "from figures.explorer import _view"),
        ("figures.marks", "def f():\n    from figures.explorer._view import View"),
    ],
)
def test_private_things_are_guarded(module: str, text: str) -> None:
    assert private_of_others(module, text)
    assert not private_of_others("figures.explorer.app", "from figures.explorer._view import View, _x")


def test_a_circle_is_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [["b", "c"]]
    assert circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n" + 51 * "    x = 1\n",
        "class C:\n    async def f(self):\n" + 51 * "        x = 1\n",
        "def f():\n    def g():\n" + 30 * "        x = 1\n" + "\n" + 20 * "    y = 1\n",  # and the line of g
    ],
)
def test_a_long_function_is_found(text: str) -> None:
    assert len(long_functions("sims.fit.paths", text)) == 1


def test_what_is_no_code_makes_no_function_long() -> None:
    words = 30 * "    word\n"
    text = f'def f():\n    """One.\n{words}    """\n' + 25 * "    x = 1\n\n    # why\n    y = 1\n"
    assert long_functions("sims.fit.paths", text) == []
    assert long_functions("sims.fit.paths", text + "    z = 1\n") != []
