"""Double descent in the explorer: theory, sources of error, and trials that settle."""

import shlex
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from figures.explorer import _descent
from figures.explorer._view import Band, Line, Marks
from sims.double_descent import command as double_descent
from tests.figures.explorer.views import default, parts

SMALL = {"model": "linear", "n": 20, "noise": 0.5}


@pytest.mark.parametrize("model", _descent.MODELS)
def test_theory_of_every_model_is_drawn_and_checked(model: str, tmp_path: Path) -> None:
    values = default(_descent, model=model, n=20, d=10, ridge=0.1)
    view = next(_descent.settle(values, tmp_path / "trials.sqlite"))
    assert view.progress == "2 of 20 random designs"
    theory = next(line for line in parts(view, Line) if line.label.startswith("theory"))
    assert len(theory.x) >= 400
    told = double_descent.parser().parse_args(shlex.split(view.command)[3:])
    assert double_descent.settings(told) == _descent.config(values)  # the command gives the same
    marks = np.concatenate([part.x for part in parts(view, Marks)])
    assert len(marks) == _descent.POINTS
    at = theory.y[np.searchsorted(theory.x, parts(view, Marks)[0].x)]
    np.testing.assert_allclose(parts(view, Marks)[0].y, at, rtol=0.7)


@pytest.mark.parametrize("model", ["random-features", "linear"])
def test_sources_of_error_add_up_to_theory(model: str) -> None:
    view = _descent.view(default(_descent, model=model, n=40, d=30, ridge=0.01, parts=True))
    bands = parts(view, Band)
    assert len(bands) >= 4
    np.testing.assert_array_equal(bands[0].low, 0)
    for below, above in pairwise(bands):
        np.testing.assert_array_equal(below.high, above.low)
    line = parts(view, Line)[0]  # linear: the limit, of which the sources are
    np.testing.assert_allclose(bands[-1].high, line.y, rtol=0.2 if model == "random-features" else 1e-9)
    if model == "random-features":
        np.testing.assert_allclose(bands[-1].high, parts(view, Line)[1].y, rtol=1e-9)
    assert not view.charts[0].y_log


def test_a_model_without_known_sources_says_so() -> None:
    view = _descent.view(default(_descent, model="fourier", n=20, parts=True))
    assert not parts(view, Band)
    assert any("No formula" in line for line in view.words)


def test_more_trials_settle() -> None:
    values = default(_descent, **SMALL)
    views = list(_descent.settle(values, None))
    assert [int(view.progress.split()[0]) for view in views] == list(_descent.GROWING)
    width = [
        np.mean(parts(view, Marks)[0].high - parts(view, Marks)[0].low) for view in (views[0], views[-1])
    ]
    assert width[1] < width[0] / 2
    assert views[-1].status == "agrees"
