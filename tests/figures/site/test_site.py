"""The site as readers get it: files in a folder, opened without a network."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from figures import lectures, registry
from figures.site import claims
from sims.claims import registry as claims_registry

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60_000
FORMULA = re.compile(r'<(?:div|span) class="math[^"]*">\s*\\[\[(](.*?)\\[\])]</(?:div|span)>', re.S)
LOADED = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src", "video": "src"}
"""What a browser asks for by itself, by the elements that name it."""
READ = (
    "index", "live", "notation", "formulas", "search", "claims/index", "papers/mei2022", "gallery/index",
    "gallery/hastie2022_snr", "api/theory.equivalent", "lectures/1_does_overfitting_exist",
)  # fmt: skip


class Links(HTMLParser):
    """What a page has places for, leads to, and loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.to: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.places |= {known[name] for name in ("id", "name") if name in known}
        if tag == "a" and known.get("href"):
            self.to.append(known["href"])
        if tag in LOADED and known.get(LOADED[tag]) and known.get("rel") not in ("search", "author", "next"):
            self.loads.append(known[LOADED[tag]])


@cache
def links(path: Path) -> Links:
    return Links(path.read_text(encoding="utf-8"))


def pages(built: Path) -> list[Path]:
    """The pages that Sphinx has made."""
    return [path for path in built.rglob("*.html") if "_static" not in path.parts]


def broken(page: Path, target: str) -> bool:
    """Does a link lead to a file or a place that is not there?"""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return False
    file = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not file.is_file():
        return True
    live = file.name in ("double_descent.html", "training_time.html")  # their fragments are views
    lacks = parts.fragment and file.suffix == ".html" and not live
    return bool(lacks) and unquote(parts.fragment) not in links(file).places


def test_every_link_leads_to_a_place(built: Path) -> None:
    wrong = [
        f"{page.relative_to(built)}: {target}"
        for page in pages(built)
        for target in links(page).to
        if broken(page, target)
    ]
    assert wrong == []


def test_nothing_is_loaded_from_elsewhere(built: Path) -> None:
    outside = [
        f"{page.relative_to(built)}: {target}"
        for page in pages(built)
        for target in links(page).loads
        if urlsplit(target).netloc or broken(page, target)
    ]
    assert outside == []


@pytest.mark.parametrize("name", lectures.names(ROOT))
def test_a_lecture_has_run_without_an_error_and_rejects_the_first_guesses(name: str, built: Path) -> None:
    """The site has run it, each cell to its end: an error in one would have been an error of the site."""
    nbformat = pytest.importorskip("nbformat")
    run = nbformat.read(built.parent / "jupyter_execute" / "lectures" / f"{name}.ipynb", as_version=4)
    outputs = [output for cell in run.cells if cell.cell_type == "code" for output in cell.outputs]
    assert {output.output_type for output in outputs} <= {"stream", "display_data", "execute_result"}
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert any("image/png" in output.get("data", {}) for output in outputs)
    printed = "".join(output.text for output in outputs if output.get("name") == "stdout")
    assert printed.count("verdict: disagrees.") == 3
    told = re.findall(r"(\d+) of (\d+) claims? as expected", printed)
    assert told
    assert all(good == every for good, every in told)


def test_every_figure_and_every_claim_has_its_place(built: Path) -> None:
    assert [name for name in registry.names() if not (built / "gallery" / f"{name}.html").is_file()] == []
    ids, _ = claims_registry.select([])
    lacking = [
        name
        for name in ids
        if claims.label(name) not in links(built / "papers" / f"{name.partition('.')[0]}.html").places
    ]
    assert lacking == []


@pytest.mark.browser
def test_every_formula_is_drawn(chromium: Any, built: Path) -> None:
    """Each formula of all pages, by the script that the pages load; 0 that it cannot draw."""
    from html import unescape

    texts = [unescape(text) for page in pages(built) for text in FORMULA.findall(page.read_text("utf-8"))]
    assert len(texts) > 300
    page = chromium.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto((built / "notation.html").as_uri())
    page.wait_for_selector("mjx-container")
    unread = page.evaluate(
        """texts => texts.filter(text => {
            const node = MathJax.tex2svg(text);
            return node.querySelector('[data-mml-node="merror"]') !== null;
        })""",
        [*texts, r"\frac{1}{"],
    )
    assert unread == [r"\frac{1}{"]
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("name", READ)
def test_a_page_asks_for_nothing_and_complains_of_nothing(name: str, chromium: Any, built: Path) -> None:
    page = chromium.new_page()
    page.set_default_timeout(PATIENCE)
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((built / f"{name}.html").as_uri())
    math = page.locator("div.math, span.math").count()
    if math:
        page.wait_for_function("n => document.querySelectorAll('mjx-container').length >= n", arg=math)
    assert [url for url in asked if not url.startswith((built.as_uri(), "data:", "blob:", "about:"))] == []
    assert complaints == []
    page.close()


@pytest.mark.browser
def test_the_search_finds_a_formula_by_its_words(chromium: Any, built: Path) -> None:
    page = chromium.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{(built / 'search.html').as_uri()}?q=random_features")
    page.wait_for_selector("#search-results li a[href*='theory.equivalent']")
    page.close()


@pytest.mark.browser
def test_the_live_page_is_in_its_page(chromium: Any, built: Path) -> None:
    page = chromium.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto((built / "live.html").as_uri())
    frame = page.frame_locator("iframe[src='double_descent.html']")
    frame.locator("#chart path.line.test").wait_for()
    page.close()
