"""Settings that a person moves on a page, and what a link says of them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

TEXTS = ("seed", "lock")
"""Keys of a link that are no knobs: the seed, and the names of knobs that an exam hides."""


def slider(name: str, steps: Sequence[float], default: float) -> dict[str, Any]:
    """A setting that is one of some numbers."""
    return {"name": name, "kind": "slider", "steps": list(steps), "default": default}


def choice(name: str, options: tuple[str, ...]) -> dict[str, Any]:
    """A setting that is one of some words, the first by default."""
    return {"name": name, "kind": "choice", "options": options, "default": options[0]}


def switch(name: str, default: bool) -> dict[str, Any]:
    """A setting that is on or off: 1 or 0 in a link."""
    return {"name": name, "kind": "switch", "default": int(default)}


def view(text: str, knobs: Sequence[dict[str, Any]]) -> dict[str, str]:
    """What `--view` asks for, by key: the same words as in a link to the page.

    >>> view("noise=1", [slider("noise", [0, 1], 0)])
    {'noise': '1'}
    """
    asked = dict(parse_qsl(text, keep_blank_values=True))
    known = [*(knob["name"] for knob in knobs), *TEXTS]
    for key in asked:
        if key not in known:
            raise ValueError(f"--view = {text}: {key!r} is no setting; choose from {', '.join(known)}")
    return asked
