"""The settings of a tab: each has a default and a range, so that no link can ask for more."""

import shlex
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, NamedTuple
from urllib.parse import urlencode


class Slider(NamedTuple):
    """A setting that is a number, one of `steps`."""

    name: str
    label: str
    steps: tuple[float, ...]
    default: float


class Choice(NamedTuple):
    """A setting that is one of a few words."""

    name: str
    label: str
    options: tuple[str, ...]
    default: str


class Switch(NamedTuple):
    """A setting that is on or off."""

    name: str
    label: str
    default: bool


Knob = Slider | Choice | Switch


def decades(low: int, high: int) -> tuple[float, ...]:
    """The numbers 1, 2 and 5 times powers of ten, from 10^low to 10^high.

    >>> decades(-1, 0)
    (0.1, 0.2, 0.5, 1.0)
    """
    inside = (float(f"{digit}e{power}") for power in range(low, high) for digit in (1, 2, 5))
    return (*inside, 10.0**high)


def read(knobs: Iterable[Knob], texts: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a link asks for: for each knob the nearest that is allowed, or else its default.

    >>> read([Slider("n", "samples", (10, 20, 30), 20)], {"n": "1e9"})
    {'n': 30}
    >>> read([Switch("log", "log axis", True)], {"log": "0"}), read([Switch("log", "log axis", True)], {})
    ({'log': False}, {'log': True})
    """
    return {knob.name: _read(knob, texts.get(knob.name)) for knob in knobs}


def _read(knob: Knob, text: Any) -> Any:
    if not isinstance(text, str):
        return knob.default
    if isinstance(knob, Switch):
        return {"1": True, "0": False}.get(text, knob.default)
    if isinstance(knob, Choice):
        return text if text in knob.options else knob.default
    wanted = _number(text)
    if wanted is None or not isfinite(wanted):
        return knob.default
    return min(knob.steps, key=lambda step: abs(step - wanted))


def changed(knobs: Iterable[Knob], texts: Mapping[str, str]) -> list[str]:
    """What a link asked for and does not get, one sentence each.

    >>> changed([Slider("n", "samples", (10, 20, 30), 20)], {"n": "29"})
    ['The link asked for n = 29; shown is n = 30.']
    """
    known = {knob.name: knob for knob in knobs}
    told = [f"The link has a key that is no setting: {key}." for key in texts if key not in known]
    for name, text in texts.items():
        if name in known:
            shown = _read(known[name], text)
            if text != _word(shown) and not (isinstance(known[name], Slider) and _number(text) == shown):
                told.insert(0, f"The link asked for {name} = {text}; shown is {name} = {_word(shown)}.")
    return told


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def words(knobs: Iterable[Knob], values: Mapping[str, Any]) -> dict[str, str]:
    """The words of a link: the values that differ from their defaults.

    >>> words([Slider("n", "samples", (10, 20, 30), 20)], {"n": 30})
    {'n': '30'}
    """
    return {k.name: _word(values[k.name]) for k in knobs if values[k.name] != k.default}


def again(tab: str, knobs: Iterable[Knob], values: Mapping[str, Any]) -> str:
    """The command line that saves a tab's picture and its points.

    >>> again("time", [Slider("n", "samples", (10, 20), 10)], {"n": 20})
    "python -m figures.explorer --view 'tab=time&n=20'"
    """
    return "python -m figures.explorer --view " + shlex.quote(urlencode({"tab": tab, **words(knobs, values)}))


def _word(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else value if isinstance(value, str) else f"{value:g}"
