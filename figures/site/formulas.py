"""Formulas as docstrings write them, in plain text, one a line, turned into LaTeX.

A line is a sequence of operands, signs and words. A division takes the operand before it and the one after
it; a bracket is an operand, and so is what stands between two bars, a name with its arguments, and anything
with its exponents, subscripts and primes.
"""

import re
from typing import NamedTuple

GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Sigma",
    "Phi", "Psi", "Omega",
)  # fmt: skip
FUNCTIONS = ("exp", "log", "ln", "sin", "cos", "tan", "sup", "det", "min", "max")
"""Names that LaTeX has as functions."""
OPERATORS = ("tr", "diag", "erf", "argmin", "argmax", "rank", "mean", "sign")
"""Names that are set like those."""
NAMES = {
    **{name: rf"\{name}" for name in (*GREEK, *FUNCTIONS)},
    **{name: rf"\operatorname{{{name}}}" for name in OPERATORS},
    "lam": r"\lambda",
    "inf": r"\infty",
    "sum": r"\sum",
    "prod": r"\prod",
    "int": r"\int",
    "star": "*",
}
"""What a name is in LaTeX."""
SIGNS = {
    "<=": r"\le", "<<": r"\ll", ">=": r"\ge", "<-": r"\leftarrow", "->": r"\to", "~": r"\sim", "*": r"\cdot",
    "..": r"\ldots", "!=": r"\ne", "±": r"\pm",
    **{sign: sign for sign in ("=", "<", ">", "+", "-", ",", ";", ":", ".")},
}  # fmt: skip
PAIRS = {"(": ")", "[": "]", "{": "}", "|": "|", "<": ">"}
"""Brackets; < is one before a letter that stands next to it."""
TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<code>`[^`]+`)|(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
    r"|(?P<name>[^\W\d_]+\d*(?:_[^\W_]+)*)|(?P<sign><=|<<|>=|!=|<-|->|\.\.|[-+*/=<>~^_'(){}\[\]|,;:.±])"
)


class FormulaError(ValueError):
    """A line that is no formula."""


class Token(NamedTuple):
    """A part of a line."""

    kind: str
    text: str
    space: int
    """Blanks before it."""


class Operand(NamedTuple):
    """What a division may take."""

    tex: str
    inner: str
    """The same without its own brackets."""
    word: bool = False


def latex(line: str) -> str:
    r"""The formula of one line as LaTeX.

    >>> latex("T(g) = sum m lambda / (lambda + g) + tail / g")
    'T(g) = \\sum m \\frac{\\lambda}{\\lambda + g} + \\frac{\\mathrm{tail}}{g}'
    >>> latex("|r_t|^2 <= (1 - step alpha^2)^t")
    '\\left|r_{t}\\right|^{2} \\le (1 - \\mathrm{step} \\, \\alpha^{2})^{t}'
    >>> latex("a (b + c")
    Traceback (most recent call last):
    figures.site.formulas.FormulaError: a (b + c: the bracket ( is not closed
    """
    try:
        return _Reader(_tokens(line)).whole()
    except FormulaError as error:
        raise FormulaError(f"{line.strip()}: {error}") from None


def _tokens(line: str) -> list[Token]:
    found, place, space = [], 0, 0
    line = line.strip()
    while place < len(line):
        match = TOKEN.match(line, place)
        if match is None:
            raise FormulaError(f"{line[place]!r} is no part of a formula")
        kind, text = str(match.lastgroup), match[0]
        if kind == "space":
            space = len(text)
        else:
            found.append(Token(kind, text, space))
            space = 0
        place = match.end()
    return found


class _Reader:
    """Reads tokens from the left to the right."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens, self._place = tokens, 0

    def whole(self) -> str:
        tex = self._sequence("")
        if self._next() is not None:
            raise FormulaError(f"{self._tokens[self._place].text} closes no bracket")
        return tex

    def _next(self) -> Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _take(self) -> Token:
        token = self._next()
        if token is None:
            raise FormulaError("it ends in the middle")
        self._place += 1
        return token

    def _at(self, *texts: str, glued: bool = False) -> bool:
        token = self._next()
        return token is not None and token.text in texts and not (glued and token.space)

    def _sequence(self, closing: str) -> str:
        """Operands and signs up to a closing bracket."""
        parts: list[str] = []
        last: Operand | None = None
        while (token := self._next()) is not None and token.text not in (")", "]", "}"):
            if token.text == closing and (last is not None or closing != "|"):  # else a bar opens
                break
            if token.space > 1 and parts:
                parts.append(r"\quad")
                last = None if token.text != "/" else last
            if token.text == "/":
                if last is None:
                    raise FormulaError("/ has nothing before it")
                self._take()
                last = Operand(tex := rf"\frac{{{last.inner}}}{{{self._operand().inner}}}", tex)
                parts[-1] = last.tex
            elif token.text in SIGNS and not self._at_product(last):
                parts.append(self._sign(last))
                last = None
            else:
                operand = self._words() or self._operand()
                if last is not None and (operand.word or last.word):
                    parts.append(r"\,")
                parts.append(operand.tex)
                last = operand
        return " ".join(parts)

    def _at_product(self, last: Operand | None) -> bool:
        """Is < the bracket of an inner product, as in <w, x>?"""
        if not self._at("<") or self._place + 1 == len(self._tokens):
            return False
        apart = self._tokens[self._place].space or last is None
        return bool(apart) and not self._tokens[self._place + 1].space

    def _sign(self, last: Operand | None) -> str:
        token = self._take()
        following = self._next()
        inside = token.text == "." and last is not None and following is not None
        if inside and not token.space and following is not None and not following.space:
            return r"\cdot"
        return SIGNS[token.text]

    def _words(self) -> Operand | None:
        """Two words or more that follow one another, as text."""
        end = self._place
        while end < len(self._tokens) and self._is_word(end):
            end += 1
        if end - self._place < 2:
            return None
        words = " ".join(token.text for token in self._tokens[self._place : end])
        self._place = end
        return Operand(tex := rf"\text{{{words}}}", tex, word=True)

    def _is_word(self, place: int) -> bool:
        token = self._tokens[place]
        following = self._tokens[place + 1] if place + 1 < len(self._tokens) else None
        if token.kind != "name" or (place > self._place and token.space != 1):
            return False
        if following is not None and following.text in ("(", "[", "^", "_", "'", "/") and not following.space:
            return False
        article = token.text == "a" and place > self._place and following is not None
        article = article and following is not None and following.kind == "name" and len(following.text) > 1
        known = token.text in {*NAMES, "sqrt"} and token.text not in OPERATORS
        return article or (token.text.isalpha() and len(token.text) > 1 and not known)

    def _operand(self) -> Operand:
        token = self._take()
        if token.text == "sqrt":
            base = Operand(tex := rf"\sqrt{{{self._operand().inner}}}", tex)
        elif token.text in PAIRS:
            base = self._bracket(token.text)
        elif token.kind == "code":
            name = token.text.strip("`").replace("_", r"\_")
            base = Operand(tex := rf"\texttt{{{name}}}", tex, word=True)
        elif token.kind == "number":
            base = Operand(token.text, token.text)
        elif token.kind == "name":
            base = self._name(token.text)
        elif token.text in ("+", "-"):
            base = Operand(tex := f"{token.text}{self._operand().tex}", tex)
        else:
            raise FormulaError(f"{token.text} stands where a number or a name should")
        return self._marked(base)

    def _bracket(self, opening: str) -> Operand:
        closing = PAIRS[opening]
        inner = self._sequence(closing)
        if not self._at(closing):
            raise FormulaError(f"the bracket {opening} is not closed")
        self._take()
        if opening == "{":
            return Operand(rf"\{{{inner}\}}", inner)
        if opening == "|":
            return Operand(tex := rf"\left|{inner}\right|", tex)
        if opening == "<":
            return Operand(tex := rf"\langle {inner} \rangle", tex)
        tall = "frac" in inner or "sqrt" in inner
        return Operand(
            rf"\left{opening}{inner}\right{closing}" if tall else f"{opening}{inner}{closing}", inner
        )

    def _name(self, name: str) -> Operand:
        if name == "E" and (self._at("[") or self._at("(", glued=True) or self._expectation()):
            return Operand(r"\mathbb{E}", r"\mathbb{E}")
        tex = symbol(name)
        if name.startswith("E_") and self._at("["):
            tex = rf"\mathbb{{E}}{tex[1:]}"
        word = tex.startswith(r"\mathrm")
        while self._at("(", "[", glued=True):
            tex += self._bracket(self._take().text).tex
        return Operand(tex, tex, word)

    def _expectation(self) -> bool:
        """Does E stand before something, so that it is its mean?"""
        token = self._next()
        return token is not None and (token.kind in ("name", "number") or token.text == "|")

    def _marked(self, base: Operand) -> Operand:
        """The operand with its primes, subscripts, exponents and arguments."""
        tex, changed = base.tex, False
        while (
            self._at("^", "_", "'", glued=True)
            or self._starred()
            or (changed and self._at("(", "[", glued=True))
        ):
            mark = self._take().text
            if mark in PAIRS:
                tex += self._bracket(mark).tex
                continue
            changed = changed or tex[0] not in "(["
            if mark == "*":
                tex = f"{{{tex}^{{*}}}}"
            elif mark == "'":
                tex = f"{{{tex}}}'" if "^" in tex else f"{tex}'"
            else:
                tex += f"{mark}{{{self._raised()}}}"
        return Operand(tex, tex, base.word) if tex != base.tex else base

    def _starred(self) -> bool:
        """Is * a mark of the name before it, as in w*_i and gamma* = 1, and no product?"""
        following = self._tokens[self._place + 1 : self._place + 2]
        marks = ("_", "^", "=", ",", ")", ".")
        return self._at("*", glued=True) and (not following or following[0].text in marks)

    def _raised(self) -> str:
        """An exponent or a subscript: a bracket, or a number or name with its sign."""
        sign = self._take().text if self._at("+", "-", glued=True) else ""
        token = self._next()
        if sign and (token is None or token.space or token.kind == "sign"):
            return sign  # the pseudo-inverse
        token = self._take()
        if token.text in PAIRS:
            return sign + self._bracket(token.text).inner
        if token.kind == "number" and (unit := self._next()) and unit.kind == "name" and not unit.space:
            return f"{sign}{token.text}{symbol(self._take().text)}"
        return sign + (_subscript(token.text) if token.kind == "name" else token.text)


def symbol(name: str) -> str:
    r"""A name as LaTeX: Greek letters, subscripts behind underscores, words in upright letters.

    >>> symbol("gamma_eff"), symbol("mu1"), symbol("beta_hat_i")
    ('\\gamma_{\\mathrm{eff}}', '\\mu_{1}', '\\hat{\\beta}_{i}')
    """
    base, *subscripts = name.split("_")
    letters, digits = re.fullmatch(r"([^\W\d_]+)(\d*)", base).groups()  # type: ignore[union-attr]
    if digits:
        subscripts.insert(0, digits)
    tex = NAMES.get(letters) or (rf"\mathrm{{{letters}}}" if _is_name(letters) else " ".join(letters))
    if "hat" in subscripts:
        subscripts.remove("hat")
        tex = rf"\hat{{{tex}}}"
    return f"{tex}_{{{' '.join(_subscript(each) for each in subscripts)}}}" if subscripts else tex


def _is_name(letters: str) -> bool:
    """More than one letter, and no product of two such as JJ and Xw."""
    return len(letters) > 2 or (len(letters) == 2 and letters[0].islower())


def _subscript(text: str) -> str:
    if text in NAMES:
        return NAMES[text]
    return text if len(text) < 3 or text.isdigit() else symbol(text)
