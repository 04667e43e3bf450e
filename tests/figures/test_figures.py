"""Every figure: named by its paper, told in words, drawn with labels, judged, and the same bytes again."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from threadpoolctl import threadpool_limits

from figures import build, files, plotted, registry
from figures.marks import Points
from sims.trials.pool import local_pool
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


def _complaints(name: str, folder: Path) -> list[str]:
    """What is wrong with one figure; it is built twice, once by hand to see the artists."""
    settings = build.Settings(("pdf", "png", "svg", "csv"))
    built = build.build(name, folder, settings)
    if built.error:
        return [built.error]
    figure = registry.figure(name)
    with threadpool_limits(limits=1):  # as a build does
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
def test_every_figure_is_whole_and_has_the_same_bytes_again(tmp_path: Path) -> None:
    pytest.importorskip("mlxtend")
    names = registry.names()
    folders = [tmp_path / name for name in names]
    for folder in folders:
        folder.mkdir()
    with local_pool(2) as pool:
        assert pool is not None
        found = dict(zip(names, pool.map(_complaints, names, folders), strict=True))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
