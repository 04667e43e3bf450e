"""Claims as exercises: find the formula; simulation says whether an answer holds, and how far it is off.

    from sims import exercise
    print(exercise.judge("hastie2022.ridgeless", "noise + signal*(1 - n/p)", quick=True))

An answer is a formula of the claim's settings (`expressions` says how to write it), one for all numbers that
are asked for or one for each, separated by `;`, or a function of the settings. It is judged at the claim's
settings, at twice and four times the size where the claim grows, and at other settings.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from sims.claims import Claim, Exercise, Settings, registry, run
from sims.claims.claim import Array
from sims.claims.exercises import report
from sims.claims.exercises.answer import Answer, read
from sims.claims.run import Effort, Row
from sims.verdict import AGREES, DISAGREES, UNDECIDED

TOLD = ("status", "error", "resolution", "trials", "sizes", "seconds")
SAME = 1e-6  # relative: the same wrong formula
ALIKE = 0.05  # relative: ratios that differ by their errors and allowances


@dataclass(frozen=True)
class Judgement:
    """What simulation says of an answer; as text, a report."""

    identifier: str
    answer: str
    """As it was read."""
    status: str
    """agrees, disagrees, undecided or failed: the worst of the rows."""
    hint: str
    rows: tuple[Row, ...]
    """At the claim's settings and at others, as `check` has them; `theory` is the answer."""

    def __str__(self) -> str:
        return report.judged(self.identifier, self.answer, self.rows, self.status, self.hint)


class Attempt(NamedTuple):
    """An answer that was read and has a value wherever it will be judged."""

    identifier: str
    claim: Claim
    answer: str
    theory: Callable[[Settings], Array]
    places: list[dict[str, Any]]
    """The settings asked for, and others."""
    sizes: list[int]
    """By what the claim's sizes are multiplied at each place."""


def judge(
    identifier: str,
    answer: Answer,
    *,
    settings: Mapping[str, Any] | None = None,
    quick: bool = False,
    trials: int | None = None,
    seed: int = 0,
) -> Judgement:
    """Run a claim's experiment against an answer.

    Parameters
    ----------
    identifier : str
        Of a claim that is an exercise.
    answer : str or callable
        A formula, or a function of the settings that returns a number, or one for each that is asked for.
        Settings and given names are attributes; names that differ between the numbers are arrays.
    settings : mapping, optional
        Settings of the claim to change.
    quick, trials, seed
        As for `python -m sims.claims check`.

    Raises
    ------
    ValueError
        If the claim is no exercise, a setting is unknown, or the answer cannot be read or has no finite
        value (an `ExpressionError` of `sims.claims.exercises.expressions`). What a function raises itself
        is let through.

    >>> judge("muthukumar2020.ideal", "noise*(1 + n/(p - n - 1))", quick=True).status
    'agrees'
    >>> judge("muthukumar2020.ideal", lambda s: s.noise * (1 + s.n / s.p), quick=True).hint
    'these are the numbers of a known mistake: n/p'
    """
    words = [f"{name}={value}" for name, value in (settings or {}).items()]
    effort = Effort(quick=quick, trials=trials, seed=seed)
    attempt = prepare(identifier, answer, words, effort)
    return conclude(attempt, list(rows(attempt, effort)))


def posed(identifier: str) -> tuple[Claim, Exercise]:
    """A claim and its exercise.

    >>> posed("hastie2022.peak")
    Traceback (most recent call last):
    ValueError: hastie2022.peak is no exercise: it states a shape, not a number; ...
    """
    claim = registry.find(identifier)
    if claim.exercise is None:
        raise ValueError(
            f"{identifier} is no exercise: {report.why_not(claim)}; "
            "`python -m sims.claims exercise` names those that are"
        )
    return claim, claim.exercise


def prepare(identifier: str, answer: Answer, changed: Sequence[str], effort: Effort) -> Attempt:
    """Read an answer, and find its values before anything runs; `changed` are name=value words."""
    claim, exercise = posed(identifier)
    text, theory = read(claim, exercise, answer)
    places = [registry.overridden(identifier, changed)]
    if exercise.elsewhere:
        places.append({**claim.defaults, **exercise.elsewhere})
    sizes = [factor for factor, _ in run.runs(claim, effort)]
    attempt = Attempt(identifier, claim, text, theory, places, sizes)
    for at in _everywhere(attempt):
        theory(at)
    return attempt


def rows(attempt: Attempt, effort: Effort) -> Iterator[Row]:
    """A row for the settings asked for, and one for others; without the statement, which tells the answer."""
    for place in attempt.places:
        row = run.answered(attempt.identifier, attempt.theory, place, effort)
        for size in row["sizes"]:
            del size["power"]  # of confirming the claim, not this answer
        yield {name: row[name] for name in TOLD if name in row}


def conclude(attempt: Attempt, done: Sequence[Row]) -> Judgement:
    """The verdict on the rows, with a hint where it is not `agrees`."""
    statuses = [row["status"] for row in done]
    order = (run.FAILED, DISAGREES, UNDECIDED, AGREES)
    status = next(each for each in order if each in statuses)
    if status == UNDECIDED:
        hint = "this cannot be told from so few trials; leave out --quick, or give more --trials"
    elif status == DISAGREES:
        hint = _hint(attempt, done)
    else:
        hint = ""
    return Judgement(attempt.identifier, attempt.answer, status, hint, tuple(done))


def _everywhere(attempt: Attempt) -> list[Settings]:
    return [
        SimpleNamespace(**attempt.claim.sized(place, size))
        for place in attempt.places
        for size in attempt.sizes
    ]


def _hint(attempt: Attempt, done: Sequence[Row]) -> str:
    """What the numbers tell of the mistake."""
    if mistake := _mistake(attempt):
        return f"these are the numbers of a known mistake: {mistake}"
    if done[0]["status"] == AGREES:
        return "it holds with the first settings and not with the others; on which does it depend, and how?"
    points = [size["points"] for row in done for size in row["sizes"]]
    right = {point["label"] for size in points for point in size}
    right -= {point["label"] for size in points for point in size if point["status"] != AGREES}
    if right:
        return f"it holds for {', '.join(point['label'] for point in points[0] if point['label'] in right)}"
    observed = np.array([point["observed"] for size in points for point in size])
    ratios = np.array([point["theory"] for size in points for point in size]) / np.where(
        observed, observed, 1
    )
    if np.ptp(observed) > ALIKE * abs(observed).max() and np.ptp(ratios) < ALIKE * abs(ratios).max():
        return f"it is off by about the same factor everywhere, {ratios.mean():.2g}"
    return ""


def _mistake(attempt: Attempt) -> str:
    """The wrong version of the claim that has the answer's numbers everywhere."""
    for name, wrong in attempt.claim.sabotage.items():
        if not isinstance(wrong, Mapping) and all(
            np.allclose(attempt.theory(at), np.asarray(wrong(at), dtype=float), rtol=SAME, atol=0)
            for at in _everywhere(attempt)
        ):
            return name
    return ""
