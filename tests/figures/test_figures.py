"""Every figure: named by its paper, told in words, drawn with labels, judged, and the same bytes again."""

import re
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from threadpoolctl import threadpool_limits

from figures import build, files, plotted, registry
from figures.marks import Points
from sims import verdict
from tests.figures import drawn

ROOT = Path(__file__).resolve().parents[2]
KEYS = {*re.findall(r"^@\w+\{(\w+),", (ROOT / "paper/references.bib").read_text("utf-8"), re.M), "everyday"}


def test_there_are_as_many_as_promised() -> None:
    assert len(registry.names()) >= 55


@pytest.mark.parametrize("name", registry.names())
def test_a_figure_is_named_by_its_paper_and_told_in_words(name: str) -> None:
    assert name.partition("_")[0] in KEYS
    title, caption = registry.caption(name)
    assert 15 < len(title) < 120
    assert len(caption) > 60
    assert caption.endswith(".")
    declared, module = registry.figure(name), registry.module(name)
    assert (declared.data, declared.draw) == (module.data, module.draw)
    assert declared.numbers is getattr(module, "numbers", None)


def _complaints(name: str, folder: Path, settings: build.Settings) -> list[str]:
    """What is wrong with a figure that was built there; it is drawn again to see the artists."""
    figure = registry.figure(name)
    data = figure.data()
    wrong = []
    if any(isinstance(found, Points) and not len(found.x) for found in data.values()):
        wrong.append("points without a point")
    for column, style in (*((column, "paper") for column in files.COLUMNS), ("icml", "slides")):
        with files.house_style(style, column):
            page = figure.draw(data)
            if (column, style) == ("icml", "paper"):  # before it is laid out: that moves it by a hair
                wrong += _differences(name, folder, page, settings)
            page.draw_without_rendering()
            told = [*_artists(page), *(drawn.complaints(page, data) if style == "paper" else [])]
            wrong += [f"{column} {style}: {one}" for one in told]
    if not all(np.isfinite(value) for value in build.manifest(name, folder)["numbers"].values()):
        wrong.append("a number that is not finite")
    return wrong


def _differences(name: str, folder: Path, figure: Any, settings: build.Settings) -> list[str]:
    """From the files that were built before."""
    command = f"python -m figures build {name}{settings.command}"
    again = files.save(figure, folder / "again", command, ("pdf", "png", "svg"))
    known = build.manifest(name, folder)["files"]
    digests = {path.suffix: sha256(path.read_bytes()).hexdigest() for path in again}
    wrong = [f"other bytes: {end}" for end, digest in digests.items() if digest != known[name + end]]
    same = plotted.table(figure) == (folder / f"{name}.csv").read_text("utf-8")
    return wrong if same else [*wrong, "other points"]


def _artists(figure: Any) -> list[str]:
    wrong = []
    shown = [axes for axes in figure.axes if axes.axison and axes.get_visible()]
    for number, axes in enumerate(shown, 1):
        if not (axes.lines or axes.collections or axes.images or axes.containers or axes.patches):
            wrong.append(f"panel {number} is empty")
        if axes.get_xscale() == "log" and axes.get_xlim()[0] <= 0:
            wrong.append(f"panel {number}: logarithm of nothing")
        for line in axes.lines:
            y = np.asarray(line.get_ydata(), dtype=float)
            if not np.isfinite(y).any():
                wrong.append(f"panel {number}: a line of nothing: {line.get_label()}")
    labelled = [axes for axes in shown if axes.get_xlabel() or axes.get_ylabel()]
    if not any(axes.get_xlabel() for axes in labelled) or not any(axes.get_ylabel() for axes in labelled):
        wrong.append("no axis labels")
    renderer = FigureCanvasAgg(figure).get_renderer()
    page = figure.bbox
    parts = [(axes.get_ylabel() or axes.get_title(), axes) for axes in shown]
    for name, part in [*parts, *(("legend", legend) for legend in figure.legends)]:
        box = part.get_tightbbox(renderer)
        if box is not None and (box.x0 < -2 or box.y0 < -2 or box.x1 > page.x1 + 2 or box.y1 > page.y1 + 2):
            wrong.append(f"{name}: something is cut off")
    return wrong


@pytest.mark.slow
@pytest.mark.parametrize("name", registry.names())
def test_a_figure_is_whole_and_drawn_in_the_same_bytes_again(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its data are computed once, by the build."""
    pytest.importorskip("mlxtend")
    declared = registry.figure(name)
    monkeypatch.setattr(registry.module(name), "FIGURE", replace(declared, data=cache(declared.data)))
    settings = build.Settings(("pdf", "png", "svg", "csv"))
    assert build.build(name, tmp_path, settings).error == ""
    assert _complaints(name, tmp_path, settings) == []


FEW = 4
"""Trials that show whether the same numbers come again."""


@pytest.mark.slow
@pytest.mark.parametrize("name", registry.names())
def test_the_data_of_a_figure_are_the_same_at_every_call(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of few trials, which decide nothing: every verdict passes."""
    pytest.importorskip("mlxtend")
    monkeypatch.setattr(verdict, "AGREES", ANY)
    figure = registry.figure(name)
    few = {one.name: min(int(one.default), FEW) for one in figure.parameters if one.name == "trials"}
    with threadpool_limits(limits=1):  # as a build does
        first, again = (plotted.table(figure.draw(figure.data(**few))) for _ in range(2))
    assert first == again
