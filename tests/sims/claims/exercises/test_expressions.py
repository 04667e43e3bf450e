"""Formulas that somebody types: what they mean, and that nothing else can happen, whatever is typed."""

import ast
import builtins
import math
import random
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.claims.exercises import expressions
from sims.claims.exercises.expressions import DEEPEST, LONGEST, ExpressionError, parse

NAMES = {"n": 50.0, "p": 100.0, "noise": 0.25, "gamma": 2.0, "min": 3.0}  # one is called like a function


def evaluated(formula: str) -> float:
    return parse(formula, NAMES)(NAMES)


@pytest.mark.parametrize(
    ("formula", "number"),
    [
        ("noise + 2*(1 - 1/gamma) + noise/(gamma - 1)", 1.5),
        ("-n^2", -2500.0),
        ("2^-1", 0.5),
        ("2^3^2", 512.0),
        ("2**3", 8.0),
        ("p/n/2", 1.0),
        ("1/2*n", 25.0),
        ("n - p - 1", -51.0),
        ("n - (p - 1)", -49.0),
        ("+n", 50.0),
        (" 1.5e1\t*\n.5 ", 7.5),
        ("007", 7.0),
        ("exp(log(2)) + sqrt(4)", 4.0),
        ("max(n, p, 1) + max(n)", 150.0),
        ("abs(-n) + sin(pi/2) + cos(0) + tan(0)", 52.0),
        ("asin(1) + acos(1) + atan(0) - pi/2", 0.0),
        ("sinh(0) + cosh(0) + tanh(0) + erf(0)", 1.0),
        ("log(E)", 1.0),
        ("min*2", 6.0),  # a setting comes before the function of its name
        ("gamma", 2.0),
    ],
)
def test_what_a_formula_is_worth(formula: str, number: float) -> None:
    assert evaluated(formula) == pytest.approx(number, rel=1e-14, abs=1e-15)


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("", "the formula is empty"),
        ("2n", "an operator is missing between 2 and n; write 2*n"),
        ("n(1 - p)", "an operator is missing between n and (; write n*("),
        ("(n)(p)", "an operator is missing between ) and (; write )*("),
        ("min(n, p)", "an operator is missing between min and (; write min*("),
        ("n p", "write n*p"),
        ("noize", "noize is unknown; did you mean noise?"),
        ("ln(n)", "ln is unknown; did you mean log?"),
        ("x", "x is unknown; names are n, p, noise, gamma, min"),
        ("x = 2", "x is unknown"),
        ("n = 2", "= is not understood; give the right-hand side alone"),
        ("n!", "! is not understood; write factorial( )"),
        ("λ + n", "lambda is unknown"),
        ("sigma^2", "sigma is unknown; did you mean sqrt(noise)?"),
        ("np.cbrt(n)", "cbrt is unknown"),
        ("n\0", r"\x00 is not understood; leave it out"),
        ("n//p", "a number or name is missing between / and /"),
        ("n -", "the formula ends with -"),
        ("((n)", "2 ( and 1 ) do not match"),
        ("(n))+((p)", "the formula cannot be read"),
        ("sin", "sin is a function; write sin( )"),
        ("max()", "max is given 0 numbers; it takes one number or more"),
        ("log(8, 2)", "log is given 2 numbers; it takes one number"),
        ("1, 2", "a comma outside a function"),
        ("sin(*n)", "the formula cannot be read; numbers, names"),
        ("sin(**n)", "the formula cannot be read; numbers, names"),
        ("1e999", "1e999 is too large"),
        ("9" * 400, "99999999999999999... is too large"),
        ("1" * (LONGEST + 1), f"the formula has {LONGEST + 1} characters; at most {LONGEST} are read"),
        ("(" * 300 + "1" + ")" * 300, f"more than {DEEPEST} operations within one another"),
        ("-" * 900 + "1", f"more than {DEEPEST} operations within one another"),
        ("9**9**9**9", "9 ^ 3.8742e+08 is too large"),
        ("9^9^9", "9 ^ 3.8742e+08 is too large"),
        ("1/(n - 50)", "division by zero"),
        ("0^-2", "division by zero"),
        ("sqrt(-1)", "sqrt(-1) is not a real number"),
        ("(-8)^(1/3)", "-8 ^ 0.333333 is not a real number"),
        ("acos(2)", "acos(2) is not a real number"),
        ("exp(1000)", "exp(1000) is too large"),
        ("10^200*10^200", "1e+200 * 1e+200 is too large"),
        ("1.7e308 + 1.7e308", "1.7e+308 + 1.7e+308 is too large"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(formula: str, told: str) -> None:
    with pytest.raises(ExpressionError, match=re.escape(told)) as caught:
        evaluated(formula)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "attack",
    [
        "__import__('os').system('true')",
        "eval('1')",
        "exec",
        "().__class__.__bases__[0]",
        "n.__class__",
        "n.real",
        "[n for n in p]",
        "lambda: n",
        "(n := 2)",
        "f'{n}'",
        "'a'*10",
        "n[0]",
        "{n: p}",
        "n if p else n",
        "not n",
        "n < p",
        "n @ p",
        "n | p",
        "~n",
        "True",
        "None",
        "...",
        "1j",
        "open",
        "exp.__call__(1)",
        "max(key=n)",
        "max(**n)",
        "yield",
        "await n",
        "ｎ",  # which Python would read as n
        "breakpoint()",
    ],
)
def test_what_is_no_formula_is_refused(attack: str) -> None:
    with pytest.raises(ExpressionError):
        parse(attack, NAMES)


# ---------------------------------------------------------------- whatever is typed

