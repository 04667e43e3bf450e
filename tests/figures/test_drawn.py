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
