"""The page as people use it: with a mouse or keys, by a link, on a phone, in the dark, in a frame."""

import csv
import io
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.figures.page.visitor import CONTRASTS, DONE, LINE, Visitor

pytestmark = pytest.mark.slow

SMALL = "model=linear&n=20&trials=16"


@pytest.fixture
def visitor(chromium: Any, file: Path) -> Iterator[Visitor]:
    """One who sees no complaint, and whose page asks for nothing but itself and its own worker."""
    someone = Visitor(chromium, file)
    yield someone
    assert someone.complaints == []
    assert {url for url in someone.asked if not url.startswith(("blob:", "about:", file.as_uri()))} == set()
    someone.context.close()


@pytest.mark.parametrize("model", ["random-features&n=60", "linear", "weak-features", "fourier"])
def test_every_model_comes_to_a_verdict_that_agrees(model: str, visitor: Visitor) -> None:
    page = visitor.open(f"n=30&model={model}&trials=24")
    assert visitor.rest() == "theory and simulation agree"
    assert page.locator("#chart .mark").count() == 21
    assert "would have been noticed; at a single point" in page.locator("#why").inner_text()


def test_a_slider_moves_the_curve_at_once_and_the_link_with_it(visitor: Visitor) -> None:
    page = visitor.open(SMALL)
    before = visitor.curve()
    page.locator("#noise").focus()
    page.keyboard.press("ArrowRight")
    assert visitor.curve() != before
    assert page.url.endswith(f"#{SMALL}&noise=0.5") or "noise=0.5" in page.url
    after, words = visitor.curve(), page.url.partition("#")[2]
    assert visitor.rest() == "theory and simulation agree"
    visitor.open(words)
    assert visitor.curve() == after


def test_the_first_curve_comes_sooner_than_two_hundred_spectra(visitor: Visitor) -> None:
    """A hundred milliseconds on a laptop: here in units of a part of its own work, for machines differ."""
    page = visitor.open(SMALL)
    curve, spectra = page.evaluate("""() => {
        const timed = f => { const start = performance.now(); f(); return performance.now() - start; };
        const view = { ...readView("").view, best: 0 };
        theoryOf(view);
        const curve = Math.min(...[1, 2, 3].map(() => timed(() => theoryOf(view))));
        return [curve, timed(() => { for (let k = 0; k < 200; k++) activationProblem("relu", 40, 1, 0); })];
    }""")
    assert curve < spectra / 4


def test_a_bad_link_says_what_was_changed(visitor: Visitor) -> None:
    page = visitor.open("model=linear&n=1e9&ridge=abc&colour=red&noise=0.3&trials=6")
    told = page.locator("#notes").inner_text()
    for asked, shown in (
        ("n = 1e9", "n = 120"),
        ("ridge = abc", "ridge = 0"),
        ("noise = 0.3", "noise = 0.25"),
    ):
        assert f"The link asked for {asked}; shown is {shown}." in told
    assert "a key that is no setting: colour" in told
    visitor.open(SMALL)
    assert page.locator("#notes").inner_text() == ""


def test_theory_is_hidden_until_it_is_asked_for(visitor: Visitor) -> None:
    page = visitor.open(f"{SMALL}&theory=0")
    page.locator("#chart .mark").first.wait_for()
    assert page.locator("#chart path.line").count() == 0
    assert page.locator("#status").inner_text() == "theory is hidden: predict first"
    page.get_by_text("Every point as a table").click()
    assert {cell.inner_text() for cell in page.locator("#rows td:nth-child(2)").all()} == {""}
    page.get_by_label("Theory and verdict").check()
    assert visitor.rest() == "theory and simulation agree"
    assert page.locator(LINE).count() == 1


def test_an_exam_hides_what_it_locks(visitor: Visitor) -> None:
    page = visitor.open(f"{SMALL}&lock=n,theory")
    assert not page.locator("#n").is_visible()
    assert not page.locator("#theory").is_visible()
    assert page.locator("#noise").is_visible()
    visitor.open(f"{SMALL}&lock=all")
    assert page.locator("#knobs input:visible, #knobs select:visible").count() == 0


