"""The explorer without a browser: what its tabs show, what it refuses, and what it saves."""

import csv
import io
import re
import shlex
import socket
import sys
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.explorer import __main__ as command
from figures.explorer import (
    _claims,
    _data,
    _descent,
    _files,
    _knobs,
    _networks,
    _page,
    _svg,
    _tabs,
    _time,
    _view,
)
from figures.explorer._view import Band, Chart, Line, Marks, RefusedError, Rule, View
from sims.double_descent import command as double_descent

ALL = [knob for module in _tabs.CURVES.values() for knob in module.KNOBS] + list(_data.KNOBS)
SMALL = {"model": "linear", "n": 20, "noise": 0.5}


def _default(module: Any, **changed: Any) -> dict[str, Any]:
    return {**_knobs.read(module.KNOBS, {}), **changed}


def _parts(view: View, kind: type) -> list[Any]:
    return [part for chart in view.charts for part in chart.parts if isinstance(part, kind)]


# ---------------------------------------------------------------- knobs and links


@given(st.text(max_size=12) | st.floats().map(str) | st.integers().map(str))
def test_no_link_sets_a_knob_beyond_its_range(text: str) -> None:
    for knob in ALL:
        value = _knobs.read([knob], {knob.name: text})[knob.name]
        if isinstance(knob, _knobs.Slider):
            assert value in knob.steps
        elif isinstance(knob, _knobs.Choice):
            assert value in knob.options
        else:
            assert isinstance(value, bool)


@pytest.mark.parametrize("tab", list(_tabs.CURVES))
def test_a_link_brings_back_what_it_was_made_of(tab: str) -> None:
    rng = np.random.default_rng(0)
    knobs = _tabs.CURVES[tab].KNOBS
    assert _knobs.words(knobs, _knobs.read(knobs, {})) == {}
    for _ in range(20):
        values = {}
        for knob in knobs:
            options = {_knobs.Slider: "steps", _knobs.Choice: "options"}.get(type(knob))
            choices = getattr(knob, options) if options else (False, True)
            values[knob.name] = choices[rng.integers(len(choices))]
        assert _knobs.read(knobs, _knobs.words(knobs, values)) == values


def test_every_tab_says_what_it_is_about() -> None:
    assert set(_tabs.ABOUT) == set(_tabs.NAMES)
    assert set(_tabs.CURVES) <= set(_tabs.NAMES)
    for knob in ALL:
        assert knob.default in (getattr(knob, "steps", None) or getattr(knob, "options", (True, False)))


# ---------------------------------------------------------------- double descent


@pytest.mark.parametrize("model", _descent.MODELS)
def test_theory_of_every_model_is_drawn_and_checked(model: str, tmp_path: Path) -> None:
    values = _default(_descent, model=model, n=20, d=10, ridge=0.1)
    view = next(_descent.settle(values, tmp_path / "trials.sqlite"))
    assert view.progress == "2 of 20 random designs"
    theory = next(line for line in _parts(view, Line) if line.label.startswith("theory"))
    assert len(theory.x) >= 400
    told = double_descent.parser().parse_args(shlex.split(view.command)[3:])
    assert double_descent.settings(told) == _descent.config(values)  # the command gives the same
    marks = np.concatenate([part.x for part in _parts(view, Marks)])
    assert len(marks) == _descent.POINTS
    at = theory.y[np.searchsorted(theory.x, _parts(view, Marks)[0].x)]
    np.testing.assert_allclose(_parts(view, Marks)[0].y, at, rtol=0.7)


