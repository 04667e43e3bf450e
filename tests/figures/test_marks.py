"""Points that are judged and drawn."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from figures import files, marks, plotted
from sims.claims.papers import hastie2022
from sims.trials.sample import Sample

X = np.array([1.0, 2.0, 4.0])


def _sample(mean: float = 2.0, trials: int = 20) -> Sample:
    return Sample(np.random.default_rng(0).normal(mean, 0.1, size=(trials, 3)))


def test_what_disagrees_is_refused() -> None:
    assert marks.points(X, _sample(trials=32), theory=2.0).resolution < 0.1
    with pytest.raises(
        marks.Disagreement, match=r"simulation disagrees with theory: at x = \d it is (1\.9|2\.0)"
    ):
        marks.points(X, _sample(), theory=2.5)
    with pytest.raises(marks.Disagreement, match="undecided"):
        marks.points(X, Sample(np.random.default_rng(0).normal(2.0, 5.0, size=(4, 3))), theory=2.0)
    marks.points(X, _sample(trials=32), theory=2.1, allowance=0.1)
    marks.points(X, _sample(), theory=1.0, relation=">=")
    with pytest.raises(marks.Disagreement):
        marks.points(X, _sample(), theory=1.0, relation="<=")


def test_what_holds_in_every_draw_needs_no_spread() -> None:
    same = Sample(np.full((24, 3), 2.0))
    with pytest.raises(marks.Disagreement, match="undecided"):
        marks.points(X, same, theory=2.0)
    assert marks.points(X, same, theory=2.0, outcome="every").hidden < 1e-8
    assert marks.points(X, same, theory=2.0, spread=0.0).hidden < 1e-8
    assert marks.points(X, same, theory=1.0, relation=">=", outcome="every").hidden == pytest.approx(1.0)
    same.values[3, 1] = 2.1
    with pytest.raises(marks.Disagreement, match="disagrees"):
        marks.points(X, same, theory=2.0, outcome="every")


def test_heavy_points_show_medians_and_do_not_count() -> None:
    heavy = np.array([False, True, False])
    found = marks.points(X, _sample(), theory=[2.0, 100.0, 2.0], heavy=heavy)
    sample = _sample()
    np.testing.assert_allclose(found.centre, np.where(heavy, sample.median, sample.mean))
    np.testing.assert_allclose([found.low[1], found.high[1]], np.quantile(sample.values[:, 1], [0.05, 0.95]))


def test_a_claim_along_one_setting() -> None:
    found = marks.swept(hastie2022.ridgeless, "p", [100, 150], 12, "a claim along one setting")
    one = hastie2022.ridgeless.expectation({**hastie2022.ridgeless.defaults, "p": 150})
    assert found.theory[1] == one[0]
    assert 0 < found.resolution < 0.2


def test_a_claim_says_what_is_judged_of_its_trials() -> None:
    claim = replace(
        hastie2022.ridgeless,
        trial=lambda s, rng: [float(s.p), rng.normal()],
        theory=lambda s: [float(s.p), np.pi],
        allowance=0.0,
        outcome="every",
        heavy_tailed=lambda s: [s.p == 100, True],
    )
    found = marks.swept(claim, "p", [100, 150], 20, "every draw of a claim")
    assert (found.heavy.tolist(), found.hidden < 1e-8) == ([True, False], True)


def _figure() -> Figure:
    found = marks.points(X, _sample(), theory=2.0, heavy=[False, True, False])
    with files.house_style(column="jmlr"):
        figure = files.page()
        axes = figure.add_subplot()
        axes.plot(X, [2.0, 2.0, 2.0], label="theory")
        axes.fill_between(X, [1.5] * 3, [2.5] * 3, alpha=0.2, linewidth=0, label="band")
        marks.scatter(axes, found)
        marks.threshold(axes, 2.0, "p = n")
        axes.set_xscale("log")
        marks.plain_ticks(axes.xaxis)
        axes.set_xlabel("p")
        axes.set_ylabel("test error")
        axes.legend()
    return figure


def test_curves_are_told_apart_in_grey_by_the_marks_of_their_entries() -> None:
    """Marks without a label share the entry of their colour's line, which gets none of them itself."""
    with files.house_style(column="jmlr"):
        figure = files.page()
        axes = figure.add_subplot()
        for i, (name, marker) in enumerate((("first", "o"), ("second", "s"), ("where none holds", "^"))):
            axes.plot(X, [2.0, 2.0, 2.0], f"C{i}", label=name)
            marks.scatter(axes, marks.points(X, _sample(), 2.0), f"C{i}", None, marker, hollow=i == 2)
        entries = axes.legend().get_lines()
        figure.draw_without_rendering()
    assert [entry.get_marker() for entry in entries] == ["o", "s", "None"]
    drawn = [line for line in axes.lines if line.get_label() in ("first", "second")]
    assert [line.get_markevery() for line in drawn] == [[], []]


def test_the_table_is_what_is_plotted() -> None:
    rows = list(csv.DictReader(io.StringIO(plotted.table(_figure()))))
    sample = _sample()
    found = [row for row in rows if row["label"] == "simulation, 95 %"]
    assert [float(row["x"]) for row in found] == [1.0, 4.0]
    np.testing.assert_allclose([float(row["y"]) for row in found], sample.mean[[0, 2]], rtol=1e-9)
    assert all(float(row["low"]) < float(row["y"]) < float(row["high"]) for row in found)
    (median,) = (row for row in rows if row["label"] == "median, 5–95 %")
    assert float(median["y"]) == pytest.approx(sample.median[1])
    band = [row for row in rows if row["kind"] == "band"]
    assert [(row["x"], row["low"], row["high"]) for row in band] == [(f"{x:g}", "1.5", "2.5") for x in X]
    assert [row["label"] for row in rows if row["kind"] == "line"] == ["theory"] * 3 + [""] * 2


def test_images_and_bars_and_scatter() -> None:
    with files.house_style():
        figure = files.page(1, 3)
        one, two, three = figure.subplots(1, 3)
        one.imshow([[1.0, 2.0], [3.0, 4.0]], extent=(0, 2, 0, 2), origin="lower")
        two.bar([1.0, 2.0], [3.0, 4.0])
        three.scatter([1.0], [2.0])
        three.pcolormesh([0.0, 1.0, 2.0], [0.0, 1.0], [[5.0, 6.0]])
    lines = plotted.table(figure).splitlines()
    assert lines[1:5] == [f"1,image,,{place},,,{value}" for place, value in (
        ("0.5,0.5", 1), ("1.5,0.5", 2), ("0.5,1.5", 3), ("1.5,1.5", 4)
    )]  # fmt: skip
    assert lines[5:7] == ["2,bar,,1,3,,,", "2,bar,,2,4,,,"]
    assert lines[7:] == ["3,line,,1,2,,,", "3,image,,0.5,0.5,,,5", "3,image,,1.5,0.5,,,6"]


@pytest.mark.parametrize(("column", "style", "widths"), [
    ("jmlr", "paper", (4.2, 6.0)), ("icml", "paper", (3.25, 6.75)), ("icml", "slides", (8.0, 12.0)),
])  # fmt: skip
def test_widths(column: str, style: str, widths: tuple[float, float]) -> None:
    with files.house_style(style, column):
        assert (files.page().get_figwidth(), files.page(2, 2).get_figwidth()) == widths


@pytest.mark.mpl_image_compare(baseline_dir="baseline", style=files.SHEETS, tolerance=3)
def test_picture_of_marks() -> Figure:
    return _figure()
