"""Claims in the explorer: read, changed within limits, and run to a verdict."""

from pathlib import Path
from typing import Any

import pytest

from figures.explorer import _claims
from figures.explorer._view import RefusedError


def test_a_claim_runs_to_its_verdict(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    values = _claims.settings("everyday.capacity", {})
    (view,) = _claims.check(
        "everyday.capacity", values, tmp_path / "trials.sqlite", lambda *done: told.append(done)
    )
    assert view.status == "agrees"
    assert "as expected" in view.words[0]
    assert told[-1][0] == told[-1][1]
    assert view.command == "python -m sims.claims check everyday.capacity --quick"
    assert view.table[0][1] == "theory"


def test_a_changed_setting_is_in_the_command() -> None:
    values = _claims.settings("mei2022.peak", {"n": 80, "activation": "tanh"})
    assert _claims.command("mei2022.peak", values).endswith("--quick --set n=80 activation=tanh")


@pytest.mark.parametrize(
    "changed",
    [{"n": 10**9}, {"n": 0}, {"n": "x"}, {"noise": -1.0}, {"noise": 1e9}, {"noise": float("nan")}, {"q": 1}],
)
def test_settings_beyond_the_limits_are_refused_in_one_line(changed: dict[str, Any]) -> None:
    with pytest.raises(RefusedError, match=next(iter(changed))) as refusal:
        _claims.settings("mei2022.peak", changed)
    assert "\n" not in str(refusal.value)


def test_an_experiment_that_fails_is_one_line() -> None:
    values = _claims.settings("mei2022.peak", {"activation": "no such function"})
    with pytest.raises(RefusedError, match="no such function") as refusal:
        list(_claims.check("mei2022.peak", values, None, lambda done, total: None))
    assert "\n" not in str(refusal.value)


def test_every_claim_can_be_read_and_set() -> None:
    for paper in _claims.papers():
        for identifier in _claims.of(paper):
            assert _claims.reading(identifier)
            assert _claims.settings(identifier, _claims.defaults(identifier)) == _claims.defaults(identifier)
