"""One rule for the median resolution, and tables that are as wide as they need."""

from sims.claims import results
from sims.claims.run import Row


def _row(resolution: float | None, kind: str = "exact", paper: str = "a2000") -> Row:
    status = "failed" if resolution is None else "agrees"
    return {
        "id": f"{paper}.x", "paper": paper, "kind": kind, "resolution": resolution, "status": status,
        "confirmed": status == "agrees", "sizes": [],
    }  # fmt: skip


def test_summary_and_conclusion_have_the_same_median() -> None:
    rows = [_row(x) for x in (0.0, 0.01, 0.03, 0.02)] + [
        _row(None),
        _row(0.5, "inequality"),
        _row(0.5, "rate"),
    ]
    assert results.conclusion(rows, 1e-6).endswith("median resolution of exact and asymptotic claims 1.5 %")
    assert "1.5 %" in results.summary(rows)
    assert "6 of 7 claims as expected" in results.conclusion(rows, 1e-6)


def test_no_median_where_no_claim_states_a_value() -> None:
    rows = [_row(0.5, "inequality")]
    assert "median" not in results.conclusion(rows, 1e-6)
    assert "%" not in results.summary(rows)


def test_gaps_are_those_of_asymptotic_claims_at_several_sizes() -> None:
    size = {"points": [{"theory": 2.0, "observed": 2.1, "se": 0.02, "allowance": 0.1}]}
    grown = {**_row(0.1, "asymptotic"), "sizes": [size] * 3}
    assert results.gaps([_row(0.1), {**grown, "sizes": [size]}]) == ""
    assert results.gaps([grown]).splitlines()[1].split("  ")[-1].strip() == "5.00 ± 1.00 of 10 %"
