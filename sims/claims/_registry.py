"""Finding claims, and their settings from the words of a command line."""

import ast
import inspect
import pkgutil
from collections.abc import Iterable, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

import sims.claims
from sims.claims._claim import Claim


def keys() -> list[str]:
    """The papers that have claims.

    >>> "mei2022" in keys()
    True
    """
    return sorted(info.name for info in pkgutil.iter_modules(sims.claims.__path__) if info.name[0] != "_")


def module(key: str) -> ModuleType:
    """The module of a paper.

    >>> module("nobody1900")
    Traceback (most recent call last):
    ValueError: nobody1900: no such paper; `python -m sims.claims list` names them
    """
    if key not in keys():
        raise ValueError(f"{key}: no such paper; `python -m sims.claims list` names them")
    return import_module(f"sims.claims.{key}")


def claims(key: str) -> dict[str, Claim]:
    """The claims of a paper by id, in the order of its module.

    >>> sorted(claims("mei2022"))[0].startswith("mei2022.")
    True
    """
    return {f"{key}.{name}": entry for name, entry in vars(module(key)).items() if isinstance(entry, Claim)}


def find(identifier: str) -> Claim:
    """The claim of an id.

    >>> find("mei2022.nothing")
    Traceback (most recent call last):
    ValueError: mei2022.nothing: no such claim; `python -m sims.claims list --paper mei2022` names them
    """
    key = identifier.partition(".")[0]
    found = claims(key)
    if identifier not in found:
        raise ValueError(
            f"{identifier}: no such claim; `python -m sims.claims list --paper {key}` names them"
        )
    return found[identifier]


def select(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Ids of the claims that the words (ids, or keys of papers; none for all) name, and what was wrong.

    >>> select(["nobody1900"])
    ([], ['nobody1900: no such paper; `python -m sims.claims list` names them'])
    """
    ids: dict[str, None] = {}
    wrong = []
    for word in words or keys():
        try:
            if "." in word:
                find(word)
                ids[word] = None
            else:
                ids.update(dict.fromkeys(claims(word)))
        except ValueError as error:
            wrong.append(str(error))
    return list(ids), wrong


def overridden(identifier: str, words: Iterable[str]) -> dict[str, Any]:
    """The settings of a claim after name=value words; a value is read as the default's type.

    >>> overridden("mei2022.nothing_else", ["n=400"])
    Traceback (most recent call last):
    ValueError: mei2022.nothing_else: no such claim; `python -m sims.claims list --paper mei2022` names them
    """
    values = dict(find(identifier).defaults)
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or not text:
            raise ValueError(f"--set {word}: write name=value")
        if name not in values:
            raise ValueError(f"--set {word}: {identifier} has {', '.join(values) or 'no settings'}")
        kind = type(values[name])
        try:
            values[name] = kind(text)
        except ValueError:
            raise ValueError(f"--set {word}: {name} of {identifier} is of type {kind.__name__}") from None
    return values


def code(identifier: str) -> tuple[str, str]:
    """Where a claim is written, as file and lines, and its text with the functions it uses.

    >>> code(next(iter(claims("mei2022"))))[0].startswith("sims/claims/mei2022.py, lines ")
    True
    """
    key, name = identifier.split(".")
    text = inspect.getsource(module(key))
    lines = text.splitlines()
    nodes: dict[str, ast.FunctionDef | ast.Assign | ast.AnnAssign] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            nodes[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            nodes[ast.unparse(target)] = node
    used, todo = set(), [name]
    while todo:
        used.add(todo[-1])
        inside = {n.id for n in ast.walk(nodes[todo.pop()]) if isinstance(n, ast.Name)}
        todo += [other for other in nodes if other in inside - used]
    parts = ["\n".join(lines[node.lineno - 1 : node.end_lineno]) for n, node in nodes.items() if n in used]
    place = f"sims/claims/{key}.py, lines {nodes[name].lineno}-{nodes[name].end_lineno}"
    return place, "\n\n".join(parts)
