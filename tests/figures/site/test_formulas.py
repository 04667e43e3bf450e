"""Formulas of docstrings: every line is read, and says the same in LaTeX."""

import ast

import pytest

from figures.site import docstrings, formulas, modules
from figures.site.formulas import FormulaError, latex


def lines() -> list[str]:
    """Every formula line of every public docstring."""
    found = []
    for module in modules.modules().values():
        nodes = [
            node
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        ]
        found += [line for node in nodes for line in docstrings.formula_lines(ast.get_docstring(node) or "")]
    return found


def test_every_formula_line_is_read() -> None:
    unread = []
    for line in lines():
        try:
            latex(line)
        except FormulaError as error:
            unread.append(str(error))
    assert unread == []
    assert len(lines()) > 50


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("n (bias + noise)/(n - df2)", r"n \frac{\mathrm{bias} + \mathrm{noise}}{n - \mathrm{df}_{2}}"),
        ("n ridge = g", r"n \, \mathrm{ridge} = g"),
        ("e^-s ~ (1 - e)^2t", r"e^{-s} \sim (1 - e)^{2t}"),
        ("m^(1-b)/p", r"\frac{m^{1 - b}}{p}"),
        ("8 L |r_0|/(|v|^2 lambda)", r"8 L \frac{\left|r_{0}\right|}{\left|v\right|^{2} \lambda}"),
        ("| |a| - |b| |", r"\left|\left|a\right| - \left|b\right|\right|"),
        ("<w_j, x>/sqrt d < 1", r"\frac{\langle w_{j} , x \rangle}{\sqrt{d}} < 1"),
        ("sum_{m<t} |J' r_m|", r"\sum_{m < t} \left|J' r_{m}\right|"),
        ("E r_i^2, E[h y], (E + C)", r"\mathbb{E} r_{i}^{2} , \mathbb{E} [h y] , (E + C)"),
        ("X^+ y, x_i.w", r"X^{+} y , x_{i} \cdot w"),
        ("X'X, (JJ')^t", r"X' X , (J J')^{t}"),
        ("min(n, p), or the rank", r"\min(n , p) , \text{or the rank}"),
        ("sum over a batch of B rows", r"\sum \, \text{over a batch of} \, B \, \mathrm{rows}"),
        ("`f_x`,  p = 1..P", r"\texttt{f\_x} , \quad p = 1 \ldots P"),
        ("min {n : n > p}, E(x)_+", r"\min \{n : n > p\} , \mathbb{E} (x)_{+}"),
        ("gamma* = mu_1*^2 w*_i, 2*x", r"{\gamma^{*}} = {\mu_{1}^{*}}^{2} {w^{*}}_{i} , 2 \cdot x"),
        ("1 << n", r"1 \ll n"),
        ("E[f'(x) f'(x)']", r"\mathbb{E} [f'(x) f'(x)']"),
    ],
)
def test_a_formula_in_latex(text: str, tex: str) -> None:
    assert " ".join(latex(text).split()) == tex


@pytest.mark.parametrize("text", ["(a", "a)", "|a", "a /", "/ a", "a + ^", 'f("x")', "x^", "{a]", "sqrt"])
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(FormulaError, match=r": ."):
        latex(text)


def test_names_have_one_form() -> None:
    assert formulas.symbol("lam_i") == formulas.symbol("lambda_i") == r"\lambda_{i}"
    assert formulas.symbol("mu_star") == r"\mu_{*}"
    assert formulas.symbol("ridge") == r"\mathrm{ridge}"
    assert formulas.symbol("Xw") == "X w"
