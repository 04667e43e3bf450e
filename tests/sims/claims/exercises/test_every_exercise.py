"""Every exercise is solvable, does not tell its answer, and no answer passes but the right one."""

import ast
import re
from types import SimpleNamespace

import pytest

from sims.claims import Claim, Exercise, registry, run
from sims.claims.exercises import judge, report
from sims.claims.exercises.answer import count, names, read
from sims.shell.session import Session

EXERCISES = [name for name in registry.select([])[0] if registry.find(name).exercise]


@pytest.mark.parametrize("name", EXERCISES)
def test_the_answer_is_the_theory(name: str) -> None:
    claim, posed = judge.posed(name)
    _, theory = read(claim, posed, posed.answer)
    for values in (claim.defaults, {**claim.defaults, **posed.elsewhere}, claim.sized(claim.defaults, 4)):
        found = theory(SimpleNamespace(**values))
        assert found == pytest.approx(claim.expectation(values), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_does_not_tell_its_answer(name: str) -> None:
    claim, posed = judge.posed(name)
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
    claim, posed = judge.posed(name)
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
    claim, posed = judge.posed(name)
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


@pytest.mark.parametrize("name", EXERCISES)
def test_a_question_for_finite_settings_says_so_and_names_its_limit(name: str) -> None:
    claim, posed = judge.posed(name)
    assert bool(posed.limit) <= (claim.kind == "exact")
    if posed.limit:
        here = SimpleNamespace(**claim.defaults)
        _, limit = read(claim, posed, posed.limit)
        assert "exactly" in posed.question
        assert limit(here) != pytest.approx(claim.expectation(claim.defaults), rel=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("name", EXERCISES)
def test_the_answer_in_the_limit_is_told_from_the_exact_one(name: str) -> None:
    _, posed = judge.posed(name)
    if not posed.limit:
        return
    session = Session()
    for answer, status in ((posed.answer, "agrees"), (posed.limit, "disagrees")):
        attempt = judge.prepare(name, answer, [], run.Options(quick=True, seed=1))
        found = judge.conclude(attempt, list(judge.rows(attempt, session)))
        assert found.status == status
    assert found.hint == "right in the limit, but the question asks for finite settings"


@pytest.mark.slow
@pytest.mark.parametrize("name", EXERCISES)
def test_the_right_answer_passes_and_others_do_not(name: str) -> None:
    claim, posed = judge.posed(name)
    session = Session()

    def judged(answer: str) -> judge.Judgement:
        attempt = judge.prepare(name, answer, [], run.Options(quick=True))
        return judge.conclude(attempt, list(judge.rows(attempt, session)))

    right = judged(posed.answer)
    assert (right.status, right.hint) == ("agrees", "")
    assert [row["status"] for row in right.rows] == ["agrees"] * (1 + bool(posed.elsewhere))
    for factor in ("1.5", "0.5", "-1"):
        wrong = ";".join(f"{factor}*({part})" for part in posed.answer.split(";"))
        assert judged(wrong).status == "disagrees", factor
    for setting, wrong in _frozen(claim, posed).items():
        assert judged(wrong).status == "disagrees", setting