@pytest.mark.parametrize("model", ["random-features", "linear"])
def test_sources_of_error_add_up_to_theory(model: str) -> None:
    view = _descent.view(_default(_descent, model=model, n=40, d=30, ridge=0.01, parts=True))
    bands = _parts(view, Band)
    assert len(bands) >= 4
    np.testing.assert_array_equal(bands[0].low, 0)
    for below, above in pairwise(bands):
        np.testing.assert_array_equal(below.high, above.low)
    line = _parts(view, Line)[0]  # linear: the limit, of which the sources are
    np.testing.assert_allclose(bands[-1].high, line.y, rtol=0.2 if model == "random-features" else 1e-9)
    if model == "random-features":
        np.testing.assert_allclose(bands[-1].high, _parts(view, Line)[1].y, rtol=1e-9)
    assert not view.charts[0].y_log


def test_a_model_without_known_sources_says_so() -> None:
    view = _descent.view(_default(_descent, model="fourier", n=20, parts=True))
    assert not _parts(view, Band)
    assert any("No formula" in line for line in view.words)


def test_more_trials_settle() -> None:
    values = _default(_descent, **SMALL)
    views = list(_descent.settle(values, None))
    assert [int(view.progress.split()[0]) for view in views] == list(_descent.GROWING)
    width = [
        np.mean(_parts(view, Marks)[0].high - _parts(view, Marks)[0].low) for view in (views[0], views[-1])
    ]
    assert width[1] < width[0] / 2
    assert views[-1].status == "agrees"


# ---------------------------------------------------------------- time, networks


