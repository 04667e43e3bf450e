"""A view as files: PNG in the style of all figures, with its origin inside."""

import io
from threading import Lock

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.explorer._view import COLOURS, Band, Chart, Line, Rule, View, ticks
from figures.files import house_style

DASH = {"": "-", "dashed": "--", "dotted": ":"}
_style = Lock()  # matplotlib's style is one for all threads, and each user has a thread


def png(view: View) -> bytes:
    """The charts of a view beside each other.

    >>> png(View((Chart("", "p", "error", (1, 2), (0, 1), (Rule("p = n", 1.5),)),), "command"))[1:4]
    b'PNG'
    """
    page = io.BytesIO()
    with _style, house_style():
        figure = Figure(figsize=(4.8 * max(len(view.charts), 1), 3.2))
        for axes, chart in zip(
            figure.subplots(1, len(view.charts), squeeze=False)[0], view.charts, strict=True
        ):
            _draw(axes, chart)
        about = {"Description": view.command, "Software": "overparam"}
        figure.savefig(page, format="png", metadata=about)
    return page.getvalue()


def _draw(axes: Axes, chart: Chart) -> None:
    for part in chart.parts:
        if isinstance(part, Rule):
            axes.axvline(part.x, color="0.4", linewidth=0.7, zorder=0)
            axes.annotate(
                part.label, (part.x, 1.0), xycoords=("data", "axes fraction"), xytext=(3, -2),
                textcoords="offset points", va="top", color="0.3",
            )  # fmt: skip
            continue
        colour = COLOURS[part.colour]
        if isinstance(part, Line):
            axes.plot(part.x, part.y, color=colour, linestyle=DASH[part.dash], label=part.label)
        elif isinstance(part, Band):
            axes.fill_between(
                part.x, part.low, part.high, color=colour, alpha=part.opacity, linewidth=0, label=part.label
            )
        else:
            ends = [abs(part.y - part.low), abs(part.high - part.y)]
            face = "white" if part.hollow else colour
            axes.errorbar(
                part.x, part.y, ends, color=colour, fmt="o", markerfacecolor=face, elinewidth=0.9,
                label=part.label,
            )  # fmt: skip
    axes.set_xscale("log" if chart.x_log else "linear")
    axes.set_yscale("log" if chart.y_log else "linear")
    axes.set_xlim(chart.x_range)
    axes.set_ylim(chart.y_range)
    axes.set_xticks(ticks(*chart.x_range, chart.x_log))
    axes.set_yticks(ticks(*chart.y_range, chart.y_log))
    axes.minorticks_off()
    axes.xaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xlabel(chart.x_label)
    axes.set_ylabel(chart.y_label)
    axes.set_title(chart.title, loc="left")
    if any(not isinstance(part, Rule) for part in chart.parts):
        axes.legend(loc="best")
