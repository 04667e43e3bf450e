"""Exit codes of what ends badly, tables of any width, files that cannot be written, words of one place."""

import pytest

from sims.shell import console, drawing, shadow


def test_a_crash_is_not_a_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    def crash() -> int:
        raise RuntimeError("disk on fire")

    assert console.run(crash) == console.FAILED
    assert "disk on fire" in capsys.readouterr().err


def test_an_interruption_says_what_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt() -> int:
        raise KeyboardInterrupt

    assert console.run(interrupt) == console.INTERRUPTED
    assert capsys.readouterr().err == "error: interrupted; nothing was saved, the same command starts again\n"


def test_a_wrong_option_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        console.Parser(prog="x").parse_args(["--bogus"])
    assert stopped.value.code == console.USAGE
    assert capsys.readouterr().err == "error: unrecognized arguments: --bogus; see --help\n"


def test_json_and_csv_cannot_be_combined() -> None:
    parser = console.Parser()
    console.add_output(parser)
    with pytest.raises(ValueError, match=r"^--json and --csv cannot be combined$"):
        console.folder(parser.parse_args(["--json", "--csv"]))


def test_no_cell_of_a_table_is_cut() -> None:
    name, title = "n" * 90, "[bold] " + "t" * 200
    header, row = console.table(("figure", "title"), [[name, title]]).splitlines()
    assert header.split() == ["figure", "title"]
    assert row == f"{name}  {title}"


def test_a_stranger_called_figures_is_refused_at_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(package: str) -> None:
        raise ImportError(f"Python finds {package!r} elsewhere")

    monkeypatch.setattr(shadow, "require", refuse)
    with pytest.raises(ImportError, match="Python finds 'figures'"):
        drawing.require()
    with pytest.raises(ImportError, match="Python finds 'figures'"):
        drawing.command_figure("ntk", {})
