"""Exercises: solvable, without their answer, and no answer passes but the right one."""

import ast
import json
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sims.claims import Claim, Exercise, papers, registry, run
from sims.claims import command as claims_command
from sims.claims.exercises import judge as exercise
from sims.claims.exercises import report
from sims.claims.exercises.answer import count, names, read
from sims.claims.exercises.expressions import ExpressionError
from sims.shell import console
from sims.trials import montecarlo

EXERCISES = {name: registry.find(name) for name in registry.select([])[0] if registry.find(name).exercise}

FAKE = """
import numpy as np
from sims.claims import Claim, Exercise

def line(s, rng):
    return s.slope * np.array([s.n, 2 * s.n]) * (1 + 0.1 * rng.standard_normal(2))

common = dict(statement="It is slope x.", formula="slope x", source="[fake2000]", kind="exact", trial=line,
              defaults={"n": 4, "slope": 3.0, "law": "normal"}, simulated="two numbers x",
              labels=("one", "two"), theory=lambda s: s.slope * np.array([s.n, 2 * s.n]), trials=200,
              quick=100, sabotage={"the slope forgotten": lambda s: np.array([s.n, 2.0 * s.n]),
                        "another law": {"defaults": {"n": 5}}})
asked = dict(question="What is it?", answer="slope*x", names={"x": ("n", "2*n")})
sound = Claim(exercise=Exercise(**asked, elsewhere={"slope": 2.0, "n": 7}), **common)
broken = Claim(exercise=Exercise(**asked), **{**common, "trial": lambda s, rng: 1 // 0})
few = Claim(exercise=Exercise(**asked), **{**common, "trial": lambda s, rng: line(s, rng) * rng.normal(1, 5)})
plain = Claim(**common)
grows = Claim(exercise=Exercise("What is it?", "x; x", {"x": "slope*n"}),
              **{**common, "kind": "asymptotic", "grows": ("n",), "allowance": lambda s: 1 / s.n,
                 "trial": lambda s, rng: s.slope * s.n * (1 + 0.1 * rng.standard_normal(2)),
                 "theory": lambda s: np.full(2, s.slope * s.n)})
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper of five claims, of which one raises, one is too noisy to decide and one is no exercise."""
    (tmp_path / "fake2000.py").write_text(FAKE)
    monkeypatch.setattr(papers, "__path__", [*papers.__path__, str(tmp_path)])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delitem(sys.modules, "sims.claims.papers.fake2000", raising=False)


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """`exercise` with these words, in one process: exit code, stdout, stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        code = claims_command.main(["exercise", *words, "--jobs", "1", "--store", str(tmp_path / "s.db")])
        seen = capsys.readouterr()
        return code, seen.out, seen.err

    return run


# ---------------------------------------------------------------- every exercise


def test_there_are_some_of_many_papers() -> None:
    assert len(EXERCISES) >= 30
    assert len({name.partition(".")[0] for name in EXERCISES}) >= 20


def _posed(name: str) -> tuple[Claim, Exercise]:
    return exercise.posed(name)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_answer_is_the_theory(name: str) -> None:
    claim, posed = _posed(name)
    _, theory = read(claim, posed, posed.answer)
    for values in (claim.defaults, {**claim.defaults, **posed.elsewhere}, claim.sized(claim.defaults, 4)):
        found = theory(SimpleNamespace(**values))
        assert found == pytest.approx(claim.expectation(values), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_does_not_tell_its_answer(name: str) -> None:
    claim, posed = _posed(name)
    assert claim.relation == "="
    assert claim.expected == "agrees"
    assert posed.question.endswith((".", "?"))
    told = re.sub(r"\s", "", report.shown(name, claim, posed)).replace("**", "^")
    for formula in posed.answer.split(";"):
        bare = re.sub(r"\s", "", formula)
        assert bare.isidentifier() or len(bare) < 4 or bare not in told
    assert claim.formula not in " ".join(report.shown(name, claim, posed).split())
    assert "formula" not in report.document(name, claim, posed)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_settings_elsewhere_are_the_claim_s(name: str) -> None:
    claim, posed = _posed(name)
    for setting, number in posed.elsewhere.items():
        assert type(number) is type(claim.defaults[setting])
        assert number != claim.defaults[setting]
    for given in posed.names.values():
        assert isinstance(given, str) or len(given) == count(claim)


def _used(formula: str) -> set[str]:
    tree = ast.parse(formula.strip().replace("^", "**"), mode="eval")
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


@pytest.mark.parametrize("name", EXERCISES)
def test_every_setting_of_the_answer_changes_elsewhere(name: str) -> None:
    claim, posed = _posed(name)
    used = set.union(*map(_used, posed.answer.split(";"))) - posed.names.keys()
    assert used & claim.defaults.keys() <= posed.elsewhere.keys()


def _frozen(claim: Claim, posed: Exercise) -> dict[str, str]:
    """The answer with one name at a time replaced by its numbers, where it changes, and by numbers alone."""
    parts = posed.answer.split(";")
    parts = parts if len(parts) == count(claim) else parts * count(claim)
    here, there = (
        [names(posed, values, i) for i in range(count(claim))]
        for values in (claim.defaults, {**claim.defaults, **posed.elsewhere})
    )
    changing = [
        name
        for name in here[0]
        if any(
            a[name] != b[name] and name in _used(part) for a, b, part in zip(here, there, parts, strict=True)
        )
    ]
    wrong = {
        name: ";".join(
            re.sub(rf"\b{name}\b", f"({known[name]!r})", part)
            for known, part in zip(here, parts, strict=True)
        )
        for name in changing
    }
    if changing:
        wrong["all"] = ";".join(f"({float(number)!r})" for number in claim.expectation(claim.defaults))
    return wrong


@pytest.mark.slow
@pytest.mark.parametrize("name", EXERCISES)
def test_the_right_answer_passes_and_others_do_not(name: str) -> None:
    claim, posed = _posed(name)
    effort = run.Effort(quick=True)

    def judged(answer: str) -> exercise.Judgement:
        attempt = exercise.prepare(name, answer, [], effort)
        return exercise.conclude(attempt, list(exercise.rows(attempt, effort)))

    right = judged(posed.answer)
    assert (right.status, right.hint) == ("agrees", "")
    assert [row["status"] for row in right.rows] == ["agrees"] * (1 + bool(posed.elsewhere))
    for factor in ("1.5", "0.5", "-1"):
        wrong = ";".join(f"{factor}*({part})" for part in posed.answer.split(";"))
        assert judged(wrong).status == "disagrees", factor
    for setting, wrong in _frozen(claim, posed).items():
        assert judged(wrong).status == "disagrees", setting


# ---------------------------------------------------------------- answers


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("answer", "status", "hint"),
    [
        ("slope*x", "agrees", ""),
        ("slope*n; 2*slope*n", "agrees", ""),
        ("x", "disagrees", "these are the numbers of a known mistake: the slope forgotten"),
        ("3*x", "disagrees", "it holds with the first settings and not with the others"),
        ("slope*n; slope*n", "disagrees", "it holds for one"),
        ("2*slope*x", "disagrees", "it is off by about the same factor everywhere, 2"),
        ("slope + 20*x", "disagrees", ""),
        (lambda s: s.slope * s.x, "agrees", ""),
        (lambda s: [s.slope * s.n, s.slope * 2 * s.n], "agrees", ""),
        (lambda s: 12, "disagrees", ""),
    ],
)
def test_what_an_answer_gets(answer: exercise.Answer, status: str, hint: str) -> None:
    found = exercise.judge("fake2000.sound", answer, quick=True)
    assert found.status == status
    assert found.hint.startswith(hint)
    assert bool(found.hint) == bool(hint) or callable(answer)


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("", "the formula is empty"),
        ("slope*", "the formula ends with *"),
        ("law", "law is unknown"),
        ("x;x;x", "2 numbers (one; two) wanted, 3 formulas given; write one for each, separated by ;"),
        ("1/(n - 7)", "division by zero, at n = 7, slope = 2, x = 7"),
        (lambda s: "many", "the function returns a str; return floats"),
        (lambda s: [1, 2, 3], "the function returns an array of shape (3,); 2 numbers (one; two) wanted"),
        (lambda s: np.nan, "the function returns nan at n = 4, slope = 3, law = normal"),
    ],
)
def test_an_answer_that_is_none_is_refused_before_anything_runs(
    answer: exercise.Answer, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(montecarlo, "run", lambda *_, **__: pytest.fail("ran"))
    with pytest.raises(ExpressionError, match=re.escape(told)):
        exercise.judge("fake2000.sound", answer)


@pytest.mark.usefixtures("fake")
def test_one_formula_is_not_enough_where_the_numbers_share_all_names() -> None:
    with pytest.raises(ExpressionError, match=re.escape("2 numbers (one; two) wanted, 1 formula given")):
        exercise.judge("fake2000.grows", "x")
    assert len(exercise.judge("fake2000.grows", "x; x").rows[0]["sizes"]) == 3


@pytest.mark.usefixtures("fake")
def test_settings_can_be_changed_and_a_function_s_own_error_is_let_through() -> None:
    found = exercise.judge("fake2000.sound", "slope*x", settings={"n": 9}, trials=50, seed=3)
    assert found.rows[0]["sizes"][0]["settings"] == {"n": 9, "slope": 3.0, "law": "normal"}
    assert found.rows[0]["trials"] == 50
    with pytest.raises(
        ValueError, match=re.escape("--set d=1: fake2000.sound has no d; its settings are n, slope, law")
    ):
        exercise.judge("fake2000.sound", "x", settings={"d": 1})
    with pytest.raises(AttributeError, match="nothing"):
        exercise.judge("fake2000.sound", lambda s: s.nothing)


@pytest.mark.usefixtures("fake")
def test_whatever_is_answered_is_judged_or_refused() -> None:
    chance = random.Random(4)
    for _ in range(500):
        words = ["n", "slope", "x", "law", ";", "+", "*", "^", "(", ")", "2", "1e300", " ", "/", "é", "\0"]
        answer = "".join(chance.choice(words) for _ in range(chance.randrange(12)))
        try:
            exercise.prepare("fake2000.sound", answer, [], run.Effort())
        except ExpressionError as error:
            told = str(error)
            assert told.isprintable(), answer


# ---------------------------------------------------------------- the command


@pytest.mark.usefixtures("fake")
def test_without_an_answer_it_is_posed(command: Command) -> None:
    code, out, _ = command("fake2000.sound")
    assert code == 0
    assert "find       What is it?" in out
    assert "settings   n = 4, slope = 3, law = normal" in out
    assert "given      x = n | 2*n" in out
    assert "asked for  2 numbers (one; two)" in out
    assert "judged     at these settings, and at slope = 2, n = 7" in out
    assert out.splitlines()[-1] == 'python -m sims.claims exercise fake2000.sound "...; ..." --quick'
    assert "slope x" not in out
    code, out, _ = command("fake2000.sound", "--json")
    assert json.loads(out)["settings"] == {"n": 4, "slope": 3.0, "law": "normal"}
    assert "slope*x" not in out
    for words in ([], ["fake2000"]):
        _, out, _ = command(*words)
        assert "fake2000.sound" in out
        assert "fake2000.plain" not in out
        assert ("hastie2022.norm" in out) == (not words)
    assert len(json.loads(command("--json")[1])) == len(EXERCISES) + 4


@pytest.mark.usefixtures("fake")
def test_a_student_s_answers(command: Command) -> None:
    code, out, _ = command("fake2000.sound", "slope * (x)", "--quick")
    assert code == console.AGREES
    assert "answer     slope * x\n" in out
    assert re.search(r"verdict: agrees. An answer [\d.]+ % off would have been noticed.", out)
    assert "formula    slope x\nsource     [fake2000]" in out  # now it may be told

    code, out, _ = command("fake2000.sound", "4*x", "--quick")
    assert code == console.DISAGREES
    assert re.search(r"verdict: disagrees. It is too high by \d+ % or \d+ standard errors", out)
    assert "slope x" not in out

    code, out, _ = command("fake2000.few", "slope*x", "--quick")
    assert code == console.UNDECIDED
    assert "hint: this cannot be told from so few trials" in out

    code, out, _ = command("fake2000.broken", "slope*x", "--quick")
    assert code == console.FAILED
    assert "verdict: failed: ZeroDivisionError" in out


@pytest.mark.usefixtures("fake")
def test_as_json(command: Command) -> None:
    code, out, _ = command("fake2000.sound", "-slope*x", "--quick", "--json", "--set", "n=5", "--seed", "1")
    found = json.loads(out)
    assert code == console.DISAGREES
    assert (found["answer"], found["status"]) == ("-slope * x", "disagrees")
    here, there = (row["sizes"][0] for row in found["rows"])
    assert here["settings"] == {"n": 5, "slope": 3.0, "law": "normal"}
    assert [point["theory"] for point in there["points"]] == [-14.0, -28.0]
    assert "slope x" not in out


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("formula", ["-1/3", "-(n)", "-.5", "-slope*x", "-n", "--1"])
def test_a_formula_may_begin_with_a_minus(formula: str, command: Command) -> None:
    if formula == "--1":  # that is an option
        with pytest.raises(SystemExit) as stop:
            command("fake2000.sound", formula, "--quick")
        assert stop.value.code == console.USAGE
    else:
        answer = formula if "x" in formula else f"{formula};{formula}"
        assert command("fake2000.sound", answer, "--quick")[0] == console.DISAGREES


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["fake2000.plain"], "fake2000.plain is no exercise: its numbers solve an equation"),
        (["fake2000.nothing"], "fake2000.nothing: no such claim"),
        (["hastie2022.peak", "1"], "hastie2022.peak is no exercise: it states a shape, not a number"),
        (["fake2000.sound", "2x"], "an operator is missing between 2 and x; write 2*x"),
        (["fake2000.sound", "x", "--set", "d=1"], "--set d=1: fake2000.sound has no d; its settings are"),
        (["fake2000.sound", "n", "+", "x"], "n + x: put the formula in quotes"),
        (["fake2000.sound", "x", "--trials", "0"], "--trials = 0 must be at least 1"),
        (["nobody1900"], "nobody1900: no such paper"),
        (["fake2000.sound", "x", "--dry-run"], "--dry-run: an exercise takes up to twice"),
    ],
)
def test_usage(words: list[str], told: str, command: Command) -> None:
    code, out, err = command(*words)
    assert (code, out) == (console.USAGE, "")
    assert err.startswith(f"error: {told}")
    assert err.count("\n") == 1


@pytest.mark.usefixtures("fake")
def test_answers_are_judged_on_the_trials_of_check(
    command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    honest = run.measure
    monkeypatch.setattr(run, "measure", lambda *given: calls.append(1) or honest(*given))
    words = ["--quick", "--json", "--jobs", "1", "--store", str(tmp_path / "s.db")]
    claims_command.main(["check", "fake2000.sound", *words])
    capsys.readouterr()
    assert len(calls) == 100
    command("fake2000.sound", "x", "--quick")
    assert len(calls) == 200  # those elsewhere
    command("fake2000.sound", "slope*x", "--quick")
    assert len(calls) == 200


@pytest.mark.usefixtures("fake")
def test_a_stop_gives_no_verdict(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise montecarlo.Stopped("time is up", 3, 40, 3)

    monkeypatch.setattr(montecarlo, "run", stop)
    code, out, err = command("fake2000.sound", "x", "--quick")
    assert (code, out) == (console.STOPPED, "")
    assert err.startswith("error: time is up after 0 of 2 claims; kept in ")
