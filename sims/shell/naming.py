"""Names of the files that a command writes: they carry every setting that the user chose."""

import argparse
import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from sims.shell import console

LONGEST = 120  # characters; file systems allow 255 bytes, suffix included


def stem(command: str, settings: Mapping[str, Any]) -> str:
    """The name of a run's files, without folder and suffix: the command, and settings in their order.

    A number stands beside its name, a text and a list after it; None, False and empty lists are left out.
    What is no good in a name, or makes it too long, is replaced by a digest: two runs never share a name.

    >>> stem("double_descent", {"n": 100, "noise": 0.5, "activation": "tanh", "quick": True, "d": None})
    'double_descent-n100-noise0.5-activation-tanh-quick'
    """
    words = [command]
    for name, value in settings.items():
        if value is None or value is False or value == []:
            continue
        if value is True:
            words.append(name)
        elif isinstance(value, int | float):
            words.append(f"{name}{value!r}")
        else:
            entries = value if isinstance(value, list) else [value]
            words.append("-".join([*([name] if name else []), *(_word(str(entry)) for entry in entries)]))
    whole = "-".join(words)
    return whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 9]}-{_digest(whole)}"


def chosen(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> dict[str, Any]:
    """The options that differ from their defaults, but those that change no number, as --jobs and --out.

    >>> parser = console.Parser()
    >>> _ = parser.add_argument("--n", type=int, default=200)
    >>> console.add_output(parser)
    >>> chosen(parser, parser.parse_args(["--n", "100", "-q"]))
    {'n': 100}
    """
    shared = console.Parser()
    console.add_output(shared)
    console.add_sweep(shared)
    without = vars(shared.parse_args([])).keys()
    return {
        name: value
        for name, value in vars(arguments).items()
        if name not in without and value != parser.get_default(name)
    }


def named(values: Iterable[str]) -> dict[str, Any]:
    """Settings that stand in a name without their own, such as the model."""
    return {"": list(values)}


def _word(text: str) -> str:
    """A text as part of a file's name; of a path its last part, beside a digest of the whole."""
    readable = re.sub(r"[^\w. +=,()-]+", "_", PurePath(text).name)
    return readable[:40] if readable[:40] == text else f"{readable[:40]}-{_digest(text)}"


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
