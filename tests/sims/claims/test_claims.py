"""Claims: well formed, with the status they state, wrong versions rejected; the command in plain words."""

import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sims import data
from sims.claims import Claim, command, papers, power, registry, report, run
from sims.claims.claim import FALSE_ALARM
from sims.experiments.images import growing_models
from sims.shell import console
from sims.trials import montecarlo, store
from sims.trials.sample import Sample

ROOT = Path(__file__).resolve().parents[3]
KEYS = registry.keys()
IDS = [name for key in KEYS for name in registry.claims(key)]

# the cheapest, for many seeds
CHEAP = [
    "advani2020.training",
    "ali2019.sharp",
    "bahri2021.input_noise",
    "belkin2019.minimum_norm_is_best",
    "belkin2019.threshold",
    "curth2023.ridge",
    "everyday.always_overfit",
    "everyday.more_data",
    "everyday.underfit_overfit",
    "hastie2022.best_ridge",
    "hastie2022.no_peak",
    "heckel2021.superposition",
    "mei2022.infinite_width",
    "mei2022.objective",
    "muthukumar2020.no_better",
    "nakkiran2019.more_data_hurts",
    "nakkiran2021.best_ridge",
    "nakkiran2021.features_never_hurt",
    "nakkiran2021.model_wise",
    "nakkiran2021.samples_never_hurt",
    "oymak2020.rank",
    "rahimi2007.uniform",
    "schaeffer2023.leading_directions",
    "schaeffer2023.no_residual",
    "schaeffer2023.peak",
    "schaeffer2023.small_singular_values",
    "schaeffer2023.whole_span",
    "simon2023.conservation",
    "simon2023.learnability",
    "soltanolkotabi2019.saddle",
]

FAKE = """
import numpy as np
from sims.claims import Claim

common = dict(formula="E x = 1", source="[fake2000]", defaults={"n": 4, "law": "normal", "mean": 1.0},
              simulated="n numbers", trial=lambda s, rng: s.mean + rng.standard_normal(s.n).mean() / 50,
              trials=40)
sound = Claim(statement="The mean is one.", kind="exact", theory=lambda s: 1.0,
              sabotage={"zero": lambda s: 0.0, "another law": {"defaults": {"mean": 2.0}},
                        "another trial": {"trial": lambda s, rng: rng.standard_normal()/50}}, **common)
wrong = Claim(statement="The mean is two.", kind="exact", theory=lambda s: 2.0,
              sabotage={"zero": lambda s: 0.0}, **common)
weak = Claim(statement="The mean is at least one.", kind="inequality", relation=">=", theory=lambda s: 1.0,
             sabotage={"one": lambda s: 1.0}, **common)
broken = Claim(statement="It cannot be measured.", kind="exact", theory=lambda s: 1.0,
               sabotage={"zero": lambda s: 0.0}, **{**common, "trial": lambda s, rng: 1 // 0})
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper of four claims, of which one is wrong, one cannot be decided and one raises."""
    (tmp_path / "fake2000.py").write_text(FAKE)
    monkeypatch.setattr(papers, "__path__", [*papers.__path__, str(tmp_path)])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delitem(
        sys.modules, "sims.claims.papers.fake2000", raising=False
    )  # imported for one test alone


