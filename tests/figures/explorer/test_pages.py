"""Views as pages and files: well-formed pictures, no HTML of users, saved points as drawn."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from figures.explorer import _descent, _files, _page, _svg, _tabs, _time, _view
from figures.explorer._view import Band, Chart, Line, Marks, Rule, View
from tests.figures.explorer.views import default, parts

CHART = Chart(
    "title <b>", "x & y", "error", (1.0, 100.0), (0.1, 10.0),
    (
        Band("band", np.array([1.0, 10.0, 100.0]), np.full(3, 0.2), np.full(3, np.inf)),
        Line("curve", np.array([1.0, 10.0, 100.0]), np.array([1.0, np.inf, np.nan]), 1, "dashed"),
        Marks("marks", np.array([10.0]), np.array([1.0]), np.array([-1.0]), np.array([np.inf]), 2, True),
        Rule("p = n", 10.0),
    ),
    x_log=True, y_log=True,
)  # fmt: skip


@pytest.mark.parametrize("tab", ["descent", "time", "networks", "odd"])
def test_pictures_are_well_formed_and_every_number_is_finite(tab: str) -> None:
    charts: tuple[Chart, ...] = (CHART,)
    if tab != "odd":
        charts = _tabs.CURVES[tab].view(default(_tabs.CURVES[tab])).charts
    for chart in charts:
        text = _svg.draw(chart)
        ET.fromstring(text)
        assert not re.search(r"\b(nan|inf)\b", re.sub(r">[^<]*<", "><", text))


def test_a_curve_is_drawn_where_it_is() -> None:
    line = Line("", np.array([1.0, 10.0, 100.0]), np.array([0.1, 1.0, 10.0]))
    text = _svg.draw(Chart("", "x", "y", (1.0, 100.0), (0.1, 10.0), (line,), x_log=True, y_log=True))
    path = re.search(r'class="op-line"[^>]* d="M([^"]*)"', text)
    assert path is not None
    points = [[float(number) for number in point.split()] for point in path[1].split("L")]
    expected = [[0, _svg.OUTER], [_svg.INNER / 2, _svg.OUTER / 2], [_svg.INNER, 0]]
    np.testing.assert_allclose(points, expected, atol=0.06)


def test_words_of_users_do_not_become_html() -> None:
    view = View((CHART,), "<script>", "<script>", "agrees", ("<script>",), (("<script>",), ("<script>",)))
    assert "<script>" not in _page.page(view) + _page.command("<script>") + _page.error("<script>")
    assert "<script>" not in _page.reading([("<script>", "<script>")])


def test_saved_points_are_the_points_drawn() -> None:
    view = _time.view(default(_time))
    line = next(line for line in parts(view, Line) if line.label == "theory, test error")
    read = [row for row in csv.DictReader(io.StringIO(_view.rows(view))) if row["series"] == line.label]
    np.testing.assert_array_equal([float(row["x"]) for row in read], line.x)
    np.testing.assert_array_equal([float(row["y"]) for row in read], line.y)


def test_users_at_once_get_the_same_bytes_as_one() -> None:
    values = [default(_descent, model="linear", n=n) for n in (20, 40, 60)]

    def saved(chosen: dict[str, Any]) -> bytes:
        return _files.png(_descent.view(chosen))

    alone = [saved(chosen) for chosen in values]
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(saved, values * 2)) == alone * 2
    assert len(set(alone)) == 3
