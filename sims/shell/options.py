"""Checks of options: what is too small, infinite or negative is refused in one line that names the option."""

from collections.abc import Mapping
from math import inf
from typing import Any

MOST = 10**9
"""A size beyond fits into no machine."""


def at_least(config: Mapping[str, Any], lowest: Mapping[str, int]) -> None:
    """Refuse whole numbers below the lowest that makes sense, and sizes beyond MOST; any seed is as good.

    None, an option that was not given, passes.

    >>> at_least({"p_max": 0, "n": None}, {"n": 2, "p_max": 1})
    Traceback (most recent call last):
    ValueError: --p-max = 0 must be at least 1
    """
    for name, low in lowest.items():
        if config[name] is not None and config[name] < low:
            raise ValueError(f"{_option(name)} = {config[name]} must be at least {low}")
        if config[name] is not None and config[name] > MOST and name != "seed":
            raise ValueError(f"{_option(name)} = {config[name]} must be at most {MOST}")


def finite(config: Mapping[str, Any], names: tuple[str, ...], positive: bool = True) -> None:
    """Refuse infinite, undefined and negative numbers, and zero if they must be positive; None passes.

    >>> finite({"budget": float("nan")}, ("budget",))
    Traceback (most recent call last):
    ValueError: --budget = nan must be finite and positive
    """
    for name in names:
        value = config[name]
        if value is None or 0 < value < inf or (value == 0 and not positive):
            continue
        raise ValueError(
            f"{_option(name)} = {value:g} must be finite and {'positive' if positive else 'zero or positive'}"
        )


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
