"""What a notebook shows of problems and risks."""

import sys
from html.parser import HTMLParser

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from theory import Problem, Risk, notebook, random_features, ridge

PROBLEM = Problem([4.0, 0.25], [4.0, 0.5], [100, 300], noise=0.5)


class Cells(HTMLParser):
    """The texts of a table, and that every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open, self.texts = [], []  # type: ignore[var-annotated]
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, text: str) -> None:
        self.texts.append(text)


def test_a_problem_is_a_table_of_its_levels() -> None:
    head = [repr(PROBLEM), "eigenvalue", "multiplicity", "power"]
    assert Cells(PROBLEM._repr_html_()).texts == [*head, "4", "100", "4", "0.25", "300", "0.5"]


def test_a_long_spectrum_is_cut_and_counted() -> None:
    texts = Cells(Problem.power_law(100, 1.0, 2.0)._repr_html_()).texts
    assert texts[-1] == "and 80 more"
    assert len(texts) == 4 + 3 * notebook.MOST + 1


@pytest.mark.parametrize("n", [200, [400, 500]])
def test_a_risk_is_a_table_of_its_points(n: object) -> None:
    risk = random_features(PROBLEM, n, p=400, ridge=0.0)  # type: ignore[arg-type]
    texts = Cells(risk._repr_html_()).texts
    assert texts[: 1 + len(Risk._fields)] == ["Risk", *Risk._fields]
    assert texts[1 + len(Risk._fields)] == notebook.number(float(np.ravel(risk.test)[0]))
    assert ("∞" in texts) == (n == [400, 500])  # n = p


def test_a_frame_has_the_fields_after_what_they_were_computed_for() -> None:
    n, penalty = np.array([[20.0], [30.0]]), np.array([0.1, 0.2, 0.3])
    risk = ridge(PROBLEM, n, penalty)
    frame = risk.to_frame(n=n, ridge=penalty)
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == ["n", "ridge", *Risk._fields]
    assert_array_equal(frame["n"], np.repeat([20.0, 30.0], 3))
    assert_array_equal(frame["test"], risk.test.ravel())
    assert len(ridge(PROBLEM, 20).to_frame()) == 1


def test_columns_that_do_not_fit_are_refused() -> None:
    risk = ridge(PROBLEM, [20, 30])
    for arguments, message in (
        ({"n": [1, 2, 3]}, "shapes do not broadcast"),
        ({"n": [[1], [2]]}, "more points than the risk"),
        ({"test": [1, 2]}, "test is a field of Risk"),
    ):
        with pytest.raises(ValueError, match=message):
            risk.to_frame(**arguments)  # type: ignore[arg-type]


def test_without_pandas_only_the_frame_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pandas"):
        ridge(PROBLEM, 20).to_frame()
    assert ridge(PROBLEM, 20)._repr_html_()


def test_a_plot_has_the_curves_and_a_gap_at_the_threshold() -> None:
    from matplotlib.figure import Figure

    p = np.array([100.0, 200.0, 400.0])
    risk = random_features(PROBLEM, 200, p)
    ax = Figure().subplots()
    assert risk.plot(ax, p=p) is ax
    lines = {line.get_label(): line for line in ax.lines}
    assert set(lines) == {"test", "train", "bias", "variance"}
    assert_array_equal(lines["test"].get_xdata(), p)
    assert_array_equal(lines["test"].get_ydata(), [risk.test[0], np.nan, risk.test[2]])
    assert (ax.get_xlabel(), ax.get_xscale(), ax.get_yscale()) == ("p", "log", "log")
    with pytest.raises(ValueError, match="p and n cannot share one axis"):
        risk.plot(ax, p=p, n=200)


def test_a_plot_makes_its_own_figure() -> None:
    with mpl.rc_context({"backend": "agg"}):
        from matplotlib import pyplot

        ax = ridge(PROBLEM, [20, 30]).plot()
        assert ax.get_xlabel() == "point"
        pyplot.close(ax.figure)
