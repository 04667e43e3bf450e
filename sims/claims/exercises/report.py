"""Exercises for a reader: the list, one without its answer, what simulation says of an answer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from sims.claims import registry
from sims.claims.claim import Claim, Exercise
from sims.claims.exercises import expressions
from sims.claims.exercises.answer import asked, count, in_words
from sims.claims.report import counted, hanging, labelled, observed
from sims.claims.run import Row
from sims.shell import console
from sims.verdict.statuses import AGREES, DISAGREES, FAILED
from sims.verdict.words import resolution, share


def why_not(claim: Claim) -> str:
    """Why a claim without an exercise has none.

    >>> why_not(registry.find("hastie2022.peak"))
    'it states a shape, not a number'
    """
    if claim.expected != AGREES:
        return "simulation refutes it"
    if claim.kind == "shape":
        return "it states a shape, not a number"
    if claim.kind == "inequality":
        return "it states a bound, and a looser one would pass too"
    return "its numbers solve an equation or depend on drawn data: no formula of its settings"


def listed(claims: Mapping[str, Claim]) -> str:
    """The exercises among these claims, and why the others are none.

    >>> print(listed({"hastie2022.peak": registry.find("hastie2022.peak")}))
    0 exercises. Of the other claims:
      1: it states a shape, not a number
    """
    exercises = {name: claim.exercise for name, claim in claims.items() if claim.exercise}
    wide = max(map(len, exercises), default=0) + 2
    lines = hanging((f"{name:<{wide}}", exercise.question) for name, exercise in exercises.items())
    reasons = Counter(why_not(claim) for claim in claims.values() if not claim.exercise)
    head = f"{counted(len(exercises), 'exercise')}. Of the other claims:"
    return "\n".join(
        [*lines, *[""] * bool(lines), head, *(f"  {number}: {why}" for why, number in reasons.most_common())]
    )


def document(identifier: str, claim: Claim, exercise: Exercise) -> dict[str, Any]:
    """An exercise without its answer, for JSON."""
    return {
        "id": identifier,
        "question": exercise.question,
        "simulated": claim.simulated,
        "settings": dict(claim.defaults),
        "names": dict(exercise.names),
        "asked": asked(claim),
        "elsewhere": dict(exercise.elsewhere),
        "functions": [*expressions.FUNCTIONS, *expressions.CONSTANTS],
    }


def documents(claims: Mapping[str, Claim]) -> list[dict[str, Any]]:
    """The exercises among these claims, for JSON."""
    return [document(name, claim, claim.exercise) for name, claim in claims.items() if claim.exercise]


def shown(identifier: str, claim: Claim, exercise: Exercise) -> str:
    """An exercise without its answer, and how to answer."""
    grown = f", with {' and '.join(claim.grows)} also doubled and doubled again" if claim.grows else ""
    other = f", and at {in_words(exercise.elsewhere)}" if exercise.elsewhere else ""
    functions = ", ".join([*expressions.FUNCTIONS, *expressions.CONSTANTS])
    lines = labelled(
        ("exercise", identifier),
        ("find", exercise.question),
        ("simulated", claim.simulated),
        ("settings", in_words(claim.defaults) or "none"),
        *([("given", _given(exercise))] if exercise.names else []),
        ("asked for", asked(claim) + (": the exponent" if claim.kind == "rate" else "")),
        ("judged", f"at these settings{grown}{other}"),
        ("write", f"numbers, settings and given names, + - * / ^ ( ), and {functions}"),
    )
    formulas = "; ".join(["..."] * count(claim))
    return f'{lines}\n\npython -m sims.claims exercise {identifier} "{formulas}" --quick'


def _given(exercise: Exercise) -> str:
    return ", ".join(
        f"{name} = {value if isinstance(value, str) else ' | '.join(value)}"
        for name, value in exercise.names.items()
    )


def judged(identifier: str, answer: str, rows: Sequence[Row], status: str, hint: str) -> str:
    """What simulation says of an answer."""
    claim = registry.find(identifier)
    head = labelled(("exercise", identifier), ("answer", answer))
    failed = [row["error"] for row in rows if row["status"] == FAILED]
    if failed:
        return f"{head}\n\nverdict: failed: {failed[0]}" + f"\nhint: {hint}" * bool(hint)
    sizes = [size for row in rows for size in row["sizes"]]
    changing = [name for name in claim.defaults if len({size["settings"].get(name) for size in sizes}) > 1]
    settings = [in_words({name: size["settings"][name] for name in changing}) for size in sizes]
    cells = [
        [words if not i else "", point["label"] if len(size["points"]) > 1 else "", *_cells(point)]
        for words, size in zip(settings, sizes, strict=True)
        for i, point in enumerate(size["points"])
    ]
    granted = any(point["allowance"] for size in sizes for point in size["points"])
    columns = ("settings" if changing else "", "number" if any(c[1] for c in cells) else "", "answer",
               "simulated ± se", "off by", "in se beyond allowance" if granted else "in se",
               "status")  # fmt: skip
    lines = [head, "", console.table(columns, cells, left=(0, 1, -1)), "", f"verdict: {status}."]
    if status == AGREES:
        lines[-1] += " " + _noticed(sizes)
        lines += ["", labelled(("formula", claim.formula), ("source", claim.source))]
    elif status == DISAGREES:
        lines[-1] += " " + _worst(sizes, settings)
    return "\n".join([*lines, *[f"hint: {hint}"] * bool(hint)])


def _cells(point: Mapping[str, Any]) -> list[str]:
    off, errors = _off(point)
    return [console.number(point["theory"]), observed(point), off, errors, point["status"]]


def _noticed(sizes: Sequence[Mapping[str, Any]]) -> str:
    """What would have been noticed: never less than what an answer that agrees is off by."""
    off = [
        abs(point["theory"] / point["observed"] - 1)
        for size in sizes
        for point in size["points"]
        if point["observed"] and isfinite(point["observed"])
    ]
    common = max([min(size["resolution"] for size in sizes), *off])
    words = resolution(common, max([*off, *(size["hidden"] for size in sizes)]))
    return f"{words[0].upper()}{words[1:]}.".replace("A theory", "An answer") if words else ""


def _off(point: Mapping[str, Any]) -> tuple[str, str]:
    """How far an answer is off, in parts of what was measured, and beyond its allowance in errors."""
    gap = point["theory"] - point["observed"]
    off = f"{100 * gap / abs(point['observed']):+.3g} %" if point["observed"] else f"{gap:+.3g}"
    return off, "" if point["z"] is None else f"{-point['z']:+.3g}"


def _together(sizes: Sequence[Mapping[str, Any]], settings: Sequence[str]) -> str:
    """The deviation of numbers that are off together, where none is by itself."""
    score, words = max(
        ((size["pooled"] or 0.0, words) for size, words in zip(sizes, settings, strict=True)),
        key=lambda each: abs(each[0]),
    )
    high = "high" if score < 0 else "low"
    off = f"too {high} by {abs(score):.3g} standard errors" + (f" ({words})" if words else "")
    return f"No number shows it by itself; all together are {off}."


def _worst(sizes: Sequence[Mapping[str, Any]], settings: Sequence[str]) -> str:
    """The relatively largest deviation in words; `settings` has those of each size."""
    wrong = [
        (abs(point["theory"] - point["observed"]) / (abs(point["observed"]) or 1), words, point)
        for words, size in zip(settings, sizes, strict=True)
        for point in size["points"]
        if point["status"] == DISAGREES
    ]
    if not wrong:
        return _together(sizes, settings)
    _, words, point = max(wrong, key=lambda each: each[0])
    off, errors = _off(point)
    high = "too high" if point["theory"] > point["observed"] else "too low"
    where = ", ".join(part for part in (point["label"], words) if part)
    size = " or ".join([off.lstrip("+-"), *[f"{errors.lstrip('+-')} standard errors"] * bool(errors)])
    granted = f"; {share(point['allowance'])} are granted at this size" if point["allowance"] else ""
    return f"It is {high} by {size}" + f" ({where})" * bool(where) + granted + "."
