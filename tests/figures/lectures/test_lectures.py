"""The lectures run, their exercises are exercises and not given away, their links open, and they are set."""

import importlib.util
import re
import subprocess
from pathlib import Path
from typing import get_args
from urllib.parse import parse_qsl

import pytest

from figures import __main__, lectures, page
from figures.page import knobs
from sims.claims import registry

pytest.importorskip("jupytext", reason="needs the extra `docs`")

from figures.lectures import notebook, typeset

ROOT = Path(__file__).resolve().parents[3]
NAMES = lectures.names(ROOT)
KEYS = set(re.findall(r"^@\w+\{([^,\s]+),", (ROOT / "paper" / "references.bib").read_text("utf-8"), re.M))
CLAIM = re.compile(r'"([a-z]+\d*[a-z]*\.\w+)"')
GUESS = re.compile(r'exercise\.judge\(\s*"([\w.]+)",\s*"([^"]+)"')
TOO_SHORT = 8
"""Characters of an answer that may stand in a text by chance, such as n."""
SECTIONS = ("Exercises", "What is not known", "Further reading")


@pytest.fixture(params=NAMES)
def lecture(request: pytest.FixtureRequest) -> object:
    return notebook.read(ROOT / lectures.FOLDER / f"{request.param}.md")


def test_the_lectures_are_numbered() -> None:
    assert [name.partition("_")[0] for name in NAMES] == [str(i + 1) for i in range(len(NAMES))]


def test_a_lecture_has_its_parts(lecture: object) -> None:
    text = notebook.markdown(lecture)
    assert notebook.title(lecture).startswith("Lecture ")
    assert [section for section in SECTIONS if f"\n## {section}\n" not in f"{text}\n"] == []
    assert {"Goals of these 90 minutes", "What you must know", "See it live"} <= set(
        re.findall(r"\{admonition\} (.+)", text)
    )
    assert set(re.findall(r"^```\{(\w+)\}", text, re.M)) == {"admonition"}, "the roads know no other box"
    assert notebook.code(lecture).count("claims([") >= 1


def first_cells() -> set[str]:
    return {
        next(cell.source for cell in notebook.read(path).cells if cell.cell_type == "code")
        for path in (ROOT / lectures.FOLDER).glob("*.md")
    }


def test_the_first_cell_installs_the_package_of_the_checkout_or_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cell,) = first_cells()
    ran: list[list[str]] = []
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(subprocess, "run", lambda command, check: ran.append(command))
    for folder in (ROOT / lectures.FOLDER, tmp_path):
        monkeypatch.chdir(folder)
        exec(cell, {})
    assert [command[-1] for command in ran] == [f"{ROOT}[data]", "overparam[data]"]
    assert all(command[1:4] == ["-m", "pip", "install"] for command in ran)


def test_the_first_cell_installs_nothing_where_the_package_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(subprocess, "run")
    exec(first_cells().pop(), {})


def test_three_exercises_are_posed_and_their_answers_are_not_told(lecture: object) -> None:
    posed, guesses = notebook.exercises(lecture), dict(GUESS.findall(notebook.code(lecture)))
    assert len(posed) == 3
    text = notebook.markdown(lecture) + notebook.code(lecture)
    for identifier in posed:
        exercise = registry.find(identifier).exercise
        assert exercise is not None, identifier
        assert guesses.get(identifier) != exercise.answer
        assert len(exercise.answer) < TOO_SHORT or exercise.answer not in text


def test_no_exercise_is_posed_twice() -> None:
    posed = [
        identifier
        for name in NAMES
        for identifier in notebook.exercises(notebook.read(ROOT / lectures.FOLDER / f"{name}.md"))
    ]
    assert len(posed) == len(set(posed))


def test_claims_and_keys_exist(lecture: object) -> None:
    papers = set(registry.keys())
    for identifier in CLAIM.findall(notebook.code(lecture)):
        if identifier.partition(".")[0] in papers:
            registry.find(identifier)
    reading = notebook.markdown(lecture).partition("## Further reading")[2]
    named = set(re.findall(r"`([a-z]+\d{4}[a-z]*)`", reading))
    assert named
    assert named <= KEYS