def test_time_shows_two_descents_and_agrees() -> None:
    *_, view = _time.settle(_default(_time), None)
    line = next(line for line in _parts(view, Line) if line.label == "theory, test error")
    rises = np.diff(line.y) > 0
    assert rises[: len(rises) // 2].any()
    assert np.argmin(line.y) > np.argmax(rises)  # a second descent below the first
    assert view.status == "agrees"


def test_wide_networks_stay_beside_their_linearisation() -> None:
    gaps = []
    for width in (16, 1024):
        *_, view = _networks.settle(_default(_networks, width=width, n=5), None)
        network, linear = (
            next(p for p in _parts(view, Line) if p.label == name) for name in ("network", "linearisation")
        )
        gaps.append(np.abs(network.y - linear.y).max())
        loss = view.charts[1].parts[1]
        assert loss.y[-1] < 0.2 * loss.y[0]  # type: ignore[union-attr]
    assert gaps[1] < gaps[0] / 2


# ---------------------------------------------------------------- claims


def test_a_claim_runs_to_its_verdict(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    values = _claims.settings("everyday.capacity", {})
    (view,) = _claims.check(
        "everyday.capacity", values, tmp_path / "trials.sqlite", lambda *done: told.append(done)
    )
    assert view.status == "agrees"
    assert "as expected" in view.words[0]
    assert told[-1][0] == told[-1][1]
    assert view.command == "python -m sims.claims check everyday.capacity --quick"
    assert view.table[0][1] == "theory"


def test_a_changed_setting_is_in_the_command() -> None:
    values = _claims.settings("mei2022.peak", {"n": 80, "activation": "tanh"})
    assert _claims.command("mei2022.peak", values).endswith("--quick --set n=80 activation=tanh")


@pytest.mark.parametrize(
    "changed",
    [{"n": 10**9}, {"n": 0}, {"n": "x"}, {"noise": -1.0}, {"noise": 1e9}, {"noise": float("nan")}, {"q": 1}],
)
def test_settings_beyond_the_limits_are_refused_in_one_line(changed: dict[str, Any]) -> None:
    with pytest.raises(RefusedError, match=next(iter(changed))) as refusal:
        _claims.settings("mei2022.peak", changed)
    assert "\n" not in str(refusal.value)


def test_an_experiment_that_fails_is_one_line() -> None:
    values = _claims.settings("mei2022.peak", {"activation": "no such function"})
    with pytest.raises(RefusedError, match="no such function") as refusal:
        list(_claims.check("mei2022.peak", values, None, lambda done, total: None))
    assert "\n" not in str(refusal.value)


def test_every_claim_can_be_read_and_set() -> None:
    for paper in _claims.papers():
        for identifier in _claims.of(paper):
            assert _claims.reading(identifier)
            assert _claims.settings(identifier, _claims.defaults(identifier)) == _claims.defaults(identifier)


# ---------------------------------------------------------------- data


def _table(rows: int = 60, columns: int = 3, seed: int = 0) -> bytes:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((rows, columns))
    y = X @ rng.standard_normal(columns) + 0.1 * rng.standard_normal(rows)
    lines = [",".join([*(f"x{i}" for i in range(columns)), "y"])]
    lines += [",".join(f"{value:.5g}" for value in (*x, t)) for x, t in zip(X, y, strict=True)]
    return "\n".join(lines).encode()


def _mutated(rng: np.random.Generator) -> bytes:
    """A table that somebody has spoilt, or bytes that are no table at all."""
    if rng.random() < 0.3:
        return rng.integers(0, 256, rng.integers(0, 2000), dtype=np.uint8).tobytes()
    cells = [line.split(b",") for line in _table(int(rng.integers(1, 60)), 3, 1).split(b"\n")]
    junk = [
        b"", b"nan", b"inf", b"-inf", b"1e999", b"1e308", b"-1e308", b"1e-320", b'"', b'"a\n"', b"\x00",
        b"\xff\xfe", b"text", b"1_0", "½".encode(), b",", b"\r", b"=1+1", b"0x10", b"1,5", b"x0", b" " * 50,
        b"9" * 400,
    ]  # fmt: skip
    for _ in range(rng.integers(1, 8)):
        row = cells[rng.integers(len(cells))]
        row[rng.integers(len(row))] = junk[rng.integers(len(junk))]
    spoilt = b"\n".join(b",".join(row) for row in cells)
    if rng.random() < 0.3:
        place = int(rng.integers(len(spoilt)))
        spoilt = spoilt[:place] + spoilt[place + int(rng.integers(50)) :]
    return spoilt


def test_five_hundred_spoilt_uploads_end_in_one_line(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    kept = 0
    for i in range(500):
        told = ""
        try:
            path = _data.keep(f"file {i}.csv", _mutated(rng), tmp_path)
            assert _data.columns(path)
            path.unlink()
            kept += 1
        except RefusedError as refusal:
            told = str(refusal)
        assert "\n" not in told
        assert not told or told.startswith(f"file {i}.csv")
        assert str(tmp_path) not in told
    assert 0 < kept < 250
    assert not list(tmp_path.iterdir())  # nothing is left of what was refused


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cells: [[1e308 * value for value in row] for row in cells],
        lambda cells: [[1e-300 * value for value in row] for row in cells],
        lambda cells: [[row[0], row[0], row[0], row[3]] for row in cells],
        lambda cells: [[float(i == 3), row[1], row[2], row[3]] for i, row in enumerate(cells)],
        lambda cells: [[*row[:3], float(i == 3)] for i, row in enumerate(cells)],
        lambda cells: [[*row[:3], 1e300 * row[3]] for row in cells],
    ],
)  # fmt: skip
def test_odd_numbers_give_a_picture_or_one_line(spoil: Any, tmp_path: Path) -> None:
    numbers = [[float(cell) for cell in line.split(",")] for line in _table().decode().split("\n")[1:]]
    text = "\n".join(["a,b,c,y", *(",".join(map(repr, row)) for row in spoil(numbers))])
    told = ""
    try:
        path = _data.keep("odd.csv", text.encode(), tmp_path)
        (view,) = _data.settle(str(path), "odd.csv", None, "relu", None)
        assert view.charts
    except RefusedError as refusal:
        told = str(refusal)
    assert "\n" not in told
    assert not told or told.startswith("odd.csv")


@pytest.mark.parametrize(
    ("name", "contents", "words"),
    [
        ("big.csv", b"x" * (_data.MOST_BYTES + 1), "MB"),
        ("long.csv", b"a,b\n" + b"1,2\n" * (_data.MOST_ROWS + 1), "rows"),
        ("wide.csv", b",".join([b"a"] * 500) + b"\n", "columns"),
        ("/home/me/../few.csv", _table(5), r"^few\.csv: 5 rows"),
        ("empty.csv", b"", "no rows"),
    ],
)
def test_what_is_too_much_or_too_little_is_named(
    name: str, contents: bytes, words: str, tmp_path: Path
) -> None:
    with pytest.raises(RefusedError, match=words):
        _data.keep(name, contents, tmp_path)


def test_a_folder_of_uploads_does_not_grow_for_ever(tmp_path: Path) -> None:
    for i in range(_data.MOST_FILES):
        (tmp_path / f"{i}.csv").touch()
    with pytest.raises(RefusedError, match="the explorer keeps 100 files already"):
        _data.keep("one.csv", _table(), tmp_path)


def test_a_file_is_predicted_and_checked(tmp_path: Path) -> None:
    path = _data.keep("houses.csv", _table(120), tmp_path)
    assert _data.columns(path) == ("y", "x0", "x1", "x2")
    (view,) = _data.settle(str(path), "houses.csv", "x1", "linear", None)
    assert view.command.startswith("python -m sims.sweet_spot houses.csv --target x1 --features linear")
    assert str(tmp_path) not in _page.page(view) + view.command
    assert len(_parts(view, Marks)[0].x) >= 2
    with pytest.raises(RefusedError, match=r"^target = none: houses\.csv has"):
        next(_data.settle(str(path), "houses.csv", "none", "linear", None))


# ---------------------------------------------------------------- pictures, pages, files

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
        charts = _tabs.CURVES[tab].view(_default(_tabs.CURVES[tab])).charts
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
    view = _time.view(_default(_time))
    line = next(line for line in _parts(view, Line) if line.label == "theory, test error")
    read = [row for row in csv.DictReader(io.StringIO(_view.rows(view))) if row["series"] == line.label]
    np.testing.assert_array_equal([float(row["x"]) for row in read], line.x)
    np.testing.assert_array_equal([float(row["y"]) for row in read], line.y)


def test_users_at_once_get_the_same_bytes_as_one() -> None:
    values = [_default(_descent, model="linear", n=n) for n in (20, 40, 60)]

    def saved(chosen: dict[str, Any]) -> bytes:
        return _files.png(_descent.view(chosen))

    alone = [saved(chosen) for chosen in values]
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(saved, values * 2)) == alone * 2
    assert len(set(alone)) == 3


