"""What an answer gets: a verdict and a hint, or one line that says what is wrong with it."""

import random
import re

import numpy as np
import pytest

from sims.claims import run
from sims.claims.exercises import judge
from sims.claims.exercises.answer import Answer
from sims.claims.exercises.expressions import ExpressionError
from sims.trials import montecarlo

pytestmark = pytest.mark.usefixtures("fake")


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
def test_what_an_answer_gets(answer: Answer, status: str, hint: str) -> None:
    found = judge.judge("fake2000.sound", answer, quick=True)
    assert found.status == status
    assert found.hint.startswith(hint)
    assert bool(found.hint) == bool(hint) or callable(answer)


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
    answer: Answer, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(montecarlo, "run", lambda *_, **__: pytest.fail("ran"))
    with pytest.raises(ExpressionError, match=re.escape(told)):
        judge.judge("fake2000.sound", answer)


def test_one_formula_is_not_enough_where_the_numbers_share_all_names() -> None:
    with pytest.raises(ExpressionError, match=re.escape("2 numbers (one; two) wanted, 1 formula given")):
        judge.judge("fake2000.grows", "x")
    assert len(judge.judge("fake2000.grows", "x; x").rows[0]["sizes"]) == 3


def test_settings_can_be_changed_and_a_function_s_own_error_is_let_through() -> None:
    found = judge.judge("fake2000.sound", "slope*x", settings={"n": 9}, trials=50, seed=3)
    assert found.rows[0]["sizes"][0]["settings"] == {"n": 9, "slope": 3.0, "law": "normal"}
    assert found.rows[0]["trials"] == 50
    with pytest.raises(
        ValueError, match=re.escape("--set d=1: fake2000.sound has no d; its settings are n, slope, law")
    ):
        judge.judge("fake2000.sound", "x", settings={"d": 1})
    with pytest.raises(AttributeError, match="nothing"):
        judge.judge("fake2000.sound", lambda s: s.nothing)


def test_whatever_is_answered_is_judged_or_refused() -> None:
    chance = random.Random(4)
    for _ in range(500):
        words = ["n", "slope", "x", "law", ";", "+", "*", "^", "(", ")", "2", "1e300", " ", "/", "é", "\0"]
        answer = "".join(chance.choice(words) for _ in range(chance.randrange(12)))
        try:
            judge.prepare("fake2000.sound", answer, [], run.Options())
        except ExpressionError as error:
            told = str(error)
            assert told.isprintable(), answer
