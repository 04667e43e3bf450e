"""Generated texts: those of the checkout are current, and one command makes them so again."""

import json
import shutil
from pathlib import Path

import pytest

from figures import __main__, build, gallery, numbers, page, refresh, registry
from sims.claims import registry as registry_of_claims
from sims.shell import console

ROOT = Path(__file__).resolve().parents[2]
TEXTS = (
    "README.md", "theory/README.md", "sims/claims/README.md", "figures/GALLERY.md", "paper/numbers.json",
    "paper/numbers.tex", "paper/main.typ",
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its texts alone."""
    for name in TEXTS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "figures" / "gallery").mkdir()
    page.refresh(tmp_path)  # this machine's last digits
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_generated_text_is_current() -> None:
    late = [path.relative_to(ROOT).as_posix() for path in refresh.stale(ROOT)]
    assert late == [], "run python -m figures refresh --text"


def test_all_that_is_measured_is_current() -> None:
    assert refresh.missing(ROOT) == [], "run python -m figures refresh"
    assert sorted(path.stem for path in (ROOT / "figures/gallery").glob("*.png")) == registry.names()


def test_one_command_rewrites_all_texts(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    live = page.place("training_time").as_posix()
    before = {name: (home / name).read_text("utf-8") for name in (*TEXTS, live)}
    spoilt = {
        "README.md": (f"{len(registry_of_claims.select([])[0])} claims", "12 claims"),
        "theory/README.md": ("| `mei2022` |", "| `mei1066` |"),
        "sims/claims/README.md": ("mei2022.peak", "mei1066.peak"),
        "figures/GALLERY.md": ("gallery/mei2022_risk.png", "gallery/mei1066_risk.png"),
        "paper/numbers.json": ('"statement": "', '"statement": "It is not true that '),
        "paper/numbers.tex": ("Written by", "Typed beside"),
        live: ("Training time", "Sleeping time"),
    }
    for name, (right, wrong) in spoilt.items():
        assert right in before[name]
        (home / name).write_text(before[name].replace(right, wrong), encoding="utf-8")
    assert __main__.main(["refresh", "--text"]) == 0
    assert {name: (home / name).read_text("utf-8") for name in before} == before
    assert sorted(capsys.readouterr().out.split()[1::2]) == sorted(spoilt)
    assert __main__.main(["refresh", "--text"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("status", "code", "steps"), [
    ("current", console.AGREES, ["gallery", "numbers"]), ("failed", console.FAILED, []),
])  # fmt: skip
def test_pictures_and_numbers_follow_figures_that_are_built(
    home: Path, monkeypatch: pytest.MonkeyPatch, status: str, code: int, steps: list[str]
) -> None:
    taken: list[str] = []
    monkeypatch.setattr(build, "run", lambda names, *_: [build.Built(name, status, 0.0) for name in names])
    monkeypatch.setattr(gallery, "write", lambda home: taken.append("gallery"))
    monkeypatch.setattr(numbers, "write", lambda home, jobs, store: taken.append("numbers"))
    (home / "figures/GALLERY.md").write_text("late", encoding="utf-8")
    assert __main__.main(["refresh", "--jobs", "1"]) == code
    assert taken == steps
    assert ((home / "figures/GALLERY.md").read_text("utf-8") == "late") == (status == "failed")


def test_what_was_never_measured_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = json.loads((home / "paper/numbers.json").read_text("utf-8"))
    claims = len(known["claims"])
    del known["claims"]["mei2022.peak"], known["figures"]["mei2022_risk"]
    known["figures"]["gone1900_curve"] = {
        "title": "Gone",
        "caption": "Gone.",
        "numbers": {},
        "resolution": {},
    }
    (home / "paper/numbers.json").write_text(json.dumps(known), encoding="utf-8")
    assert __main__.main(["refresh", "--text"]) == 0
    told = capsys.readouterr().err
    assert "mei2022.peak" in told
    assert "mei2022_risk" in told
    assert "gone1900_curve" not in (home / "paper/numbers.json").read_text("utf-8")
    assert json.loads((home / "paper/numbers.json").read_text("utf-8"))["counts"]["claims"] == claims - 1


@pytest.mark.parametrize(
    "front", ["There are many claims.", "This picture and 3 more are in the [gallery]. " * 2]
)
def test_a_count_has_exactly_one_place(front: str) -> None:
    with pytest.raises(ValueError, match=r"README\.md should name the count of figures in one place"):
        refresh.counted(front, {"figures": 4})


@pytest.mark.parametrize("command", ["refresh", "gallery", "numbers", "paper"])
def test_far_from_a_checkout_one_line_says_so(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert __main__.main([command]) == console.USAGE
    (line,) = capsys.readouterr().err.splitlines()
    assert f"python -m figures {command} needs a checkout" in line
    assert not any(tmp_path.iterdir())
