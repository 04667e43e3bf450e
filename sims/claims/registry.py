"""Finding claims, and their settings from the words of a command line."""

import ast
import inspect
import pkgutil
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from importlib import import_module
from types import ModuleType
from typing import Any

import sims.claims.papers
from sims.claims.claim import Claim
from sims.shell import changes

NEAR = 0.7
"""Likeness above which a misspelt name is taken for the one that was meant."""


def keys() -> list[str]:
    """The papers that have claims.

    >>> "mei2022" in keys()
    True
    """
    return sorted(info.name for info in pkgutil.iter_modules(sims.claims.papers.__path__))


def module(key: str) -> ModuleType:
    """The module of a paper.

    >>> module("nobody1900")
    Traceback (most recent call last):
    ValueError: nobody1900: no such paper; `python -m sims.claims list` names them
    """
    if key not in keys():
        close = get_close_matches(key, keys(), n=1, cutoff=NEAR)
        advice = f"did you mean {close[0]}?" if close else "`python -m sims.claims list` names them"
        raise ValueError(f"{key or repr(key)}: no such paper; {advice}")
    return import_module(f"sims.claims.papers.{key}")


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
    of_paper = claims(key)
    if identifier == key:
        raise ValueError(f"{key} is a paper; name one of its claims, such as {next(iter(of_paper))}")
    if identifier not in of_paper:
        own = [name.partition(".")[2] for name in of_paper]
        close = get_close_matches(identifier.partition(".")[2], own, n=1, cutoff=NEAR)
        others = f"`python -m sims.claims list --paper {key}` names them"
        advice = f"did you mean {key}.{close[0]}?" if close else others
        raise ValueError(f"{identifier}: no such claim; {advice}")
    return of_paper[identifier]


def select(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Ids of the claims that the words name, and one line for each word that names none.

    A word is an id, or the key of a paper for all its claims; no words select all claims.

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
    """The settings of a claim after changes, each a word name=value; a value is read as the default's type.

    >>> overridden("mei2022.nothing_else", ["n=400"])
    Traceback (most recent call last):
    ValueError: mei2022.nothing_else: no such claim; `python -m sims.claims list --paper mei2022` names them
    """
    return changes.overridden(find(identifier).defaults, words, identifier)


def code(identifier: str) -> tuple[str, str]:
    """Where a claim is written, as file and lines, and its text with the functions of the module it uses.

    >>> code(next(iter(claims("mei2022"))))[0].startswith("sims/claims/papers/mei2022.py, lines ")
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
    place = f"sims/claims/papers/{key}.py, lines {nodes[name].lineno}-{nodes[name].end_lineno}"
    return place, "\n\n".join(parts)
