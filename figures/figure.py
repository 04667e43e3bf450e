"""What a figure is in code: its data, what draws them, and numbers of them for the paper's text."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from matplotlib.figure import Figure

from figures.parameters import Parameter, Value, declared
from sims.shell.changes import overridden


@dataclass(frozen=True, kw_only=True)
class PaperFigure:
    """A figure of the papers. Its module in figures.plots declares it once, at the end, as FIGURE.

    The module's name is that of the figure, KEY_what with the key of the paper. The first line of the
    module's docstring is the title, the rest is the caption at the default parameters. A module without
    FIGURE is no figure.
    """

    data: Callable[..., dict[str, Any]]
    """Theory and simulation by name, the same bits at every call. Its parameters are what of the figure can
    be chosen: numbers and texts, each with a default. Raises `marks.Disagreement` where theory and simulation
    contradict each other: then nothing is drawn. Of every `marks.Points` the resolution is recorded."""
    draw: Callable[[dict[str, Any]], Figure]
    """A page of `files.page` with what `data` returned, all that depends on its parameters included. It
    computes nothing random and keeps no state."""
    numbers: Callable[[dict[str, Any]], dict[str, float]] | None = None
    """Finite numbers of the data, by the names under which the paper's text speaks of them."""
    meanings: Mapping[str, str] = field(default_factory=dict)
    """What each parameter of `data` means, unless `parameters.COMMON` says it."""
    published: Mapping[str, Value] = field(default_factory=dict)
    """Values of parameters in the figure that the paper has, where they are known."""
    redraws: str = ""
    """Which figure of the paper shows the same, as "Fig. 2"; a dagger follows a number that we know from
    memory or at second hand (`theory.papers.MARK`); "" if none does."""

    def __post_init__(self) -> None:
        declared(self.data, self.meanings, self.published)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What of the figure can be chosen, in the order of the arguments of `data`."""
        return declared(self.data, self.meanings, self.published)

    def changed(self, words: Iterable[str], published: bool, name: str) -> dict[str, Value]:
        """The parameters that differ from their defaults, after the published values and then the words.

        Parameters
        ----------
        words : iterable of str
            As of --set: name=value.
        published : bool
            Take the values of the published figure.
        name : str
            Name of the figure, for messages.

        Raises
        ------
        ValueError
            If a word is none, names no parameter, or has no value of the default's type; and if the
            published values are asked for and not known.
        """
        if published and not self.published:
            raise ValueError(
                f"--published: the values of the published figure are not known for {name}; use --set"
            )
        defaults = {parameter.name: parameter.default for parameter in self.parameters}
        values = overridden({**defaults, **(self.published if published else {})}, words, name)
        return {key: value for key, value in values.items() if value != defaults[key]}
