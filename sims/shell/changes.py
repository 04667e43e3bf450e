"""Settings that a user changes by words such as n=400: of a claim, of a figure."""

import math
from collections.abc import Iterable, Mapping
from typing import Any


def overridden(defaults: Mapping[str, Any], words: Iterable[str], owner: str) -> dict[str, Any]:
    """The settings after changes, each a word name=value; a value is read as the default's type.

    Errors name the `owner` of the settings.

    >>> overridden({"n": 100, "activation": "relu"}, ["n=400"], "mei2022.peak")
    {'n': 400, 'activation': 'relu'}
    >>> overridden({"n": 100}, ["n=many"], "mei2022.peak")
    Traceback (most recent call last):
    ValueError: --set n=many: n of mei2022.peak must be a whole number, not negative, such as 100
    """
    values = dict(defaults)
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or not text:
            raise ValueError(f"--set {word}: write name=value")
        if name not in values:
            known = ", ".join(values) or "none"
            raise ValueError(f"--set {word}: {owner} has no {name}; its settings are {known}")
        values[name] = _like(values[name], text, f"--set {word}: {name} of {owner}")
    return values


def _like(default: Any, text: str, subject: str) -> Any:
    """The text as a value of the default's type; an error begins with `subject`."""
    if isinstance(default, str):
        return text
    whole = isinstance(default, int)
    try:
        value = int(text) if whole else float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (whole and value < 0):
        kind = "a whole number, not negative" if whole else "a finite number"
        raise ValueError(f"{subject} must be {kind}, such as {default}")
    return value
