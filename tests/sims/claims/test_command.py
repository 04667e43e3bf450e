"""The command in plain words: what it lists, shows and refuses."""

import json
import re
from collections.abc import Callable

import pytest

from sims.claims import registry
from sims.shell import console

Claims = Callable[..., tuple[int, str, str]]


@pytest.mark.usefixtures("fake")
def test_list_has_a_line_for_each_claim(claims: Claims) -> None:
    code, out, _ = claims("list", "--paper", "fake2000")
    assert code == 0
    assert out.splitlines()[-1] == "4 claims of 1 paper"
    assert out.splitlines()[0].split() == ["id", "kind", "expected", "statement"]
    assert "fake2000.weak    inequality  agrees     The mean is at least one." in out
    rows = json.loads(claims("list", "--json")[1])
    assert [row["id"] for row in rows] == registry.select([])[0]


@pytest.mark.usefixtures("fake")
def test_show_has_the_claim_in_full_with_a_quick_run(claims: Claims) -> None:
    code, out, _ = claims("show", "fake2000.sound")
    assert code == 0
    assert "sabotage   zero; another law; another trial" in out
    assert re.search(r"agrees with chance at least (0\.\d+|1 - \S+) with --quick", out)
    assert 'sound = Claim(statement="The mean is one."' in out
    assert claims("show", "fake2000.broken")[0] == console.FAILED


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["check", "fake2000.sound", "--trials", "0"], "--trials = 0 must be at least 1"),
        (["sabotage", "fake2000.sound", "--seed", "-1"], "--seed = -1 must be at least 0"),
        (["show", "fake2000"], "fake2000 is a paper; name one of its claims, such as fake2000.sound"),
        (["check", "--json", "--csv"], "--json and --csv cannot be combined; choose one"),
        (["sabotage", "fake2000", "--dry-run"], "--dry-run cannot be combined with sabotage"),
        (["list", "--paper", "nobody1900"], "nobody1900: no such paper"),
    ],
)
def test_usage_is_refused_before_anything_runs(words: list[str], told: str, claims: Claims) -> None:
    code, out, err = claims(*words)
    assert (code, out) == (console.USAGE, "")
    assert err.startswith(f"error: {told}")
    assert err.count("\n") == 1
