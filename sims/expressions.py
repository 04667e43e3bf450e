"""Formulas that somebody types, as sympy expressions: read by a small grammar, evaluated in floats.

The text is never executed. It is cut into numbers, known names and operators before Python's parser sees
it, and only what stands in this module is made of the tree. Nothing is simplified, and values are floats:
sympy's own numbers have no bound, so that 9**9**9**9 would never end.
"""

import ast
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

import sympy

LONGEST = 1000  # characters
DEEPEST = 100  # operations within one another; a sum of three terms has two

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<operator>\*\*|[-+*/^(),])|(?P<end>$)|(?P<other>.))",
    re.ASCII | re.DOTALL,
)
_ADVICE = {
    "=": "give the right-hand side alone", ";": "give one formula", ":": "write / to divide",
    "[": "write (", "]": "write )", "{": "write (", "}": "write )", "−": "write -", "–": "write -",
    "·": "write *", "⋅": "write *", "×": "write *", "÷": "write /", "√": "write sqrt( )",
    "²": "write ^2", "³": "write ^3", "π": "write pi", "|": "write abs( )",
}  # fmt: skip

_TOO_DEEP = f"the formula has more than {DEEPEST} operations within one another; simplify it"
_USUAL = {"ln": "log", "e": "E", "Pi": "pi", "PI": "pi", "arctan": "atan"}

CONSTANTS = {"pi": sympy.pi, "E": sympy.E}
_FUNCTIONS: dict[str, tuple[Any, Callable[..., float]]] = {
    "sqrt": (None, math.sqrt),  # sympy has none: a power
    "exp": (sympy.exp, math.exp),
    "log": (sympy.log, math.log),
    "sin": (sympy.sin, math.sin),
    "cos": (sympy.cos, math.cos),
    "tan": (sympy.tan, math.tan),
    "asin": (sympy.asin, math.asin),
    "acos": (sympy.acos, math.acos),
    "atan": (sympy.atan, math.atan),
    "sinh": (sympy.sinh, math.sinh),
    "cosh": (sympy.cosh, math.cosh),
    "tanh": (sympy.tanh, math.tanh),
    "erf": (sympy.erf, math.erf),
    "abs": (sympy.Abs, abs),
    "min": (sympy.Min, lambda *numbers: min(numbers)),
    "max": (sympy.Max, lambda *numbers: max(numbers)),
}
FUNCTIONS = tuple(_FUNCTIONS)
_FLOAT = {kind: (name, of) for name, (kind, of) in _FUNCTIONS.items() if kind is not None}


class ExpressionError(ValueError):
    """A formula that cannot be read, or has no finite real value; one line says why and what to do."""


def parse(text: str, names: Collection[str]) -> sympy.Expr:
    """The formula as a sympy expression of `names`, which come before constants and functions of a like name.

    Numbers, names, + - * / ** ^ ( ), pi, E and the functions of `FUNCTIONS`; ^ is a power.

    Raises
    ------
    ExpressionError
        And no other, whatever the text.

    >>> parse("noise/(p/n - 1)", ["n", "p", "noise"])
    noise/(p/n - 1)
    >>> parse("2n", ["n"])
    Traceback (most recent call last):
    sims.expressions.ExpressionError: an operator is missing between 2 and n; write 2*n
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"the formula has {len(text)} characters; at most {LONGEST} are read")
    tokens = list(_tokens(text, names))
    if not tokens:
        raise ExpressionError("the formula is empty; write one, such as n/(n - 1)")
    plain = " ".join("**" if token == "^" else token for _, token in tokens)
    if text.count("(") > DEEPEST:
        raise ExpressionError(_TOO_DEEP)
    try:
        tree = ast.parse(plain, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionError(
            f"{_malformed([token for _, token in tokens])}; see what stands there"
        ) from None
    return _built(tree, names, DEEPEST)


def value(expression: sympy.Expr, values: Mapping[str, float]) -> float:
    """Its value as a finite float.

    Raises
    ------
    ExpressionError
        Where it, or a part of it, is infinite, not real, or not defined.

    >>> value(parse("sqrt(n) - 1", ["n"]), {"n": 9})
    2.0
    >>> value(parse("9**9**9**9", []), {})
    Traceback (most recent call last):
    sims.expressions.ExpressionError: 9 to the power 3.8742e+08 is too large
    """
    if isinstance(expression, sympy.Symbol):
        return float(values[expression.name])
    if not expression.args:
        return float(expression)
    given = [value(part, values) for part in expression.args]
    if expression.is_Add:
        return _finite("a sum", sum(given))
    if expression.is_Mul:
        return _finite("a product", math.prod(given))
    if expression.is_Pow:
        return _power(*given)
    name, of = _FLOAT[type(expression)]
    called = f"{name}({', '.join(f'{number:g}' for number in given)})"
    try:
        return _finite(called, float(of(*given)))
    except OverflowError:
        raise ExpressionError(f"{called} is too large") from None
    except ValueError:
        raise ExpressionError(f"{called} is not a real number") from None


def text(expression: sympy.Expr) -> str:
    """The formula in one line, with the brackets that it needs; for one that has a value, or it may not end.

    >>> text(parse("(1/2)*n^2", ["n"]))
    'n**2/2'
    """
    return str(sympy.sstr(expression, order="none"))


# ---------------------------------------------------------------- reading


def _tokens(text: str, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Kind and text of each; nothing but numbers, known names and operators is let through."""
    last = ("", "")
    for match in _TOKEN.finditer(text):
        kind, token = str(match.lastgroup), match[str(match.lastgroup)]
        if kind == "end":
            return
        if kind == "other":
            raise ExpressionError(f"{_shown(token)} is not understood; {_ADVICE.get(token, 'leave it out')}")
        if kind == "name" and token not in names and token not in CONSTANTS and token not in FUNCTIONS:
            raise ExpressionError(_unknown(token, names))
        if kind == "number":
            token = _number(token)
        function = last[1] in FUNCTIONS and last[1] not in names and token == "("
        ends = last[0] in ("number", "name") or last[1] == ")"
        if ends and not function and (kind in ("number", "name") or token == "("):
            raise ExpressionError(
                f"an operator is missing between {last[1]} and {token}; write {last[1]}*{token}"
            )
        last = (kind, token)
        yield last


