"""Formulas that are written as plain lines, with the signs of mathematics: HTML needs no script for them."""

import re
from html import escape

from sims.shell.streams import visible

NAMES = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "eta": "η", "theta": "θ", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "psi": "ψ", "chi": "χ",
    "omega": "ω", "Sigma": "Σ", "Theta": "Θ", "Phi": "Φ", "inf": "∞", "sum": "Σ", "pi": "π",
}  # fmt: skip
SIGNS = {"<=": "≤", ">=": "≥", "->": "→", "!=": "≠"}
_ROOT = re.compile(r"\bsqrt (?=\w)|\bsqrt(?=\()")
_AVERAGE = re.compile(r"<([^<>=]+, [^<>=]+)>")
_RAISED = re.compile(r"\^(-?\w+(?:/\w+)?|\([^()]*\))")
_LOWERED = re.compile(r"(?<=[A-Za-zα-ωΑ-Ω])_(\w+)")


def rendered(text: str) -> str:
    """A line with Greek letters, powers, indices and relations as HTML; all else is escaped.

    >>> rendered("y = <beta, x> + noise, f(x) = p^-1/2 sum_j a_j s(<w_j, x>/sqrt d)")
    'y = ⟨β, x⟩ + noise, f(x) = p<sup>−1/2</sup> Σ<sub>j</sub> a<sub>j</sub> s(⟨w<sub>j</sub>, x⟩/√d)'
    >>> rendered("test(p = n) >= <script>")
    'test(p = n) ≥ &lt;script&gt;'
    """
    told = _ROOT.sub("√", _AVERAGE.sub(r"⟨\1⟩", visible(text)))
    for plain, sign in SIGNS.items():
        told = told.replace(plain, sign)
    told = re.sub(r"(?<![A-Za-z])[A-Za-z]+", lambda match: NAMES.get(match[0], match[0]), told)
    told = _RAISED.sub(lambda match: f"\x01{match[1].strip('()').replace('-', '−')}\x02", escape(told))
    told = _LOWERED.sub("\x03\\1\x04", told)
    for mark, tag in zip("\x01\x02\x03\x04", ("<sup>", "</sup>", "<sub>", "</sub>"), strict=True):
        told = told.replace(mark, tag)
    return told
