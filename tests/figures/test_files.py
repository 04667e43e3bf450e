"""Figures as files: each is drawn once, and shows the same whatever other files are written beside it."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from figures import files


def _panels() -> Figure:
    """Two panels whose labels a layout has to make room for."""
    with files.house_style():
        figure = files.page(1, 2)
        for axes in figure.subplots(1, 2):
            axes.loglog([1, 1000], [1, 1e5])
            axes.set_ylabel("test error")
    return figure


@pytest.mark.parametrize("formats", [("png",), ("pdf", "png", "svg")])
def test_a_figure_is_drawn_once_for_each_file(
    formats: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure, honest, drawn = _panels(), Figure.draw, []

    def draw(self: Figure, renderer: Any) -> None:
        drawn.append(renderer)
        honest(self, renderer)

    monkeypatch.setattr(Figure, "draw", draw)
    files.save(figure, tmp_path / "panels", "a test", formats)
    assert len(drawn) == len(formats)
    assert isinstance(figure.get_layout_engine(), ConstrainedLayoutEngine)  # as it was


def test_a_figure_is_laid_out(tmp_path: Path) -> None:
    figure = _panels()
    left, right = (axes.get_position() for axes in figure.axes)
    files.save(figure, tmp_path / "panels", "a test", ("png",))
    assert figure.axes[0].get_position().x0 != left.x0
    gap = figure.axes[1].get_position().x0 - figure.axes[0].get_position().x1
    assert gap > right.x0 - left.x1


def test_a_file_shows_the_same_without_the_others(tmp_path: Path) -> None:
    alone, *_ = files.save(_panels(), tmp_path / "alone", "a test", ("png",))
    *_, beside = files.save(_panels(), tmp_path / "beside", "a test", ("pdf", "svg", "png"))
    assert alone.read_bytes() == beside.read_bytes()


def test_a_figure_without_a_layout_engine_keeps_its_places(tmp_path: Path) -> None:
    figure = Figure()
    axes = figure.add_axes((0.2, 0.2, 0.5, 0.5))
    files.save(figure, tmp_path / "placed", "a test", ("png",))
    assert axes.get_position().bounds == pytest.approx((0.2, 0.2, 0.5, 0.5))
    assert figure.get_layout_engine() is None


@pytest.mark.parametrize(("style", "family"), [("latex", "cmr10"), ("icml", "STIXGeneral")])
def test_letters_with_serifs_have_every_sign(
    style: str, family: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with files.house_style(style, "icml"):
        figure = files.page()
        axes = figure.add_subplot()
        axes.plot([-1.0, 1.0], [1.0, 1000.0], label="p < n > 1, |f − y|²")
        axes.set_yscale("log")
        axes.set_xlabel("λ × N = ∞, $k^d$")
        axes.legend()
        if style == "latex":
            files.spell(figure)
        files.save(figure, tmp_path / "letters", "a test", ("pdf", "png", "svg"))
    texts = [axes.xaxis.label, *axes.get_xticklabels(), *axes.get_legend().get_texts()]
    assert {text.get_fontfamily()[0] for text in texts} == {family}
    assert all(text.get_fontsize() >= 7 for text in texts)
    assert [record.message for record in caplog.records if "glyph" in record.message] == []


def test_pgf_is_refused_where_no_tex_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(ValueError, match=r"pdflatex, xelatex, lualatex\), and none is found; choose .*pdf"):
        files.save(_panels(), tmp_path / "panels", "a test", ("pgf",))


def test_pgf_is_refused_to_pixels(tmp_path: Path) -> None:
    figure = _panels()
    figure.axes[0].pcolormesh([[1.0, 2.0], [3.0, 4.0]], rasterized=True)
    with pytest.raises(ValueError, match="pgf: has no pixels, and this figure has; choose --format pdf"):
        files.save(figure, tmp_path / "panels", "a test", ("pgf",))


@pytest.mark.skipif(not any(map(shutil.which, files.TEX)), reason="needs a TeX")
def test_pgf_can_be_taken_into_a_document(tmp_path: Path) -> None:
    """What TeX typesets without an error; signs are commands, and the figure keeps its own texts."""
    figure = _panels()
    figure.axes[0].set_title("λ = ∞, 90 %")
    again, path = (files.save(figure, tmp_path / name, "a test", ("pgf",))[0] for name in ("again", "panels"))
    assert path.read_bytes() == again.read_bytes()
    picture = path.read_text("utf-8")
    assert picture.startswith("% a test (")
    assert picture.isascii()
    assert figure.axes[0].get_title() == "λ = ∞, 90 %"
    head = r"\documentclass{article}\usepackage{pgf}\def\mathdefault#1{#1}\begin{document}"
    (tmp_path / "document.tex").write_text(rf"{head}\input{{{path.name}}}\end{{document}}", "utf-8")
    words = [files.tex(), "-interaction=nonstopmode", "-halt-on-error", "document.tex"]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    assert (tmp_path / "document.pdf").stat().st_size > 1000
