"""Formulas that somebody types: read by a small grammar, evaluated in floats, never executed.

The text is cut into numbers, known names and operators before Python's parser sees it, and only what stands
in this module is made of the tree. Not sympy: its parser evaluates the text, and its numbers have no bound,
so that 9**9**9**9 would never end.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches
from itertools import pairwise
from typing import NamedTuple

LONGEST = 1000
"""Characters that a formula has at most."""
DEEPEST = 100
"""Operations within one another that a formula has at most; a sum of three terms has two."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<operator>\*\*|[-+*/^(),])|(?P<end>$)|(?P<other>.))",
    re.ASCII | re.DOTALL,
)
_ADVICE = {
    "=": "give the right-hand side alone", ";": "give one formula", ":": "write / to divide",
    "[": "write (", "]": "write )", "{": "write (", "}": "write )", "√": "write sqrt( )",
    "|": "write abs( )", "!": "write factorial( )", "%": "write /100", "∞": "leave the limit out",
}  # fmt: skip
_SIGNS = str.maketrans({
    "−": "-", "–": "-", "·": "*", "⋅": "*", "×": "*", "÷": "/", "²": "^2", "³": "^3",
    **{chr(0x2080 + digit): str(digit) for digit in range(10)},
})  # fmt: skip
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta", "θ": "theta",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau",
    "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Ψ": "psi", "Σ": "sigma", "Φ": "phi",
}  # fmt: skip
_MODULE = re.compile(r"\b(?:np|numpy|math|sp|sympy)\s*\.\s*(?=[A-Za-z])")
_LETTER = re.compile(f"[{''.join(_GREEK)}](\\d*)")

_TOO_DEEP = f"the formula has more than {DEEPEST} operations within one another; simplify it"
_USUAL = {
    "ln": "log", "e": "E", "Pi": "pi", "PI": "pi", "arctan": "atan", "arcsin": "asin", "arccos": "acos",
    "lambda": "ridge", "lam": "ridge", "alpha": "ridge", "sigma": "sqrt(noise)", "power": "^", "pow": "^",
    "inf": "a finite number", "log2": "log(x)/log(2)",
}  # fmt: skip

