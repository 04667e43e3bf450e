"""What of a figure can be chosen: the parameters of its data, their meanings and published values."""

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, NamedTuple

Value = int | float | str
COMMON = {
    "d": "dimension of the inputs",
    "n": "samples",
    "noise": "variance of the label noise",
    "p": "features",
    "ridge": "penalty beside the mean squared error",
    "seed": "seed of the random numbers",
    "signal": "power of the target",
    "steps": "steps of gradient descent",
    "trials": "random draws behind each mark",
    "width": "units of each hidden layer",
}
"""Meanings of names that have the same one in every figure."""


class Parameter(NamedTuple):
    """One parameter of a figure."""

    name: str
    default: Value
    """The value of the figure in the gallery. Another one is read as this one's type."""
    meaning: str
    published: Value | None
    """The value in the figure that the paper has; None where it is not known."""

    @property
    def row(self) -> tuple[str, str, str, str]:
        """Name, value, the published value and meaning, as texts for a table."""
        return (
            self.name,
            str(self.default),
            "" if self.published is None else str(self.published),
            self.meaning,
        )


def declared(
    data: Callable[..., Any], meanings: Mapping[str, str], published: Mapping[str, Value]
) -> tuple[Parameter, ...]:
    """The parameters of `data`: those of its signature, each with a default and a meaning.

    >>> def data(n: int = 60, gap: float = 0.5): ...
    >>> [parameter.meaning for parameter in declared(data, {"gap": "distance of the classes"}, {})]
    ['samples', 'distance of the classes']
    >>> declared(data, {}, {})
    Traceback (most recent call last):
    ValueError: meanings must say what gap is
    """
    own = {name: parameter.default for name, parameter in signature(data).parameters.items()}
    for name, default in own.items():
        if not isinstance(default, Value):
            raise ValueError(f"data: {name} must have a number or a text as its default, not {default!r}")
        if name not in meanings and name not in COMMON:
            raise ValueError(f"meanings must say what {name} is")
    if strange := {*meanings, *published} - set(own):
        raise ValueError(
            f"meanings and published must name parameters of data, not {', '.join(sorted(strange))}"
        )
    if unlike := [name for name, value in published.items() if type(value) is not type(own[name])]:
        raise ValueError(
            f"published must have values of the types of the defaults, not for {', '.join(unlike)}"
        )
    return tuple(
        Parameter(name, default, meanings.get(name, COMMON.get(name, "")), published.get(name))
        for name, default in own.items()
    )