WORDS = (*NAMES, *expressions.CONSTANTS, *expressions.FUNCTIONS, "eval", "__class__", "lambda", "if", "x")
NUMBERS = ("0", "1", "2", "0.5", "9", "1e308", "1e-308", "123456789012345678901234567890", "1e999", "007")


def formula(chance: random.Random, depth: int) -> str:
    """Of the grammar, with wrong names and numbers of arguments now and then."""
    if depth == 0 or chance.random() < 0.2:
        return chance.choice([*list(NAMES)[:4], *NUMBERS])
    part = [formula(chance, depth - 1) for _ in range(chance.choice((1, 1, 1, 1, 2, 3, 0)))] or [""]
    kind = chance.random()
    if kind < 0.3:
        return f"{chance.choice(WORDS)}({', '.join(part)})"
    if kind < 0.4:
        return f"{chance.choice('+-')}({part[0]})"
    return f"({part[0]}){chance.choice(('+', '-', '*', '/', '**', '^'))}{formula(chance, depth - 1)}"


def typed(count: int) -> Iterator[str]:
    """Formulas, formulas with a few characters changed, and characters alone."""
    chance = random.Random(20)
    letters = "nps0129.+-*/^(),eE_ \n'\"\\[]{}=:;@!#%&|<>~`$λ²−\0\ud800\u2028\U0001f600"
    for i in range(count):
        kind = i % 5
        if kind < 2:
            yield formula(chance, chance.randrange(1, 9))
        elif kind == 2:
            characters = list(formula(chance, chance.randrange(1, 5)))
            for _ in range(chance.randrange(1, 4)):
                place = chance.randrange(len(characters) + 1)
                characters[place : place + chance.randrange(2)] = chance.choice(letters)
            yield "".join(characters)
        elif kind == 3:
            yield "".join(chance.choice(letters) for _ in range(chance.randrange(40)))
        else:
            repeated = chance.choice(("(", "-", "9", "n*", "9**", "1/(", "sin(", "n+", "^", "\0", "é", "1e"))
            whole = repeated * chance.randrange(1, 2000) + "1"
            yield chance.choice((whole, bytes(chance.randbytes(chance.randrange(60))).decode("latin-1")))


def _has_a_value_or_one_line(formula: str) -> bool:
    try:
        read = parse(formula, NAMES)
        number = read(NAMES)
        assert type(number) is float
        assert math.isfinite(number)
        assert read.text.isprintable()
        assert len(read.text) < 6 * len(formula)  # nothing grows, and every part is computed once
    except ExpressionError as error:
        told = str(error)
    else:
        return True
    assert told.isprintable()
    assert 5 < len(told) < 200
    return False


def test_ten_thousand_formulas_have_a_value_or_one_line_and_run_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parse("1", [])  # what is imported, is
    token = "|".join(map(re.escape, (*NAMES, *expressions.CONSTANTS, *expressions.FUNCTIONS)))
    harmless = re.compile(rf"({token}|[\d.]+(e[-+]?\d+)?|\*\*|[-+*/(),]| )*")
    compiled = builtins.compile

    def only_read(source: str, filename: str, mode: str, flags: int = 0, *rest: object, **more: object):  # type: ignore[no-untyped-def]
        assert flags & ast.PyCF_ONLY_AST
        assert harmless.fullmatch(source)
        return compiled(source, filename, mode, flags, *rest, **more)  # type: ignore[call-overload]

    def canary(*_: object, **__: object) -> None:
        raise AssertionError("something ran")

    values = 0
    with monkeypatch.context() as guarded:  # undone before pytest reports
        guarded.setattr(builtins, "compile", only_read)
        for name in ("eval", "exec", "open", "input", "breakpoint"):
            guarded.setattr(builtins, name, canary)
        for formula in typed(10_000):
            values += _has_a_value_or_one_line(formula)
    assert values > 1000  # that many were right


@given(st.text(max_size=60) | st.text(alphabet="np12.+-*/^() ,e", max_size=30))
def test_any_text_at_all(typed: str) -> None:
    _has_a_value_or_one_line(typed)


@given(st.recursive(
    st.sampled_from(["n", "p", "noise", "3", "0.5"]),
    lambda part: st.tuples(
        st.sampled_from(["({} + {})", "{} * ({})", "({} - ({}))", "({}) / ({})"]), part, part
    ).map(lambda made: made[0].format(*made[1:])),
    max_leaves=12,
))  # fmt: skip
def test_arithmetic_is_python_s(formula: str) -> None:
    """Here, of our own formulas, eval is the oracle."""
    try:
        expected = eval(formula, {}, dict(NAMES))
    except ZeroDivisionError:
        with pytest.raises(ExpressionError, match="division by zero"):
            evaluated(formula)
        return
    assert evaluated(formula) == expected


@given(st.sampled_from(sorted(NAMES)[:4]), st.integers(1, 9), st.integers(1, 9))
def test_a_formula_is_told_as_it_was_read(name: str, a: int, b: int) -> None:
    for formula in (f"{a}/{b}*{name}", f"{name} - {a} - {b}", f"-{name}^{a}/({name} + {b})", f"sqrt({name})"):
        assert evaluated(parse(formula, NAMES).text) == pytest.approx(evaluated(formula), rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "plain"),
    [
        ("γ² − 1", "gamma^2 - 1"),
        ("2·γ", "2*gamma"),
        ("n×p ÷ γ", "n*p/gamma"),
        ("np.sqrt(n) + math.exp(-numpy.log10(p))", "sqrt(n) + exp(-log10(p))"),
        ("π", "pi"),
        ("factorial(3)", "6"),
    ],
)
def test_what_people_type_is_understood(formula: str, plain: str) -> None:
    values = {"n": 5.0, "p": 7.0, "gamma": 1.5}
    assert expressions.parse(formula, values)(values) == expressions.parse(plain, values)(values)