def test_links_open_the_page_at_what_they_say(lecture: object) -> None:
    links = notebook.links(lecture)
    assert links
    for name, view in links:
        settings = {knob["name"]: knob for knob in page.PAGES[name].knobs()}
        knobs.view(view, list(settings.values()))  # refuses unknown keys
        for key, text in parse_qsl(view):
            knob = settings[key]
            allowed = {"slider": knob.get("steps"), "choice": knob.get("options"), "switch": [0, 1]}[
                knob["kind"]
            ]
            assert (text if knob["kind"] == "choice" else float(text)) in allowed, f"{key}={text}"
        assert (ROOT / page.place(name)).is_file()


def test_an_error_in_a_cell_is_said_with_the_lecture(tmp_path: Path) -> None:
    file = tmp_path / "wrong.md"
    file.write_text("# Lecture 0: Wrong\n\n```{code-cell}\n1 / 0\n```\n", "utf-8")
    with pytest.raises(ValueError, match="Lecture 0: Wrong: ZeroDivisionError: division by zero"):
        notebook.executed(notebook.read(file), tmp_path)


# -- what is written -------------------------------------------------------------------------------

SMALL = """\
# Lecture 0: Small

```{admonition} In short
One.

Two.
```

See [the page](../../figures/gallery/double_descent.html#n=60).

## First

**A sentence in bold.** What the lecturer says, of a **term**.

$$
a = b
$$

```{code-cell}
print("printed")
```

### Exercise 1

The question.
"""


@pytest.fixture
def small(tmp_path: Path) -> object:
    file = tmp_path / "small.md"
    file.write_text(SMALL, "utf-8")
    return notebook.executed(notebook.read(file), tmp_path)


def test_a_portable_notebook_needs_no_sphinx_and_lies_beside_the_page(small: object) -> None:
    text = notebook.markdown(notebook.portable(small))
    assert "> **In short.**\n>\n> One.\n>\n> Two." in text
    assert "```" not in text
    assert "(double_descent.html#n=60)" in text
    assert b'"nbformat": 4' in notebook.as_bytes(small)


def test_the_source_holds_code_and_what_it_printed(small: object) -> None:
    text = typeset.source(small).text
    assert '~~~~python\nprint("printed")\n~~~~' in text
    assert "~~~~output\nprinted\n~~~~" in text


def test_slides_show_what_stands_on_the_board(small: object) -> None:
    pytest.importorskip("pypandoc", reason="needs the extra `docs`")
    text = typeset.source(notebook.portable(small)).text
    shown, said = (typeset.typst_source(text, layout) for layout in ("slides", "lecture"))
    for words in ("A sentence in bold.", "$ a = b $", "printed", "One.", "The question."):
        assert words in shown
    for words in ("What the lecturer says", "term", 'print("printed")'):
        assert words in said
        assert words not in shown


@pytest.mark.parametrize("layout", ["lecture", "slides"])
def test_it_is_set(small: object, layout: typeset.Layout) -> None:
    pytest.importorskip("pypandoc", reason="needs the extra `docs`")
    assert typeset.pdf(notebook.portable(small), ROOT, layout).startswith(b"%PDF")


@pytest.mark.slow
def test_every_formula_of_a_lecture_is_set(lecture: object) -> None:
    pytest.importorskip("pypandoc", reason="needs the extra `docs`")
    for layout in get_args(typeset.Layout):
        assert typeset.pdf(notebook.portable(lecture), ROOT, layout).startswith(b"%PDF")


# -- the command -----------------------------------------------------------------------------------


def test_the_key_tells_answers(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert __main__.main(["lectures", "--key", NAMES[0]]) == 0
    printed = capsys.readouterr().out
    assert "exercise   everyday.capacity" in printed
    assert "answer     max(0, 1 - p/n)" in printed


def test_a_wrong_name_is_refused_with_advice(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert __main__.main(["lectures", "--key", NAMES[0][:-1]]) == 2
    assert f"did you mean {NAMES[0]}?" in capsys.readouterr().err
