"""What is said of drawn figures can be false: small letters, a legend on a curve, a solid exact mean."""

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from figures import files, marks
from tests.figures import drawn


def _drawn(place: str, style: str, size: float) -> Figure:
    """A falling curve, from the upper left corner to the lower right one."""
    with files.house_style("paper", "icml"):
        figure = files.page()
        axes: Any = figure.add_subplot()
        axes.plot([0.0, 1.0], [1.0, 0.0], style, label="error, exact")
        axes.set_xlabel("features", fontsize=size)
        axes.legend(loc=place)
        figure.draw_without_rendering()
    return figure


@pytest.mark.parametrize(
    ("place", "style", "size", "told"),
    [
        ("upper right", "--", 9.0, []),
        ("upper left", "--", 9.0, ["panel 1: the legend stands on 'error, exact'"]),
        ("upper right", "-", 9.0, ["panel 1: 'error, exact' must be dashed"]),
        ("upper right", "--", 6.5, ["'features' has 6.5 points"]),
    ],
)
def test_what_cannot_be_read_is_told(place: str, style: str, size: float, told: list[str]) -> None:
    assert drawn.complaints(_drawn(place, style, size), {}) == told


@pytest.mark.parametrize(("top", "told"), [(1.0, []), (2.0, ["panel 1: the legend stands on 'peak'"])])
def test_a_legend_of_the_figure_may_stand_where_a_panel_cuts_its_curve_off(
    top: float, told: list[str]
) -> None:
    """A peak whose upper half is cut off, under a legend of the figure at half its height."""
    with files.house_style("paper", "icml"):
        figure = files.page()
        figure.set_layout_engine("none")
        axes: Any = figure.add_axes((0.2, 0.2, 0.7, 0.3 * top))
        axes.plot([0.0, 0.5, 1.0], [0.0, 2.0, 0.0], label="peak")
        axes.set_ylim(0.0, top)
        figure.legend(loc="lower center", bbox_to_anchor=(0.55, 0.55))
        figure.draw_without_rendering()
    assert drawn.complaints(figure, {}) == told


RULE = [
    ("theory", "-", None),
    ("theory", "--", "'curve' must be solid"),
    ("theory", "-.", "'curve' must be solid"),
    ("theory", ":", "'curve' must be solid"),
    ("exact error", "--", None),
    ("exact error", "-", "'curve' must be dashed"),
    ("simulated", "o:", None),
    ("simulated", ":", "'curve' must be dotted, with marks"),
    ("simulated", "o-", "'curve' must be dotted, with marks"),
]


@pytest.mark.parametrize(("name", "style", "told"), RULE)
@pytest.mark.parametrize(("color", "judged"), [("C1", True), ("0.4", False)])
def test_a_line_has_the_style_of_what_it_is(
    name: str, style: str, told: str | None, color: str, judged: bool
) -> None:
    """A line in grey is there to compare with."""
    heights = np.array([3.0, 2.0, 1.0])
    simulated = marks.unjudged([1.0, 2.0, 3.0], heights, heights - 0.1, heights + 0.1)
    figure = Figure()
    figure.add_subplot().plot([1.0, 2.0, 3.0], heights, style, color=color, label="curve")
    figure.draw_without_rendering()
    found = drawn.complaints(figure, {name: simulated if name == "simulated" else heights})
    assert found == ([f"panel 1: {told}"] if told and judged else [])