CONSTANTS = {"pi": math.pi, "E": math.e}
FUNCTIONS: dict[str, Callable[..., float]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log10": math.log10,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "erf": math.erf,
    "factorial": lambda x: math.gamma(x + 1),
    "abs": abs,
    "min": min,
    "max": max,
}
_SEVERAL = ("min", "max")  # take more than one number
_OPERATORS: dict[type[ast.operator], tuple[str, Callable[[float, float], float]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.Pow: ("^", math.pow),  # float ** float may be complex
}
_Values = Mapping[str, float]


class ExpressionError(ValueError):
    """A formula that cannot be read, or has no finite real value; one line says why and what to do."""


class Formula(NamedTuple):
    """A formula that was read: call it with the values of its names."""

    text: str
    """The formula as it was read, with no more brackets than it needs."""
    evaluate: Callable[[_Values], float]
    """What computes its value; call the formula itself instead."""

    def __call__(self, values: _Values) -> float:
        """Its value, finite; ExpressionError where it, or a part of it, is infinite, not real or not defined.

        >>> parse("sqrt(n) - 1", ["n"])({"n": 9})
        2.0
        >>> parse("9**9**9**9", [])({})
        Traceback (most recent call last):
        sims.claims.exercises.expressions.ExpressionError: 9 ^ 3.8742e+08 is too large
        """
        return self.evaluate(values)


def parse(text: str, names: Collection[str]) -> Formula:
    """Read a formula of `names`; a name is preferred to a constant or function that is called the same.

    A formula is written with numbers, names, + - * / ** ^ ( ), `CONSTANTS` and `FUNCTIONS`; ^ is a power.
    Greek letters are read as their names, typographic signs as the plain ones, and np.sqrt as sqrt.

    Raises
    ------
    ExpressionError
        If it is no such formula. Whatever the text, nothing else is raised.

    >>> parse("(noise)/((p/n) - 1)", ["n", "p", "noise"]).text
    'noise / (p / n - 1)'
    >>> parse("np.sqrt(γ) − 1", ["gamma"]).text
    'sqrt(gamma) - 1'
    >>> parse("2n", ["n"])
    Traceback (most recent call last):
    sims.claims.exercises.expressions.ExpressionError: an operator is missing between 2 and n; write 2*n
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"the formula has {len(text)} characters; at most {LONGEST} are read")
    tokens = list(_tokens(_plain(text), names))
    if not tokens:
        raise ExpressionError("the formula is empty; write one, such as n/(n - 1)")
    if tokens.count("(") > DEEPEST:
        raise ExpressionError(_TOO_DEEP)
    try:
        tree = ast.parse(" ".join("**" if token == "^" else token for token in tokens), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionError(_malformed(tokens)) from None
    evaluate = _built(tree, names, DEEPEST)  # refuses what is too deep for unparse
    return Formula(ast.unparse(tree).replace("**", "^"), evaluate)


# ---------------------------------------------------------------- reading


def _plain(text: str) -> str:
    """The text with Greek letters spelled, typographic signs plain, and modules left out."""
    spelled = _LETTER.sub(lambda match: f" {_GREEK[match[0][0]]}{match[1]} ", text.translate(_SIGNS))
    return _MODULE.sub("", spelled)


def _tokens(text: str, names: Collection[str]) -> Iterator[str]:
    """The numbers, known names and operators of a text; anything else is refused."""
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
        yield token


def _number(token: str) -> str:
    """A number as Python reads it: without leading zeros, and not infinite."""
    number = float(token)
    if math.isinf(number):
        raise ExpressionError(f"{_shown(token)} is too large; numbers go up to 1e308")
    return str(int(number)) if token.isdigit() and number < 2**53 else repr(number)


def _unknown(name: str, names: Collection[str]) -> str:
    known = [*names, *CONSTANTS, *FUNCTIONS]
    usual = _USUAL.get(name, "")
    of_setting = {"ridge": "ridge", "sqrt(noise)": "noise"}
    if of_setting.get(usual, "") not in ("", *names):  # a setting that there is not
        usual = ""
    near = [usual] if usual else get_close_matches(name, known, n=1)
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
    return "the formula cannot be read; check its brackets"


def _shown(text: str) -> str:
    return ascii(text if len(text) <= 20 else text[:17] + "...")[1:-1] if text.isascii() else repr(text)


# ---------------------------------------------------------------- building


def _built(node: ast.AST, names: Collection[str], depth: int) -> Callable[[_Values], float]:
    """A function that computes this part of the tree. Nodes that are not named here are refused."""
    if not depth:
        raise ExpressionError(_TOO_DEEP)

    def inside(part: ast.AST) -> Callable[[_Values], float]:
        return _built(part, names, depth - 1)

    match node:
        case ast.Constant(value=int() | float() as number):
            return lambda values: float(number)
        case ast.Name(id=name) if name in names:
            return lambda values: float(values[name])
        case ast.Name(id=name) if name in CONSTANTS:
            return lambda values: CONSTANTS[name]
        case ast.Name(id=name):
            raise ExpressionError(f"{name} is a function; write {name}( )")
        case ast.UnaryOp(op=ast.USub(), operand=part):
            operand = inside(part)
            return lambda values: -operand(values)
        case ast.UnaryOp(op=ast.UAdd(), operand=part):
            return inside(part)
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in _OPERATORS:
            sign, combine = _OPERATORS[type(operation)]
            first, second = inside(left), inside(right)
            return lambda values: _finite(combine, f"{{:g}} {sign} {{:g}}", first(values), second(values))
        case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]) if name in FUNCTIONS:
            if not parts or (len(parts) > 1 and name not in _SEVERAL):
                wanted = "one number or more" if name in _SEVERAL else "one number"
                raise ExpressionError(f"{name} is given {len(parts)} numbers; it takes {wanted}")
            return _call(name, [inside(part) for part in parts])
        case ast.Tuple():
            raise ExpressionError("a comma outside a function; write . in numbers, and one formula")
    raise ExpressionError("the formula cannot be read; numbers, names, + - * / ^ ( ) and functions are known")


def _call(name: str, parts: list[Callable[[_Values], float]]) -> Callable[[_Values], float]:
    function = FUNCTIONS[name]
    if name in _SEVERAL:  # of one number too
        return lambda values: function([part(values) for part in parts])
    (only,) = parts
    return lambda values: _finite(function, f"{name}({{:g}})", only(values))


def _finite(function: Callable[..., float], template: str, *numbers: float) -> float:
    """The function's value, finite; an error shows the numbers in the template."""
    try:
        value = float(function(*numbers))
    except ZeroDivisionError:
        raise ExpressionError("division by zero") from None
    except OverflowError:
        value = math.inf
    except ValueError:
        if function is math.pow and numbers[0] == 0:
            raise ExpressionError("division by zero") from None
        raise ExpressionError(f"{template.format(*numbers)} is not a real number") from None
    if not math.isfinite(value):
        raise ExpressionError(f"{template.format(*numbers)} is too large")
    return value
