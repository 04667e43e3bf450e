"""Claims as exercises: find the formula; simulation says whether an answer holds, and how far it is off.

    from sims import exercise
    print(exercise.judge("hastie2022.ridgeless", "noise + signal*(1 - n/p)", quick=True))

An answer is judged alone: one in a thousand right ones is called wrong, where a claim grants one in a
million, and all numbers that are asked for are also judged pooled, so that an error of them all which is
small at each is noticed.

An answer is a formula of the claim's settings (`expressions` says how to write it), one for all numbers that
are asked for or one for each, separated by `;`, or a function of the settings. It is judged at the claim's
settings, at twice and four times the size where the claim grows, and at other settings.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, NamedTuple

from sims.claims import Claim, Exercise, Settings, registry, run
from sims.claims.claim import Array
from sims.claims.exercises import hints, report
from sims.claims.exercises.answer import Answer, read
from sims.claims.run import Options, Row
from sims.shell.session import Session
from sims.verdict.statuses import DISAGREES, UNDECIDED, worst

FALSE_ALARM = 1e-3
"""Chance that a right answer is called wrong."""
SHOWN = ("status", "error", "resolution", "hidden", "trials", "sizes", "seconds")
"""Entries of a claim's row that do not tell the answer."""


@dataclass(frozen=True)
class Judgement:
    """What simulation says of an answer; as text, a report."""

    identifier: str
    """Id of the claim that is the exercise."""
    answer: str
    """The answer as it was read."""
    status: str
    """agrees, disagrees, undecided or failed: the worst of the rows."""
    hint: str
    """What may help to find the mistake; "" if there is nothing to say."""
    rows: tuple[Row, ...]
    """One row for the settings asked for, and one for other settings if the exercise has some; as `check`
    has them, except that `theory` is the answer."""

    def __str__(self) -> str:
        return report.judged(self.identifier, self.answer, self.rows, self.status, self.hint)


class Attempt(NamedTuple):
    """An answer that was read and has a value wherever it will be judged."""

    identifier: str
    claim: Claim
    answer: str
    """The answer as it was read."""
    theory: Callable[[Settings], Array]
    """The answer as a function of the settings, which takes the place of the claim's theory."""
    settings: list[dict[str, Any]]
    """The settings asked for, and others if the exercise has some."""
    options: Options
    """How many trials the claim runs at each of these settings, and from which seed."""


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
        Id of a claim that is an exercise.
    answer : str or callable
        A formula, or a function of the settings that returns a number, or one for each that is asked for.
        Settings and given names are attributes; names that differ between the numbers are arrays.
    settings : mapping, optional
        Settings of the claim to change.
    quick, trials, seed
        As for `python -m sims.claims check`. Take quick for a first try: a right answer passes then too,
        but a wrong one that is nearly right may remain undecided.

    Returns
    -------
    Judgement
        Print it for a report.

    Raises
    ------
    ValueError
        If the claim is no exercise, a setting is unknown, trials < 1 or seed < 0, or the answer cannot be
        read or has no finite value (an `ExpressionError` of `sims.claims.exercises.expressions`). An error
        that a function raises itself comes through as it is.

    >>> judge("muthukumar2020.ideal", "noise*(1 + n/(p - n - 1))", quick=True).status
    'agrees'
    >>> judge("muthukumar2020.ideal", lambda s: s.noise * (1 + s.n / s.p), quick=True).hint
    'these are the numbers of a known mistake: n/p'
    """
    changes = [f"{name}={value}" for name, value in (settings or {}).items()]
    attempt = prepare(identifier, answer, changes, Options(quick, trials, seed))
    return conclude(attempt, list(rows(attempt, Session())))


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


def prepare(identifier: str, answer: Answer, changes: Sequence[str], options: Options) -> Attempt:
    """Read an answer, and find its values before anything runs; `changes` are name=value words."""
    claim, exercise = posed(identifier)
    text, theory = read(claim, exercise, answer)
    settings = [registry.overridden(identifier, changes)]
    if exercise.elsewhere:
        settings.append({**claim.defaults, **exercise.elsewhere})
    level = FALSE_ALARM / len(settings)
    attempt = Attempt(identifier, claim, text, theory, settings, replace(options, false_alarm=level))
    for values in _everywhere(attempt):
        theory(values)
    return attempt


def rows(attempt: Attempt, session: Session) -> Iterator[Row]:
    """A row for the settings asked for, and one for others; without the statement, which tells the answer."""
    for values in attempt.settings:
        row = run.answered(attempt.identifier, attempt.theory, values, attempt.options, session)
        for size in row["sizes"]:
            del size["power"]  # of confirming the claim, not this answer
        yield {name: row[name] for name in SHOWN if name in row}


def conclude(attempt: Attempt, done: Sequence[Row]) -> Judgement:
    """The verdict on the rows, with a hint where it is not `agrees`."""
    status = worst(row["status"] for row in done)
    if status == UNDECIDED:
        hint = "this cannot be told from so few trials; leave out --quick, or give more --trials"
    elif status == DISAGREES:
        hint = _of_a_formula(attempt) or hints.from_rows(done)
    else:
        hint = ""
    return Judgement(attempt.identifier, attempt.answer, status, hint, tuple(done))


def _of_a_formula(attempt: Attempt) -> str:
    """A hint where the answer is a formula that is known to be wrong here; "" if it is none."""
    everywhere = _everywhere(attempt)
    exercise = attempt.claim.exercise
    if exercise is not None and exercise.limit:
        _, limit = read(attempt.claim, exercise, exercise.limit)
        if hints.same(attempt.theory, limit, everywhere):
            return "right in the limit, but the question asks for finite settings"
    mistake = hints.known_mistake(attempt.claim, attempt.theory, everywhere)
    return f"these are the numbers of a known mistake: {mistake}" if mistake else ""


def _everywhere(attempt: Attempt) -> list[Settings]:
    """All settings at which the answer is judged, at every size."""
    factors = [factor for factor, _ in run.runs(attempt.claim, attempt.options)]
    return [
        SimpleNamespace(**attempt.claim.sized(values, factor))
        for values in attempt.settings
        for factor in factors
    ]
