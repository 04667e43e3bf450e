"""The command that builds figures: what is current stays, what fails is told, the rest is built."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError, validate

import figures.plots
from figures import __main__, build, registry, sources
from sims.shell import console
from sims.shell.schema import schema

GOOD = '''"""Title of {name}.

Caption
of it.
"""

from figures import files, marks
from figures.figure import PaperFigure


def data():
    return {{"x": [1.0, 2.0]}}


def draw(data):
    figure = files.page()
    figure.add_subplot().plot(data["x"], data["x"], label="line")
    return figure


def numbers(data):
    return {{"last": data["x"][-1]}}


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
'''
WRONG = 'raise marks.Disagreement("simulation disagrees with theory: at x = 1")'
FIGURES = {
    "good2000_line": GOOD,
    "bad2000_line": GOOD.replace('return {{"x": [1.0, 2.0]}}', WRONG),
    "ugly2000_line": GOOD.replace("draw=draw, ", ""),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of three figures: one that works, one that disagrees, one that declares no drawing."""
    home = tmp_path / "package"
    (home / "plots").mkdir(parents=True)
    for file in (*sources.HOME.glob("*.py"), sources.HOME / "style.mplstyle"):
        shutil.copy(file, home)
    for name, text in FIGURES.items():
        (home / "plots" / f"{name}.py").write_text(text.format(name=name))
    build._shared.cache_clear()
    monkeypatch.setattr(sources, "HOME", home)
    monkeypatch.setattr(figures.plots, "__path__", [str(home / "plots")])
    yield tmp_path / "out"
    for name in FIGURES:
        sys.modules.pop(f"figures.plots.{name}", None)
    build._shared.cache_clear()


def run(*words: str) -> int:
    return __main__.main([*words, "--jobs", "1"])


def test_others_are_built_and_failures_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--out", str(folder)) == console.DISAGREES
    out, err = capsys.readouterr()
    assert out == f"3 figures in {folder}: 1 built, 2 failed\n"
    *progress, first, second = err.splitlines()
    assert [line.split()[0] for line in progress] == ["[1/3]", "[2/3]", "[3/3]"]
    assert first == ("failed: bad2000_line: Disagreement: simulation disagrees with theory: at x = 1")
    assert second.startswith("failed: ugly2000_line: TypeError")
    assert "'draw'" in second
    assert sorted(path.name for path in folder.iterdir()) == [
        f"good2000_line.{suffix}" for suffix in ("csv", "json", "pdf", "png")
    ]
    assert build.manifest("good2000_line", folder)["numbers"] == {"last": 2.0}


def test_a_failure_without_a_verdict_is_no_disagreement(folder: Path) -> None:
    assert run("build", "ugly2000_line", "--out", str(folder), "-q") == console.FAILED


