"""The file: the same bytes each time, small, whole, and without anything from elsewhere."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from figures import __main__ as command
from figures.page import PAGES, document, place
from figures.page.descent import settings
from figures.page.file import FOLDER, MOST, words_of
from sims.experiments.descent_models import MODELS
from tests.figures.page.numbers import apart, floats
from theory.activation import moments

ROOT = Path(__file__).resolve().parents[3]
NAMES = pytest.mark.parametrize("name", PAGES)


@NAMES
def test_another_process_writes_the_same_bytes(name: str, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "page.html"
    words = ["-m", "figures", "page", name, "--out", str(out), "--view", "noise=1"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, env=environment, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_bytes() == document(PAGES[name], "noise=1").encode()


def test_the_pages_hold_all_of_their_sources_and_nothing_unfilled() -> None:
    texts = {name: document(page) for name, page in PAGES.items()}
    for path in FOLDER.glob("*/*.js"):
        within = [name for name, page in PAGES.items() if page.folder == path.parent.name] or list(PAGES)
        for name in within:
            assert path.read_text("utf-8") in texts[name], (
                f"{path.name} is in neither core nor face of {name}"
            )
    for text in texts.values():
        assert (FOLDER / "common" / "style.css").read_text("utf-8") in text
        assert "{{" not in text
        assert len(text.encode()) < MOST == 300_000


@NAMES
def test_the_page_of_the_checkout_is_current(name: str) -> None:
    """`python -m figures refresh --text` writes it anew; solved problems differ in last digits by machine.

    A part of the error is a sum of terms of the size of the whole, the first number, and has their rounding.
    """
    numbers = re.compile(r'(?<=id="reference">).*?(?=</script>)', re.S)
    kept, now = (ROOT / place(name)).read_text("utf-8"), document(PAGES[name])
    assert numbers.sub("", kept) == numbers.sub("", now)
    ours, theirs = (json.loads(numbers.search(text)[0]) for text in (kept, now))  # type: ignore[index]
    for one, other in zip(ours, theirs, strict=True):
        told, found = floats(one["want"]), floats(other["want"])
        size = np.nan_to_num(told.flat[0], posinf=0.0)
        near = np.isclose(told, found, rtol=0.0, atol=np.finfo(float).eps * size)
        assert apart(told[~near], found[~near]) <= 1e-13


def test_a_page_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("figures.page.file.MOST", 50_000)
    with pytest.raises(ValueError, match=r"the page has \d+ bytes; it must stay below 50000"):
        document(PAGES["training_time"])


@NAMES
def test_the_page_asks_for_nothing(name: str) -> None:
    text = document(PAGES[name])
    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]*\"", text) == []
    assert "://" not in text
    assert "default-src 'none'" in text


def test_sources_are_small_modules() -> None:
    texts = {
        path: path.read_text("utf-8").splitlines() for path in FOLDER.rglob("*.*") if path.suffix != ".pyc"
    }
    assert {path.name: len(lines) for path, lines in texts.items() if len(lines) > 400} == {}
    scripts = {path.name: lines for path, lines in texts.items() if path.suffix == ".js"}
    assert {name for name, lines in scripts.items() if max(map(len, lines)) > 140} == set()


def test_every_word_is_used_and_there() -> None:
    used, there = set(), set()
    for page in PAGES.values():
        words, names = words_of(page), [knob["name"] for knob in page.knobs()]
        scripts = [FOLDER / f"{name}.js" for name in (*page.core, *page.face)]
        sources = "".join(path.read_text("utf-8") for path in [*scripts, FOLDER / "common" / "template.html"])
        asked = set(re.findall(r"(?:WORDS|word)\.(\w+)", sources)) | {"questions", "set"}
        assert asked <= set(words), page.name
        used, there = used | asked, there | set(words)
        after = names.index("trials") + 1
        assert list(words["labels"]) == [*names[:after], "seed", *names[after:]]
    assert used == there


def test_all_models_but_networks_and_named_activations_are_there() -> None:
    assert set(settings.SHOWN) == set(MODELS) - {"network"}
    for name in settings.ACTIVATIONS:
        moments(name)


def test_claims_that_the_page_names_exist() -> None:
    from sims.claims import registry

    words = "".join(path.read_text("utf-8") for path in FOLDER.glob("*/words.json"))
    named = re.findall(r"\b([a-z]+\d{4}\w*\.\w+)", words)
    assert len(named) >= 7
    assert set(named) <= set(registry.select([])[0])


@pytest.mark.parametrize("view", ["modle=linear", "n=3&tab=time"])
def test_a_view_with_an_unknown_key_is_refused_in_one_line(
    view: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["page", "--view", view]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "is no setting; choose from model, activation" in told
