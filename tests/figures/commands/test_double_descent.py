"""The saved picture: what is drawn is what was measured, and the bytes repeat."""

import json
from pathlib import Path

import numpy as np
import pytest

from figures import files
from figures.commands import double_descent as figure
from sims.double_descent import command as double_descent
from sims.shell import runner


@pytest.fixture(scope="module")
def document() -> dict:  # type: ignore[type-arg]
    small = ["--n", "30", "--d", "20", "--p-max", "100", "--trials", "6", "--points", "12"]
    config = double_descent.settings(double_descent.parser().parse_args(small))
    return double_descent.measure(config, runner.Effort())


def test_artists_carry_the_data(document: dict) -> None:  # type: ignore[type-arg]
    axes = figure.draw(document).axes[0]
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert axes.get_xlabel() == "number of parameters p"
    assert axes.get_ylabel() == "test error"
    theory = axes.lines[0]
    np.testing.assert_array_equal(theory.get_xdata(), document["curve"]["p"])
    np.testing.assert_array_equal(theory.get_ydata(), np.array(document["curve"]["theory"]))
    assert theory.get_linestyle() == "-"
    counted = [row for row in document["rows"] if row["status"] != "heavy-tailed"]
    drawn = next(c for c in axes.containers if "simulation" in c.get_label())
    means = np.asarray(drawn[0].get_ydata(), dtype=float)
    np.testing.assert_allclose(means, [row["mean"] for row in counted])
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["theory", "limit n, p → ∞", "simulation, 95 %", "median, 5–95 %"]
    low, high = axes.get_ylim()
    assert low < min(row["mean"] for row in counted) < high


def test_measured_points_have_students_intervals_and_quantiles() -> None:
    rows = [
        {"p": 10, "mean": 2.0, "se": 0.1, "trials": 6},
        {
            "p": 30,
            "mean": 9.0,
            "se": 5.0,
            "trials": 6,
            "median": 4.0,
            "quantiles": {"0.05": 1.0, "0.95": 7.0},
        },
        {"p": 20, "mean": float("inf"), "se": float("inf"), "trials": 6},
        {"p": 40, "mean": 3.0, "se": 0.2, "trials": 6},
    ]
    shown = figure.measured(rows)
    assert shown.x.tolist() == [10, 40, 30]
    assert shown.heavy.tolist() == [False, False, True]
    assert shown.centre.tolist() == [2.0, 3.0, 4.0]
    student = 2.5705818  # 97.5 % quantile of five degrees of freedom
    np.testing.assert_allclose(shown.high, [2.0 + 0.1 * student, 3.0 + 0.2 * student, 7.0])
    np.testing.assert_allclose(shown.low, [2.0 - 0.1 * student, 3.0 - 0.2 * student, 1.0])
    assert len(figure.measured(rows[2:3]).x) == 0


def test_exact_theory_is_dashed(document: dict) -> None:  # type: ignore[type-arg]
    exact = {**document, "curve": {**document["curve"], "exact": True}}
    assert figure.draw(exact).axes[0].lines[0].get_linestyle() == "--"


def test_same_bytes_again(document: dict, tmp_path: Path) -> None:  # type: ignore[type-arg]
    first = files.save(figure.draw(document), tmp_path / "a", document["command"])
    # through JSON, as a reader of the saved file would redraw it
    restored = json.loads(json.dumps(document), parse_constant=float)
    second = files.save(figure.draw(restored), tmp_path / "b", document["command"])
    assert [path.suffix for path in first] == [".pdf", ".png"]
    for one, two in zip(first, second, strict=True):
        assert one.read_bytes() == two.read_bytes()
    assert document["command"].encode() in first[1].read_bytes()  # provenance
