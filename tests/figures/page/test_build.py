"""The file: the same bytes each time, small, whole, and without anything from elsewhere."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from figures import __main__ as command
from figures import page as source
from figures.page import settings
from sims.experiments.descent_models import MODELS
from tests.figures.page.numbers import apart, floats
from theory.activation import moments

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(source.__file__).parent


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "page.html"
    words = ["-m", "figures", "page", "--out", str(out), "--view", "model=linear&noise=1"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, env=environment, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_bytes() == source.document("model=linear&noise=1").encode()


def test_the_page_holds_all_of_its_sources_and_nothing_unfilled() -> None:
    text = source.document()
    for path in FOLDER.glob("*.js"):
        assert path.read_text("utf-8") in text, f"{path.name} is in neither CORE nor FACE"
    assert (FOLDER / "style.css").read_text("utf-8") in text
    assert "{{" not in text
    assert len(text.encode()) < source.MOST == 300_000


def test_the_page_of_the_checkout_is_current() -> None:
    """`python -m figures refresh --text` writes it anew; solved problems differ in last digits by machine."""
    numbers = re.compile(r'(?<=id="reference">).*?(?=</script>)', re.S)
    kept, now = (ROOT / source.PLACE).read_text("utf-8"), source.document()
    assert numbers.sub("", kept) == numbers.sub("", now)
    ours, theirs = (json.loads(numbers.search(text)[0]) for text in (kept, now))  # type: ignore[index]
    for one, other in zip(ours, theirs, strict=True):
        assert apart(floats(one["want"]), floats(other["want"])) <= 1e-13


def test_a_page_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MOST", 50_000)
    with pytest.raises(ValueError, match=r"the page has \d+ bytes; it must stay below 50000"):
        source.document()


def test_the_page_asks_for_nothing() -> None:
    text = source.document()
    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]*\"", text) == []
    assert "://" not in text
    assert "default-src 'none'" in text


def test_sources_are_small_modules() -> None:
    lengths = {
        path.name: len(path.read_text("utf-8").splitlines()) for path in FOLDER.iterdir() if path.is_file()
    }
    assert {name: length for name, length in lengths.items() if length > 400} == {}
    widest = {path.name: max(map(len, path.read_text("utf-8").splitlines())) for path in FOLDER.glob("*.js")}
    assert {name: width for name, width in widest.items() if width > 140} == {}


def test_every_word_is_used_and_there() -> None:
    words = json.loads((FOLDER / "words.json").read_text("utf-8"))
    sources = "".join(path.read_text("utf-8") for path in [*FOLDER.glob("*.js"), FOLDER / "template.html"])
    used = set(re.findall(r"(?:WORDS|word)\.(\w+)", sources))
    assert used == set(words)
    names = [knob["name"] for knob in settings.knobs()]
    assert list(words["labels"]) == [*names[:7], "seed", *names[7:]]


def test_all_models_but_networks_and_named_activations_are_there() -> None:
    assert set(settings.SHOWN) == set(MODELS) - {"network"}
    for name in settings.ACTIVATIONS:
        moments(name)


def test_claims_that_the_page_names_exist() -> None:
    from sims.claims import registry

    words = (FOLDER / "words.json").read_text("utf-8")
    named = re.findall(r"\b([a-z]+\d{4}\w*\.\w+)", words)
    assert len(named) >= 4
    assert set(named) <= set(registry.select([])[0])


@pytest.mark.parametrize("view", ["modle=linear", "n=3&tab=time"])
def test_a_view_with_an_unknown_key_is_refused_in_one_line(
    view: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["page", "--view", view]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "is no setting; choose from model, activation" in told