def _run_command(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = command.main(words)
    seen = capsys.readouterr()
    return code, seen.out, seen.err


# ---------------------------------------------------------------- the registry


def test_there_are_as_many_as_promised() -> None:
    assert len(IDS) >= 90
    assert len([key for key in KEYS if key != "everyday"]) >= 35
    assert len(IDS) * FALSE_ALARM < 1e-3  # of the whole family


@pytest.mark.parametrize("key", KEYS)
def test_papers_are_in_the_bibliography(key: str) -> None:
    entries = (ROOT / "paper" / "references.bib").read_text()
    assert key == "everyday" or f"{{{key}," in entries
    assert registry.claims(key)


@pytest.mark.parametrize("name", IDS)
def test_a_claim_is_well_formed(name: str) -> None:
    claim = registry.find(name)
    key, own = name.split(".")
    assert re.fullmatch(r"[a-z][a-z0-9_]*", own)
    assert re.search(r"[.?!]\)?$", claim.statement)
    assert len(claim.statement) < 320
    assert len(claim.formula) < 320
    cited = re.findall(r"\[([a-z]+\d{4}[a-z]*)", claim.source)
    entries = (ROOT / "paper" / "references.bib").read_text()
    assert all(f"{{{other}," in entries for other in cited)
    assert key == "everyday" or key in cited
    assert all(type(value) in (int, float, str) for value in claim.defaults.values())
    if callable(claim.allowance) and claim.grows:
        small, large = (
            np.max(claim.allowance(SimpleNamespace(**claim.sized(claim.defaults, size)))) for size in (1, 4)
        )
        assert large <= 0.51 * small  # at least like 1/sqrt(size)
    if claim.kind == "asymptotic":
        assert callable(claim.allowance)
    if claim.kind == "exact":
        assert claim.allowance in (0.0, 1e-4)  # where an iteration ends


def test_the_table_of_claims_is_current() -> None:
    found = {name: registry.find(name) for name in IDS}
    text = (ROOT / "sims" / "claims" / "README.md").read_text(encoding="utf-8")
    assert text == report.markdown(found) + "\n", "run python -m sims.claims list --markdown"
    papers = len([key for key in KEYS if key != "everyday"])
    front = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"has {len(IDS)} claims of {papers} papers" in front


@pytest.mark.slow
@pytest.mark.parametrize("name", IDS)
def test_a_claim_comes_out_as_it_says_and_its_wrong_versions_are_rejected(name: str) -> None:
    claim = registry.find(name)
    effort = run.Effort(quick=True)
    row = run.check(name, claim.defaults, effort)
    assert row["status"] == claim.expected, row
    assert row["power"] >= 1 - 1e-4
    for wrong in run.sabotage(name, effort):
        assert wrong["status"] == "disagrees", wrong


@pytest.mark.slow
@pytest.mark.parametrize("name", CHEAP)
def test_a_status_does_not_depend_on_the_seed(name: str) -> None:
    claim = registry.find(name)
    statuses = {
        run.check(name, claim.defaults, run.Effort(quick=True, seed=seed))["status"] for seed in range(20)
    }
    assert statuses == {claim.expected}


def test_a_claim_on_images_gives_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "belkin2019.mnist_norm"
    growing_models.loaded.cache_clear()
    monkeypatch.setattr(data.named, "find_spec", lambda name: None)
    row = run.check(name, registry.find(name).defaults, run.Effort(quick=True))
    assert row["status"] == run.FAILED
    assert "pip install 'overparam[data]'" in row["error"]


# ---------------------------------------------------------------- the machine


def _claim(**fields: object) -> Claim:
    usual = {
        "statement": "It is.",
        "formula": "x = x",
        "source": "[x]",
        "kind": "exact",
        "defaults": {"n": 3},
        "simulated": "x",
        "trial": lambda s, rng: rng.standard_normal(),
        "theory": lambda s: 0.0,
        "sabotage": {"one": lambda s: 1.0},
    }
    return Claim(**{**usual, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": "law"}, "kind = 'law'"),
        ({"relation": ">="}, "relation = '>=' does not fit kind = 'exact'"),
        ({"kind": "shape"}, "relation = '=' does not fit kind = 'shape'"),
        ({"kind": "asymptotic"}, "grows = ()"),
        ({"grows": ("d",)}, "names d: not in defaults"),
        ({"sabotage": {}}, "sabotage = {} is empty"),
        ({"expected": "disagrees"}, "needs a reason"),
    ],
)
def test_a_claim_that_lacks_something_is_refused(fields: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        _claim(**fields)


def test_the_jackknife_gives_a_ratio_its_error() -> None:
    # by the delta method the variance of mean(x)/mean(y) is (1/R)(sd_x^2 + r^2 sd_y^2)/mean_y^2
    claim = _claim(statistic=lambda s, mean: mean[0] / mean[1])
    rng = np.random.default_rng(0)
    values = np.array([3.0, 2.0]) + rng.standard_normal((4000, 2)) * [0.3, 0.1]
    found = claim.compared({"n": 3}, Sample(values))
    assert found.se[0] == pytest.approx(np.sqrt((0.09 + 2.25 * 0.01) / 4 / 4000), rel=0.1)
    assert abs(found.mean[0] - 1.5) < 5 * found.se[0]
    linear = _claim(statistic=lambda s, mean: 2 * mean)
    assert np.allclose(linear.compared({"n": 3}, Sample(values)).values, 2 * values)


def test_one_trial_has_a_statistic_and_no_error() -> None:
    found = _claim(statistic=lambda s, mean: mean**2).compared({"n": 3}, Sample(np.array([[3.0]])))
    assert (found.mean[0], found.se[0]) == (9.0, np.inf)


@pytest.mark.parametrize(
    ("fields", "spread"),
    [
        ({"theory": lambda s: 1.0}, 0.055),
        ({"theory": lambda s: 1.0, "allowance": 0.05, "kind": "rate"}, 0.05),
        ({"theory": lambda s: 0.9, "relation": ">=", "kind": "inequality"}, 0.12),
        ({"theory": lambda s: 1.1, "relation": "<=", "kind": "inequality"}, 0.12),
        ({"theory": lambda s: 1.1, "expected": "disagrees", "why": "x"}, 0.12),
        (
            {"theory": lambda s: 0.9, "relation": "<=", "kind": "shape", "expected": "disagrees", "why": "x"},
            0.12,
        ),
    ],
)
def test_power_is_what_happens(fields: dict[str, object], spread: float) -> None:
    """At moderate power, so that it shows; the statement for equations that agree is a lower bound."""
    claim = _claim(**fields)
    values = {"n": 3}
    theory = claim.expectation(values)

    def sample(seed: int, spread: float = spread) -> Sample:
        return Sample(1 + spread * np.random.default_rng(seed).standard_normal((16, 1)))

    exact = Sample(1 + spread * np.sqrt(15 / 16) * np.tile([[1.0], [-1.0]], (8, 1)))  # se = spread/4
    judged = claim.judge(values, exact, 1e-2)
    told = power.power(claim, theory, exact, judged, 16)
    reached = np.mean([claim.judge(values, sample(i), 1e-2).status == claim.expected for i in range(1000)])
    error = 4 * np.sqrt(0.25 / 1000)
    if claim.relation == "=" and claim.expected == "agrees":
        assert told <= reached + error
    else:
        assert told == pytest.approx(reached, abs=error)
        assert 0.02 < told < 0.98


def test_power_grows_with_trials() -> None:
    claim = _claim(theory=lambda s: 0.9, relation=">=", kind="inequality")
    sample = Sample(1 + 0.1 * np.random.default_rng(0).standard_normal((16, 1)))
    judged = claim.judge({"n": 3}, sample)
    few, many = (power.power(claim, np.array([0.9]), sample, judged, trials) for trials in (16, 400))
    assert few < 0.5 < 1 - 1e-6 < many


def test_growth_doubles_twice_with_fewer_trials() -> None:
    claim = _claim(kind="asymptotic", grows=("n",), allowance=lambda s: 1 / s.n, trials=64)
    assert run.runs(claim, run.Effort()) == [(1, 64), (2, 32), (4, 16)]
    assert run.runs(claim, run.Effort(quick=True)) == [(1, 16)]
    assert run.runs(claim, run.Effort(trials=5)) == [(1, 5), (2, 5), (4, 5)]
    assert claim.sized({"n": 3}, 4) == {"n": 12}


# ---------------------------------------------------------------- the command


@pytest.mark.usefixtures("fake")
def test_check_judges_each_and_a_broken_one_stops_no_other(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ["check", "fake2000", "--json", "--jobs", "1", "--store", str(tmp_path / "s.db")]
    code, out, err = _run_command(words, capsys)
    rows = {row["id"]: row for row in json.loads(out)}
    assert code == console.FAILED
    assert err == ""
    assert {name.split(".")[1]: row["status"] for name, row in rows.items()} == {
        "sound": "agrees",
        "wrong": "disagrees",
        "weak": "undecided",
        "broken": "failed",
    }
    assert rows["fake2000.broken"]["error"].startswith("ZeroDivisionError: ")
    sound = rows["fake2000.sound"]
    assert (sound["theory"], sound["trials"], sound["confirmed"], sound["paper"]) == (
        1.0,
        40,
        True,
        "fake2000",
    )
    assert abs(sound["observed"] - 1) < 6 * sound["se"] < 0.03
    assert set(command.COLUMNS) <= {*sound}
    for names, expected in (
        (["sound"], 0),
        (["sound", "wrong"], 1),
        (["sound", "weak"], 5),
        (["weak", "wrong"], 1),
    ):
        asked = [f"fake2000.{name}" for name in names]
        assert _run_command(["check", *asked, *words[2:]], capsys)[0] == expected


@pytest.mark.usefixtures("fake")
def test_trials_are_found_again_and_fresh_ignores_them(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["check", "fake2000.sound", "--json", "--jobs", "1", "--store", str(tmp_path / "s.db")]
    calls = []
    honest = run.measure
    monkeypatch.setattr(run, "measure", lambda *given: calls.append(1) or honest(*given))
    first = json.loads(_run_command(words, capsys)[1])
    assert len(calls) == 40
    again = json.loads(_run_command(words, capsys)[1])
    assert len(calls) == 40
    _run_command([*words, "--fresh"], capsys)
    assert len(calls) == 80
    for row in (*first, *again):
        del row["seconds"]
    assert first == again


@pytest.mark.usefixtures("fake")
def test_wrong_versions(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ["--jobs", "1", "--store", str(tmp_path / "s.db")]
    code, out, _ = _run_command(["sabotage", "fake2000.sound", "--json", *words], capsys)
    told = {row["sabotage"]: row["status"] for row in json.loads(out)}
    assert code == 0
    assert len(told) == 5
    assert set(told.values()) == {"disagrees"}
    code, out, _ = _run_command(["sabotage", "fake2000.weak", *words], capsys)
    assert code == console.UNDECIDED
    assert out.splitlines()[-1] == "0 of 1 wrong versions are rejected"


@pytest.mark.usefixtures("fake")
def test_settings_are_changed_by_name(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ["--json", "--jobs", "1", "--store", str(tmp_path / "s.db")]
    code, out, _ = _run_command(["check", "fake2000.wrong", *words, "--set", "mean=2", "n=9"], capsys)
    (row,) = json.loads(out)
    assert (code, row["status"]) == (0, "agrees")
    assert row["sizes"][0]["settings"] == {"n": 9, "law": "normal", "mean": 2.0}


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nobody1900"], "nobody1900: no such paper"),
        (
            ["fake2000.nothing"],
            "fake2000.nothing: no such claim; `python -m sims.claims list --paper fake2000`",
        ),
        (["fake2000.sonud"], "fake2000.sonud: no such claim; did you mean fake2000.sound?"),
        (["fake200"], "fake200: no such paper; did you mean fake2000?"),
        ([""], "'': no such paper; `python -m sims.claims list` names them"),
    ],
)
def test_unknown_names_leave_the_others_their_run(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rest = ["fake2000.sound", "--json", "--jobs", "1", "--store", str(tmp_path / "s.db")]
    code, out, err = _run_command(["check", *words, *rest], capsys)
    assert code == console.USAGE
    assert err.startswith(f"error: {told}")
    assert [row["status"] for row in json.loads(out)] == ["agrees"]


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("n", "--set n: write name=value"),
        ("n=", "--set n=: write name=value"),
        ("n=many", "--set n=many: n of fake2000.sound must be a whole number, not negative, such as 4"),
        ("n=-1", "--set n=-1: n of fake2000.sound must be a whole number, not negative, such as 4"),
        ("mean=nan", "--set mean=nan: mean of fake2000.sound must be a finite number, such as 1.0"),
        ("d=3", "--set d=3: fake2000.sound has no d; its settings are n, law, mean"),
    ],
)
def test_malformed_settings_get_one_line(word: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run_command(["check", "fake2000.sound", "--json", "--set", word], capsys)
    assert (code, json.loads(out), err) == (console.USAGE, [], f"error: {told}\n")


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["check", "fake2000.sound", "--trials", "0"], "--trials = 0 must be at least 1"),
        (["sabotage", "fake2000.sound", "--seed", "-1"], "--seed = -1 must be at least 0"),
        (["show", "fake2000"], "fake2000 is a paper; name one of its claims, such as fake2000.sound"),
    ],
)
def test_usage_is_refused_before_anything_runs(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run_command(words, capsys) == (console.USAGE, "", f"error: {told}\n")


@pytest.mark.usefixtures("fake")
def test_a_failure_names_the_settings_that_were_changed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ["check", "fake2000.sound", "--json", "--jobs", "1", "--store", str(tmp_path / "s.db")]
    (row,) = json.loads(_run_command([*words, "--set", "n=0"], capsys)[1])
    assert row["status"] == "failed"
    assert row["error"].endswith("(with n = 0)")


@pytest.mark.usefixtures("fake")
def test_what_a_reader_sees(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ["--jobs", "1", "--store", str(tmp_path / "s.db")]
    _, out, _ = _run_command(["check", "fake2000", *words, "--out", str(tmp_path / "out")], capsys)
    head, *lines = out.splitlines()
    assert head.split() == ["id", "theory", "observed", "±", "se", "resolution", "status", "seconds"]
    assert lines[1].endswith("(expected: agrees)")
    assert "fake2000.broken  failed: ZeroDivisionError" in lines[3]
    assert "1 of 4 claims as expected" in out
    assert "again:  python -m sims.claims check fake2000 --seed 0" in out
    saved = json.loads((tmp_path / "out" / "claims.json").read_text())
    assert len(saved["rows"]) == 4
    assert (tmp_path / "out" / "claims.csv").read_text().startswith("id,paper,kind,")
    code, out, _ = _run_command(["show", "fake2000.sound"], capsys)
    assert code == 0
    assert "sabotage   zero; another law; another trial" in out
    assert "agrees with chance at least 1 - 5e-06 with --quick" in out
    assert 'sound = Claim(statement="The mean is one."' in out
    assert _run_command(["show", "fake2000.broken"], capsys)[0] == console.FAILED
    code, out, _ = _run_command(["list", "--paper", "fake2000"], capsys)
    assert out.splitlines()[-1] == "4 claims of 1 paper"
    code, out, _ = _run_command(["check", "fake2000.sound", "--dry-run", "--json"], capsys)
    assert json.loads(out)["trials"] == 40


@pytest.mark.usefixtures("fake")
def test_a_stop_keeps_what_is_done(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise montecarlo.Stopped("time is up", 3, 40, 3)

    words = ["check", "fake2000.sound", "--json", "--jobs", "1", "--store", str(tmp_path / "s.db")]
    monkeypatch.setattr(montecarlo, "run", stop)
    code, out, err = _run_command(words, capsys)
    assert (code, json.loads(out)) == (console.STOPPED, [])
    assert err.startswith("error: time is up after 0 of 1 claims; kept in ")

    def full(*_: object, **__: object) -> None:
        raise store.FullError("the disk is full")

    monkeypatch.setattr(montecarlo, "run", full)
    assert _run_command(words, capsys)[0] == console.STOPPED