def test_sources_are_stacked_up_to_the_test_error(visitor: Visitor) -> None:
    page = visitor.open("n=20&d=10&parts=1&trials=6&ridge=0.1")
    assert page.locator("#chart path.band").count() == 7
    last = page.locator("#chart path.band").last.get_attribute("d").removeprefix("M")
    top = last.split("L")[: len(last.split("L")) // 2]
    line = visitor.curve().removeprefix("M").split("L")
    for a, b in zip(top, line, strict=True):
        assert [float(x) for x in a.split()] == pytest.approx([float(x) for x in b.split()], abs=0.11)
    assert "Sources of error add up" in page.locator("#notes").inner_text()
    visitor.open("model=fourier&parts=1&best=1&trials=6")
    assert "No formula for the sources of error" in page.locator("#notes").inner_text()
    assert "No formula for the norm" in page.locator("#no-norm").inner_text()


def test_the_best_ridge_lies_below_and_only_falls(visitor: Visitor) -> None:
    page = visitor.open("n=20&d=10&best=1&trials=6")
    assert page.locator("#chart path.line.beside").count() == 1
    best, test = page.evaluate("[theory.beside, column(theory, 'test').map(v => Math.min(v, 1e300))]")
    assert all(a <= b * (1 + 1e-12) for a, b in zip(best, test, strict=True))
    assert all(b <= a * (1 + 1e-9) for a, b in pairwise(best))


def test_a_frozen_curve_stays_beside_the_new_one(visitor: Visitor) -> None:
    page = visitor.open(SMALL)
    page.get_by_role("button", name="Freeze").click()
    page.locator("#n").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#chart path.line.frozen").count() == 1
    assert page.locator("#chart path.line.frozen").get_attribute("d") != visitor.curve()
    page.get_by_role("button", name="Unfreeze").click()
    assert page.locator("#chart path.line.frozen").count() == 0


def test_points_are_saved_as_they_are_shown(visitor: Visitor) -> None:
    page = visitor.open(SMALL)
    visitor.rest()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8"))))
    page.get_by_text("Every point as a table").click()
    assert [row["p"] for row in rows] == [c.inner_text() for c in page.locator("#rows td:nth-child(1)").all()]
    assert [row["status"] for row in rows] == [
        c.inner_text() for c in page.locator("#rows td:nth-child(6)").all()
    ]
    assert all((row["status"] == "heavy-tailed") == (row["median"] != "") for row in rows)
    assert "inf" in {row["theory"] for row in rows}  # p = n


def test_new_designs_are_other_numbers_and_the_same_seed_the_same(visitor: Visitor) -> None:
    page = visitor.open(SMALL)
    seen = []
    for link in (SMALL, f"{SMALL}&seed=1", SMALL):
        visitor.open(link)
        visitor.rest()
        seen.append(page.evaluate("values"))
    assert seen[0] == seen[2] != seen[1]
    page.get_by_role("button", name="New designs").click()
    assert "seed=1" in page.url
    visitor.rest()
    assert page.evaluate("values") == seen[1]


def test_without_a_worker_the_page_simulates_itself(visitor: Visitor) -> None:
    visitor.page.add_init_script("delete window.Worker")
    visitor.open(SMALL)
    assert visitor.rest() == "theory and simulation agree"
    assert [url for url in visitor.asked if url.startswith("blob:")] == []


def test_a_learning_platform_may_frame_it_strictly(chromium: Any, file: Path, tmp_path: Path) -> None:
    frame = tmp_path / "frame.html"
    text = file.read_text("utf-8").replace("&", "&amp;").replace('"', "&quot;")
    frame.write_text(
        f'<iframe sandbox="allow-scripts" width="900" height="700" srcdoc="{text}"></iframe>', "utf-8"
    )
    visitor = Visitor(chromium, frame)
    page = visitor.open()
    inside = page.frame_locator("iframe")
    inside.locator("#model").select_option("linear")
    inside.locator(DONE).wait_for()
    assert inside.locator("#status").inner_text() == "theory and simulation agree"
    visitor.context.close()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844), (320, 568)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_every_screen_with_the_chart_on_the_first(
    width: int, height: int, scheme: str, chromium: Any, file: Path
) -> None:
    visitor = Visitor(chromium, file, viewport={"width": width, "height": height}, color_scheme=scheme)
    page = visitor.open(SMALL)
    visitor.rest()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    chart = page.locator("#chart").bounding_box()
    assert chart["y"] + chart["height"] <= height
    assert chart["x"] + chart["width"] <= width
    if width > 600:
        for name in ("#status", "#csv", "#share"):
            box = page.locator(name).bounding_box()
            assert box["y"] + box["height"] <= height, name
    assert visitor.complaints == []
    visitor.context.close()


# -- for everybody ---------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out(scheme: str, chromium: Any, file: Path) -> None:
    visitor = Visitor(chromium, file, color_scheme=scheme)
    page = visitor.open(f"{SMALL}&parts=1&noise=0.3")
    visitor.rest()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 60
    assert [text for contrast, text in contrasts if contrast < 4.5] == []
    visitor.context.close()


def test_every_control_has_a_name_and_every_picture_words(visitor: Visitor) -> None:
    page = visitor.open(SMALL)
    nameless = page.evaluate("""() => [...document.querySelectorAll("input, select, button")].filter(
        node => !(node.labels?.length && node.labels[0].textContent.trim()) && !node.textContent.trim()
    ).map(node => node.outerHTML)""")
    assert nameless == []
    for name in ("#chart", "#norm"):
        assert page.locator(name).get_attribute("role") == "img"
        assert "p = 20" in page.locator(name).get_attribute("aria-label")
    assert page.locator("html").get_attribute("lang") == "en"
    identifiers = page.evaluate("[...document.querySelectorAll('[id]')].map(n => n.id)")
    assert len(identifiers) == len(set(identifiers))
    assert page.locator("#ridge").get_attribute("aria-valuetext") == "0 (minimum norm)"
    assert page.evaluate("[...document.querySelectorAll('h1, h2')].map(n => n.tagName)")[0] == "H1"


def test_keys_alone_reach_every_control(visitor: Visitor) -> None:
    page = visitor.open("trials=6&n=10&d=5")
    wanted = set(
        page.evaluate("""() => [...document.querySelectorAll("input, select, button, summary, a")]
        .filter(node => node.checkVisibility()).map(node => node.id || node.textContent)""")
    )
    reached = set()
    for _ in range(3 * len(wanted)):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
    assert wanted <= reached


def test_paper_shows_the_chart_and_not_the_controls(visitor: Visitor) -> None:
    page = visitor.open(SMALL)
    page.emulate_media(media="print")
    assert page.locator("#chart").is_visible()
    assert not page.locator("#knobs").is_visible()
