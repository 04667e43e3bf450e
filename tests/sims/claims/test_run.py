"""Claims come out as they say, and their wrong versions are rejected."""

import re
from collections.abc import Callable

import pytest

from sims import data
from sims.claims import Claim, registry, run
from sims.experiments.images import growing_models
from sims.shell.session import Session
from sims.verdict.statuses import FAILED

IDS, _ = registry.select([])
QUICK = run.Options(quick=True)
CALLS: list[str] = []  # of this module, since what a trial encloses is in its key


@pytest.mark.slow
@pytest.mark.parametrize("name", IDS)
def test_a_claim_comes_out_as_it_says_and_its_wrong_versions_are_rejected(name: str) -> None:
    claim, session = registry.find(name), Session()
    row = run.check(name, claim.defaults, QUICK, session)
    assert row["status"] == claim.expected, row
    assert row["power"] >= 1 - 1e-4
    for wrong in run.sabotage(name, QUICK, session):
        assert wrong["status"] == "disagrees", wrong


def test_a_claim_on_images_gives_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "belkin2019.mnist_norm"
    growing_models.loaded.cache_clear()
    monkeypatch.setattr(data.named, "find_spec", lambda name: None)
    row = run.check(name, registry.find(name).defaults, QUICK, Session())
    assert row["status"] == FAILED
    assert "pip install 'overparam[data]'" in row["error"]


def test_growth_doubles_twice_with_fewer_trials(make: Callable[..., Claim]) -> None:
    claim = make(kind="asymptotic", grows=("n",), allowance=lambda s: 1 / s.n, trials=64)
    assert run.runs(claim, run.Options()) == [(1, 64), (2, 32), (4, 16)]
    assert run.runs(claim, run.Options(quick=True)) == [(1, 16)]
    assert run.runs(claim, run.Options(trials=5)) == [(1, 5), (2, 5), (4, 5)]
    assert claim.sized({"n": 3}, 4) == {"n": 12}


@pytest.mark.parametrize(("options", "told"), [({"trials": 0}, "trials = 0"), ({"seed": -1}, "seed = -1")])
def test_options_that_run_nothing_are_refused(options: dict[str, int], told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        run.Options(**options)  # type: ignore[arg-type]


@pytest.mark.usefixtures("fake")
def test_a_wrong_theory_is_judged_on_the_trials_of_the_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    CALLS.clear()
    honest = run.measure
    monkeypatch.setattr(run, "measure", lambda *given: CALLS.append(given[1]) or honest(*given))
    rows = list(run.sabotage("fake2000.sound", QUICK, Session()))
    assert {row["sabotage"]: row["status"] for row in rows} == dict.fromkeys(
        ["zero", "another law", "another trial", "theory up by three resolutions",
         "theory down by three resolutions"], "disagrees",
    )  # fmt: skip
    # the claim's own trials once, those with other settings, and those of another trial
    assert {own: CALLS.count(own) for own in set(CALLS)} == {"": 2 * 16, "another trial": 16}


@pytest.mark.usefixtures("fake")
def test_an_experiment_that_raises_has_a_row_and_wrong_versions() -> None:
    row = run.check("fake2000.broken", {"n": 4}, QUICK, Session())
    assert (row["status"], row["confirmed"], row["theory"], row["sizes"]) == (FAILED, False, None, [])
    assert [row["status"] for row in run.sabotage("fake2000.broken", QUICK, Session())] == [FAILED]