# ---------------------------------------------------------------- the command


def test_a_view_is_saved_without_a_browser(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, out = str(tmp_path / "trials.sqlite"), tmp_path / "out"
    link = "http://127.0.0.1:2718/?tab=time&n=40&noise=1"
    assert command.main(["--view", link, "--out", str(out), "--store", store]) == 0
    assert {path.name for path in out.iterdir()} == {"time.png", "time.csv"}
    assert "time.csv" in capsys.readouterr().out
    shown = _time.view(_knobs.read(_time.KNOBS, {"n": "40", "noise": "1"}))
    assert "--view 'tab=time&n=40&noise=1'" in shown.command


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--view", "tab=claims"], "tab = claims has no picture"),
        (["--port", "0"], "--port = 0"),
        (["--host", "no.such.host.invalid"], "--host = no.such.host.invalid"),
        (["--store", "."], ""),
    ],
)
def test_bad_options_are_one_line(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(words) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_a_port_in_use_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert command.main(["--port", str(port)]) == 2
    assert f"--port {port}" in capsys.readouterr().err


def test_without_marimo_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "marimo", None)
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    assert command.main([]) == 2
    assert "overparam[explore]" in capsys.readouterr().err


def test_it_serves_on_loopback_by_default() -> None:
    assert command.parser().parse_args([]).host == "127.0.0.1"