def test_what_is_current_stays(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("build", "good2000_line", "--out", str(folder), "--json")

    def status() -> str:
        assert run(*words) == 0
        (row,) = json.loads(capsys.readouterr().out)
        return str(row["status"])

    assert [status(), status()] == ["built", "current"]
    (folder / "good2000_line.png").write_bytes(b"damaged")
    assert [status(), status()] == ["built", "current"]
    (folder / "good2000_line.pdf").unlink()
    assert [status(), status()] == ["built", "current"]
    (folder / "good2000_line.json").write_text("[")
    assert [status(), status()] == ["built", "current"]
    source = folder.parent / "package" / "plots" / "good2000_line.py"
    source.write_text(source.read_text() + "# changed\n")
    assert [status(), status()] == ["built", "current"]
    helper = folder.parent / "package" / "plots" / "_idea.py"
    helper.write_text("x = 1\n")
    assert status() == "current"
    source.write_text(source.read_text() + "# as _idea has it\n")
    assert [status(), status()] == ["built", "current"]
    helper.write_text("x = 2\n")
    assert status() == "current"  # a word in a comment is no import
    for importing in ("\nfrom figures.plots import _idea", "\nimport figures.plots._idea"):
        source.write_text(source.read_text() + importing)
        assert [status(), status()] == ["built", "current"]
        helper.write_text(helper.read_text() + "y = x\n")
        assert [status(), status()] == ["built", "current"]
    deeper = helper.with_name("_deeper.py")
    deeper.write_text("z = 1\n")
    helper.write_text("def late():\n    from figures.plots._deeper import z\n    return z\n")
    assert [status(), status()] == ["built", "current"]
    deeper.write_text("z = 2\n")
    assert [status(), status()] == ["built", "current"]
    (folder.parent / "package" / "style.mplstyle").write_text("changed")
    build._shared.cache_clear()
    assert [status(), status()] == ["built", "current"]
    words = (*words, "--column", "jmlr")
    assert [status(), status()] == ["built", "current"]
    words = (*words, "--force")
    assert [status(), status()] == ["built", "built"]


def test_formats(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("build", "good2000_line", "--out", str(folder), "--format", "svg,csv", "-q") == 0
    assert sorted(path.suffix for path in folder.iterdir()) == [".csv", ".json", ".svg"]
    assert run("build", "--out", str(folder), "--format", "jpg") == console.USAGE
    assert "--format = jpg: 'jpg' is none of pdf, png, svg, pgf, csv" in capsys.readouterr().err


def test_pgf_without_tex_is_refused_before_anything_is_drawn(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert run("build", "good2000_line", "--out", str(folder / "new"), "--format", "pdf,pgf") == console.USAGE
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "needs a TeX (pdflatex, xelatex, lualatex), and none is found; choose --format pdf --style" in told
    assert not (folder / "new").exists()


def test_wrong_words_get_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, told in (
        (("build", "no_such"), "no_such: no such figure; `python -m figures list` names them all"),
        (("build", "good2000_line", "--all"), "--all and names cannot be combined"),
        (("build", "--jobs", "0"), "--jobs = 0 must be at least 1"),
    ):
        assert __main__.main([*words, "--out", str(folder)]) == console.USAGE
        assert told in capsys.readouterr().err


def test_list(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("build", "good2000_line", "--out", str(folder), "-q")
    capsys.readouterr()
    assert __main__.main(["list", "--json", "--out", str(folder)]) == 0
    rows = json.loads(capsys.readouterr().out)
    validate(rows, schema("figures", "list_schema"))
    assert [(row["name"], row["current"]) for row in rows] == [
        ("bad2000_line", False), ("good2000_line", True), ("ugly2000_line", False)
    ]  # fmt: skip
    assert __main__.main(["list", "--out", str(folder)]) == 0
    assert "good2000_line  yes               Title of good2000_line" in capsys.readouterr().out


def test_what_a_build_prints_follows_its_schema(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("build", "good2000_line", "--out", str(folder), "-q")
    capsys.readouterr()
    run("--out", str(folder), "--json", "-q")
    rows = json.loads(capsys.readouterr().out)
    written = schema("figures", "build_schema")
    Draft202012Validator.check_schema(written)
    validate(rows, written)
    assert [row["status"] for row in rows] == ["failed", "current", "failed"]
    for change in ({"status": "done"}, {"error": ""}, {"seconds": "inf"}, {"more": 1}):
        with pytest.raises(ValidationError):
            validate([{**rows[0], **change}], written)


@pytest.mark.parametrize(
    ("words", "name"), [(["list"], "list_schema"), (["build"], "build_schema"), ([], "build_schema")]
)
def test_the_schema_is_printed(words: list[str], name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        __main__.main([*words, "--json-schema"])
    assert not stop.value.code
    assert json.loads(capsys.readouterr().out) == schema("figures", name)


@pytest.mark.parametrize("suffix", ["pdf", "png", "svg", "csv"])
def test_the_same_bytes_again(folder: Path, suffix: str) -> None:
    for name in ("a", "b"):
        run("build", "good2000_line", "--out", str(folder / name), "--format", suffix, "-q")
    one, two = ((folder / name / f"good2000_line.{suffix}").read_bytes() for name in ("a", "b"))
    assert one == two
    assert suffix == "csv" or b"python -m figures build good2000_line" in one or suffix == "pdf"


def test_interrupted_and_run_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.parent / "package" / "plots" / "bad2000_line.py").write_text(GOOD.format(name="bad2000_line"))
    whole = build.build

    def stop(name: str, *rest: Any) -> build.Built:
        if name == "good2000_line":
            raise KeyboardInterrupt
        return whole(name, *rest)

    words = ("build", "bad2000_line", "good2000_line", "--out", str(folder), "-q")
    monkeypatch.setattr(build, "build", stop)
    with pytest.raises(KeyboardInterrupt, match="finished figures are kept"):
        run(*words)
    assert sorted(path.stem for path in folder.glob("*.json")) == ["bad2000_line"]
    monkeypatch.setattr(build, "build", whole)
    kept = (folder / "bad2000_line.png").stat().st_mtime_ns
    assert run(*words) == 0
    assert (folder / "bad2000_line.png").stat().st_mtime_ns == kept
    assert (folder / "good2000_line.png").is_file()


def test_what_declares_no_figure_is_none(folder: Path) -> None:
    home = folder.parent / "package"
    for file in ("plots/contact_sheet.py", "plots/_curve_idea.py", "contact_sheet.py"):
        (home / file).write_text('"""A sheet of all pictures."""\n\n\ndef data():\n    FIGURE = 1\n')
    assert registry.names() == sorted(FIGURES)
    with pytest.raises(ValueError, match="contact_sheet: no such figure"):
        registry.module("contact_sheet")
