"""An answer to an exercise, a formula or a function, read as the theory of the claim."""

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sims.claims.claim import Array, Claim, Exercise, Settings
from sims.claims.exercises import expressions
from sims.claims.exercises.expressions import ExpressionError

Answer = str | Callable[[Settings], ArrayLike]


def count(claim: Claim) -> int:
    """How many numbers the exercise asks for.

    >>> from sims.claims import registry
    >>> count(registry.find("hastie2022.bias_variance"))
    2
    """
    return len(claim.expectation(claim.defaults))


def asked(claim: Claim) -> str:
    """How many numbers the exercise asks for, and what they are called.

    >>> from sims.claims import registry
    >>> asked(registry.find("hastie2022.bias_variance"))
    '2 numbers (variance; lost)'
    """
    numbers = count(claim)
    return "1 number" if numbers == 1 else f"{numbers} numbers ({'; '.join(claim.labels)})"


def names(exercise: Exercise, values: Mapping[str, Any], number: int) -> dict[str, float]:
    """Values of the names that a formula for that number may use: numeric settings, and the exercise's own.

    >>> names(Exercise("?", "gamma", {"p": ("n/2", "2*n"), "gamma": "p/n"}), {"n": 50}, 1)
    {'n': 50, 'p': 100.0, 'gamma': 2.0}
    """
    known = {name: value for name, value in values.items() if not isinstance(value, str)}
    for name, given in exercise.names.items():
        formula = given if isinstance(given, str) else given[number]
        known[name] = expressions.parse(formula, known)(known)
    return known


def read(claim: Claim, exercise: Exercise, answer: Answer) -> tuple[str, Callable[[Settings], Array]]:
    """The answer as it was understood, and as a theory.

    Raises
    ------
    ExpressionError
        If the answer cannot be read, or is not as many formulas as the exercise asks for. The theory raises
        it where the answer has no finite value.
    """
    if not isinstance(answer, str):
        return getattr(answer, "__name__", "a function"), _function(claim, exercise, answer)
    parts = answer.split(";")
    numbers = count(claim)
    vary = any(not isinstance(given, str) for given in exercise.names.values())
    if len(parts) != numbers and (len(parts) > 1 or not vary):
        raise ExpressionError(
            f"{asked(claim)} wanted, {len(parts)} formula{'s' * (len(parts) > 1)} given; "
            "write one for each, separated by ;"
        )
    known = names(exercise, claim.defaults, 0)
    formulas = [expressions.parse(part, known) for part in parts]
    return "; ".join(formula.text for formula in formulas), _formulas(
        exercise, formulas if len(parts) == numbers else formulas * numbers
    )


def _formulas(exercise: Exercise, formulas: Sequence[expressions.Formula]) -> Callable[[Settings], Array]:
    def theory(s: Settings) -> Array:
        numbers = []
        for number, formula in enumerate(formulas):
            known = names(exercise, vars(s), number)
            try:
                numbers.append(formula(known))
            except ExpressionError as error:
                raise ExpressionError(f"{error}, at {in_words(known)}") from None
        return np.array(numbers)

    return theory


def _function(
    claim: Claim, exercise: Exercise, answer: Callable[[Settings], ArrayLike]
) -> Callable[[Settings], Array]:
    numbers = count(claim)

    def theory(s: Settings) -> Array:
        known = dict(vars(s))
        for name, given in exercise.names.items():
            each = [names(exercise, vars(s), number)[name] for number in range(numbers)]
            known[name] = each[0] if isinstance(given, str) and len(set(each)) == 1 else np.array(each)
        returned = answer(SimpleNamespace(**known))
        try:
            value = np.atleast_1d(np.asarray(returned, dtype=float))
        except (TypeError, ValueError):
            raise ExpressionError(
                f"the function returns a {type(returned).__name__}; return floats"
            ) from None
        if value.shape not in ((1,), (numbers,)):
            raise ExpressionError(
                f"the function returns an array of shape {value.shape}; {asked(claim)} wanted"
            )
        if not np.isfinite(value).all():
            raise ExpressionError(
                f"the function returns {value[~np.isfinite(value)][0]:g} at {in_words(vars(s))}; "
                "return finite numbers"
            )
        return np.broadcast_to(value, (numbers,))

    return theory


def in_words(values: Mapping[str, Any]) -> str:
    """Settings in words.

    >>> in_words({"n": 50, "activation": "tanh"})
    'n = 50, activation = tanh'
    """
    return ", ".join(
        f"{name} = {value}" if isinstance(value, str) else f"{name} = {value:g}"
        for name, value in values.items()
    )
