"""The reference: one page for each module, with every public name."""

import ast
import copy
from collections.abc import Iterator
from functools import partial

from figures.site import docstrings, modules, rest
from figures.site.modules import Member, Module
from theory import papers

SHORTEST = 60
"""Letters of a value that is still shown."""


def pages() -> Iterator[tuple[str, str]]:
    """The pages of all modules, and of their list, by the names of their files."""
    known = modules.modules()
    for module in known.values():
        yield f"api/{module.name}.rst", page(module)
    yield "api/index.rst", _index(known)


def _index(known: dict[str, Module]) -> str:
    parts = [
        rest.heading("Reference"),
        "Every public name of the packages, module by module. ``overparam`` has the names of daily use.\n",
    ]
    for package in modules.PACKAGES:
        inside = [module for name, module in known.items() if name.split(".")[0] == package]
        said = {module.name: docstrings.inline(module.summary, link_in(module.name)) for module in inside}
        rows = [(rest.page(f"api/{name}", name), words) for name, words in said.items()]
        parts += [rest.heading(package, "-"), rest.table(("module", "what it has"), rows, "30 70")]
        parts.append(rest.contents((module.name for module in inside), hidden=True))
    return "\n".join(parts)


def link_in(module: str, owner: str = "") -> docstrings.Link:
    """Links from the docstrings of a module, or of a class in it."""
    return partial(_link, module=module, owner=owner)


def _link(name: str, module: str, owner: str) -> str:
    if name in papers.modules():
        return rest.page(f"papers/{name}", name)
    full = modules.resolved(name, module, owner)
    if full in modules.modules():
        return rest.page(f"api/{full}", name)
    return f":py:obj:`{name} <{full}>`" if full else ""


def page(module: Module) -> str:
    """The page of a module."""
    parts = [
        rest.heading(module.name),
        f".. py:module:: {module.name}\n",
        docstrings.as_rest(module.text, link_in(module.name)) + "\n",
    ]
    if module.door and (handed := handed_on(module)):
        rows = [(_link(alias, module.name, ""), f"``{full}``") for alias, full in handed]
        parts.append(rest.table(("name", "defined as"), rows))
    parts += [_member(member, module.name) for member in modules.public(module)]
    return "\n".join(parts)


def handed_on(module: Module) -> list[tuple[str, str]]:
    """Names that a package has from its modules, and the full names of the same.

    >>> ("ridge", "theory.equivalent.ridge") in handed_on(modules.modules()["theory"])
    True
    """
    return sorted(
        (alias.rpartition(".")[2], full)
        for alias, full in modules.names().items()
        if alias.rpartition(".")[0] == module.name and alias != full
    )


def _member(member: Member, module: str) -> str:
    node = member.node
    link = link_in(module, member.name if isinstance(node, ast.ClassDef) else "")
    if isinstance(node, ast.FunctionDef):
        return _described(f"py:function:: {member.name}{signature(node, module)}", member.text, link)
    if isinstance(node, ast.ClassDef):
        inside = "\n".join(_inner(inner, module, link) for inner in modules.members(node.body))
        return _described(f"py:class:: {member.name}", member.text, link) + f"\n{rest.indented(inside)}\n"
    return _described(f"py:data:: {member.name}{_value(node, module)}", member.text, link)


def _inner(member: Member, module: str, link: docstrings.Link) -> str:
    node = member.node
    if isinstance(node, ast.FunctionDef):
        marks = {ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list}
        if marks & {"property", "cached_property"}:
            return _described(f"py:property:: {member.name}", member.text, link)
        options = "".join(f"\n    :{mark}:" for mark in ("classmethod", "staticmethod") if mark in marks)
        words = signature(node, module, bound="staticmethod" not in marks)
        return _described(f"py:method:: {member.name}{words}{options}", member.text, link)
    if isinstance(node, ast.ClassDef):
        return _described(f"py:class:: {member.name}", member.text, link)
    return _described(f"py:attribute:: {member.name}{_value(node, module)}", member.text, link)


def _described(directive: str, text: str, link: docstrings.Link) -> str:
    return f".. {directive}\n\n{rest.indented(docstrings.as_rest(text, link))}\n"


def signature(node: ast.FunctionDef, module: str, bound: bool = False) -> str:
    """The arguments of a function and what it returns, as written; without the first one if it is bound.

    Names of public classes are written in full, so that they link.

    >>> node = ast.parse("def f(self, problem: Problem, n=2) -> Risk: ...").body[0]
    >>> signature(node, "theory.equivalent", bound=True)
    '(problem: theory.problem.Problem, n=2) -> theory.risk.Risk'
    """
    named = _InFull(module)
    full = copy.deepcopy(node)
    arguments = full.args
    for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if each.annotation:
            each.annotation = named.visit(each.annotation)
    words = ast.unparse(arguments)
    if bound:
        words = words.partition(",")[2].lstrip()
    return f"({words})" + (f" -> {ast.unparse(named.visit(full.returns))}" if full.returns else "")


class _InFull(ast.NodeTransformer):
    """Names of an annotation by their full names."""

    def __init__(self, module: str) -> None:
        self._module = module

    def visit_Name(self, node: ast.Name) -> ast.expr:
        full = modules.resolved(node.id, self._module)
        return ast.parse(full, mode="eval").body if full else node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        full = modules.resolved(node.value, self._module) if isinstance(node.value, str) else ""
        return ast.parse(full, mode="eval").body if full else node


def _value(node: ast.Assign | ast.AnnAssign, module: str) -> str:
    named = _InFull(module)
    kind = ast.unparse(named.visit(copy.deepcopy(node.annotation))) if isinstance(node, ast.AnnAssign) else ""
    lines = [f"\n    :type: {kind}"] if kind else []
    shown = ast.unparse(node.value) if node.value else ""
    if shown and len(shown) <= SHORTEST and "field(" not in shown:
        lines.append(f"\n    :value: {shown}")
    return "".join(lines)
