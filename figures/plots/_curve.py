"""One curve as theory and simulation know it, with one entry in the legend that can also be read in grey."""

from typing import Any

from figures import marks


def curve(
    axes: Any,
    label: str,
    color: str,
    marker: str,
    limit: tuple[Any, Any] | None,
    exact: tuple[Any, Any] | None = None,
    simulated: marks.Points | None = None,
) -> None:
    """Draw the limit solid, the exact mean at finite n dashed, simulation as marks; all have one label.

    Beside a limit the exact mean is thin and not in the legend.
    """
    if limit is not None:
        axes.plot(*limit, color=color, label=label)
    if exact is not None:
        name, width = (label, None) if limit is None else (f"{label}, exact", 0.9)
        axes.plot(*exact, color=color, linestyle="--", linewidth=width, label=name)
    if simulated is not None:
        marks.scatter(axes, simulated, color, label, marker)


def legend(axes: Any, *labels: str, twin: Any = None, home: Any = None, **options: Any) -> None:
    """A legend with these labels, in this order; artists of the same label share an entry.

    `twin` are axes at the same place with another vertical axis, whose labels count too. `home` is what the
    legend belongs to: the figure, if it serves several panels, or else the axes.

    >>> from matplotlib.figure import Figure
    >>> axes = Figure().add_subplot()
    >>> _ = axes.plot([1.0], label="a"), axes.plot([2.0], "o", label="a"), axes.plot([3.0], label="b")
    >>> legend(axes, "a")
    >>> [text.get_text() for text in axes.get_legend().get_texts()]
    ['a']
    """
    handles, names = axes.get_legend_handles_labels()
    if twin is not None:
        handles, names = (
            a + b for a, b in zip((handles, names), twin.get_legend_handles_labels(), strict=True)
        )
    entries = [tuple(h for h, name in zip(handles, names, strict=True) if name == label) for label in labels]
    (home or axes).legend(entries, labels, **options)


def above(axes: Any, *labels: str, columns: int = 2) -> None:
    """The same legend above all panels of the figure, where it can stand on no curve at any width.

    >>> from matplotlib.figure import Figure
    >>> axes = Figure(layout="constrained").add_subplot()
    >>> _ = axes.plot([1.0], label="a"), axes.plot([2.0], label="b")
    >>> above(axes, "b", "a")
    >>> [text.get_text() for text in axes.figure.legends[0].get_texts()]
    ['b', 'a']
    """
    legend(axes, *labels, home=axes.figure, loc="outside upper center", ncols=columns, columnspacing=1.2)


def logarithmic(axes: Any, low: float, high: float) -> None:
    """Make both axes logarithmic, once all is drawn, with the given limits of y: a peak has no end."""
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    for axis, (start, stop) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        if stop < 500 * start:  # beyond, powers of ten are enough
            marks.plain_ticks(axis)


def threshold(axes: Any, x: float, label: str) -> None:
    """Like `marks.threshold`, with the name at the bottom, where a peak leaves room for it."""
    marks.threshold(axes, x)
    axes.annotate(
        label, (x, 0.0), xycoords=("data", "axes fraction"), xytext=(3, 3), textcoords="offset points",
        color="0.3", fontsize="small",
    )  # fmt: skip
