"""What is said of drawn figures can be false: small letters, a legend on a curve, a solid exact mean."""

from typing import Any

import pytest
from matplotlib.figure import Figure

from figures import files
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
    assert drawn.complaints(_drawn(place, style, size)) == told


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
    assert drawn.complaints(figure) == told
