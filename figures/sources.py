"""Modules of figures read as text, without running them: what they declare, say and import."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

HOME = Path(__file__).parent
"""The folder of the package."""


def path(module: str) -> Path | None:
    """The file of a module of figures; None if it is a module of another package, or none at all.

    >>> path("figures.marks").name, path("sims.data")
    ('marks.py', None)
    """
    package, *parts = module.split(".")
    if package != "figures":
        return None
    place = HOME.joinpath(*parts)
    candidates = (place / "__init__.py", place.with_name(f"{place.name}.py"))
    return next((file for file in candidates if file.is_file()), None)


def declares(file: Path, name: str) -> bool:
    """Does the module assign this name, outside of functions and classes?

    >>> declares(path("figures.sources"), "HOME"), declares(path("figures.sources"), "FIGURE")
    (True, False)
    """
    for statement in _tree(file).body:
        targets: list[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return True
    return False


def text(file: Path, name: str, argument: str) -> str:
    """The text that the module gives as this argument of the call it assigns to this name, or nothing.

    >>> text(HOME / "plots" / "hastie2022_snr.py", "FIGURE", "redraws")
    'Fig. 2†'
    """
    for statement in _tree(file).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            found = {word.arg: word.value for word in statement.value.keywords}.get(argument)
            if [ast.unparse(target) for target in statement.targets] == [name] and found is not None:
                return str(ast.literal_eval(found))
    return ""


def named(file: Path, package: str) -> list[str]:
    """Dotted names of what the module takes from a package and uses, without the package's own modules.

    >>> named(HOME / "plots" / "hastie2022_snr.py", "theory")[:2]
    ['theory.exact.least_squares', 'theory.papers.hastie2022.isotropic']
    """
    whole: dict[str, str] = {}
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{package}."):
            whole |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            whole |= {alias.name: alias.name for alias in node.names if alias.name == package}
    used = {ast.unparse(node) for node in ast.walk(_tree(file)) if isinstance(node, ast.Attribute | ast.Name)}
    chains = {word for word in used if re.fullmatch(r"[\w.]+", word) and word.partition(".")[0] in whole}
    longest = {word for word in chains if not any(other.startswith(f"{word}.") for other in chains)}
    return sorted(f"{whole[(parts := word.partition('.'))[0]]}{parts[1]}{parts[2]}" for word in longest)


def docstring(file: Path) -> str:
    """The docstring of the module, or nothing."""
    return ast.get_docstring(_tree(file)) or ""


def needed(modules: Iterable[str]) -> list[Path]:
    """The files of these modules and of all modules of figures that they import, directly or not.

    >>> [file.name for file in needed(["figures.marks"])]
    ['__init__.py', 'marks.py']
    """
    known: set[Path] = set()
    waiting = [name for module in modules for name in _with_packages(module)]
    while waiting:
        file = path(waiting.pop())
        if file is not None and file not in known:
            known.add(file)
            waiting += _imported(file)
    return sorted(known)


def _imported(file: Path) -> Iterator[str]:
    """Names of modules that a file imports, also inside functions; some of them may be no modules."""
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            yield from _with_packages(name)


def _with_packages(module: str) -> list[str]:
    """A module and the packages that it lies in: their code runs before its own."""
    parts = module.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _tree(file: Path) -> ast.Module:
    return _parsed(file.read_text(encoding="utf-8"))


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)
