"""The command of the explorer: a view saved without a browser, and errors in one line."""

import socket
import sys
from pathlib import Path

import pytest

from figures.explorer import __main__ as command
from figures.explorer import _knobs, _time


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
        (["--host", " "], "--host = ' ' is no address"),
        (["--view", "tab=time", "--out", ""], "--out = '' names no folder"),
        (["--view", "tab=time", "--out", "/dev/null"], "--out = /dev/null: cannot write there"),
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