def _number(token: str) -> str:
    """A literal that Python reads: no leading zeros, nothing infinite."""
    number = float(token)
    if math.isinf(number):
        raise ExpressionError(f"{_shown(token)} is too large; numbers go up to 1e308")
    return str(int(number)) if token.isdigit() and number < 2**53 else repr(number)


def _unknown(name: str, names: Collection[str]) -> str:
    known = [*names, *CONSTANTS, *FUNCTIONS]
    near = [_USUAL[name]] if name in _USUAL else get_close_matches(name, known, n=1)
    advice = f"did you mean {near[0]}?" if near else f"names are {', '.join(names) or 'none'}"
    return f"{_shown(name)} is unknown; {advice}"


def _malformed(tokens: list[str]) -> str:
    opened, closed = tokens.count("("), tokens.count(")")
    if opened != closed:
        return f"{opened} ( and {closed} ) do not match"
    if tokens[-1] in ("+", "-", "*", "/", "**", "^", ","):
        return f"the formula ends with {tokens[-1]}"
    for first, second in pairwise(tokens):
        if first in ("(", "+", "-", "*", "/", "**", "^", ",") and second in ("*", "/", "**", "^", ",", ")"):
            return f"a number or name is missing between {first} and {second}"
    return f"the formula cannot be read at {tokens[0]}"


def _shown(text: str) -> str:
    return ascii(text if len(text) <= 20 else text[:17] + "...")[1:-1] if text.isascii() else repr(text)


# ---------------------------------------------------------------- building


def _built(node: ast.AST, names: Collection[str], depth: int) -> sympy.Expr:
    if not depth:
        raise ExpressionError(_TOO_DEEP)

    def inside(part: ast.AST) -> sympy.Expr:
        return _built(part, names, depth - 1)

    match node:
        case ast.Constant(value=int() | float() as number):
            return sympy.Integer(number) if isinstance(number, int) else sympy.Float(number)
        case ast.Name(id=name) if name in names:
            return sympy.Symbol(name)
        case ast.Name(id=name) if name in CONSTANTS:
            return CONSTANTS[name]
        case ast.Name(id=name):
            raise ExpressionError(f"{name} is a function; write {name}( )")
        case ast.UnaryOp(op=ast.USub(), operand=part):
            return _negative(inside(part))
        case ast.UnaryOp(op=ast.UAdd(), operand=part):
            return inside(part)
        case ast.BinOp(left=left, op=operation, right=right):
            return _combined(operation, inside(left), inside(right))
        case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]) if name in FUNCTIONS:
            several = name in ("min", "max")
            if not parts or (len(parts) > 1) > several:
                wanted = "one number or more" if several else "one number"
                raise ExpressionError(f"{name} is given {len(parts)} numbers; it takes {wanted}")
            given = [inside(part) for part in parts]
            if name == "sqrt":
                return sympy.Pow(given[0], sympy.Rational(1, 2), evaluate=False)
            return _FUNCTIONS[name][0](*given, evaluate=False)
        case ast.Tuple():
            raise ExpressionError("a comma outside a function; write . in numbers, and give one formula")
    raise ExpressionError("the formula has something that is no number, name, operator or function")


def _combined(operation: ast.operator, left: sympy.Expr, right: sympy.Expr) -> sympy.Expr:
    match operation:
        case ast.Add() | ast.Sub():
            right = _negative(right) if isinstance(operation, ast.Sub) else right
            return sympy.Add(*_parts(left, sympy.Add), right, evaluate=False)
        case ast.Mult():
            return sympy.Mul(*_parts(left, sympy.Mul), right, evaluate=False)
        case ast.Div():
            below = sympy.Pow(right, sympy.Integer(-1), evaluate=False)
            return below if left == 1 else sympy.Mul(*_parts(left, sympy.Mul), below, evaluate=False)
        case ast.Pow():
            return sympy.Pow(left, right, evaluate=False)
    raise ExpressionError("the formula has an operator that is none of + - * / ** ^")


def _negative(part: sympy.Expr) -> sympy.Expr:
    return -part if part.is_Number else sympy.Mul(sympy.Integer(-1), part, evaluate=False)


def _parts(expression: sympy.Expr, kind: type) -> tuple[sympy.Expr, ...]:
    """Of a + b + c one sum of three: sums of sums would be nested as deep as they are long."""
    return expression.args if expression.func is kind else (expression,)


# ---------------------------------------------------------------- values


def _power(base: float, exponent: float) -> float:
    if base == 0 and exponent < 0:
        raise ExpressionError("division by zero")
    try:
        return math.pow(base, exponent)
    except OverflowError:
        raise ExpressionError(f"{base:g} to the power {exponent:g} is too large") from None
    except ValueError:
        raise ExpressionError(f"{base:g} to the power {exponent:g} is not a real number") from None


def _finite(what: str, number: float) -> float:
    if not math.isfinite(number):
        raise ExpressionError(f"{what} is too large")
    return number
