"""Every identity of theory.proofs reduces to zero, and a wrong one does not."""

import pytest
import sympy as sp

from theory.proofs import holds, proofs

PROOFS = proofs()


@pytest.mark.parametrize("name", PROOFS)
def test_proof(name: str) -> None:
    assert PROOFS[name]()
    assert holds(PROOFS[name])


def test_every_proof_states_its_theorem() -> None:
    assert {module.partition(".")[0] for module in PROOFS} == {"bayes", "equation", "papers"}
    for name, proof in PROOFS.items():
        assert len(proof.__doc__ or "") > 30, name


@pytest.mark.parametrize(
    ("symbol", "wrong"), [("w", "z"), ("n", "p"), ("A", "2*A"), ("s", "s + C"), ("z", "w")]
)
def test_a_wrong_identity_does_not_reduce(symbol: str, wrong: str) -> None:
    """A change on one side only must be seen."""
    symbols = {name: sp.Symbol(name, positive=True) for name in "npzwACs"}
    q = "(z - w)"
    printed = f"n*((p - {q})*(A + s) + w*C)/((n - {q})*(p - {q}) - w**2)"  # the test error
    right = sp.sympify(printed, symbols)
    changed = right.subs(symbols[symbol], sp.sympify(wrong, symbols))

    def proof() -> list[sp.Expr]:
        return [changed - right]

    assert not holds(proof)
