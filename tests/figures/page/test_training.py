"""The page of training time: its flow against the package's, its designs against sims, and what it shows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from figures.page import PAGES, document
from figures.page.training import reference, settings
from sims.experiments import early_stopping
from tests.figures.page.numbers import apart, floats
from tests.figures.page.visitor import CONTRASTS, LINE, Visitor

TEXT = document(PAGES["training_time"])
SMALL = "n=40&trials=16"


@pytest.fixture(scope="session")
def training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as a file, far from the checkout."""
    path = tmp_path_factory.mktemp("page") / "training.html"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def flow(chromium: Any, training: Path) -> Iterator[Any]:
    """A page whose functions tests call."""
    page = chromium.new_page()
    page.goto(f"{training.as_uri()}#{SMALL}")
    yield page
    page.close()


def test_a_thousand_times_have_the_fields_of_the_package(flow: Any) -> None:
    solved = reference.solved(1000, seed=23)
    ours = floats(flow.evaluate("known => known.map(k => solvedHere(k))", solved))
    wanted = floats([known["want"] for known in solved])
    assert ours.shape == (1000, 7)
    assert (np.abs(ours - wanted) <= 1e-12 * np.maximum(1, np.abs(wanted))).all()
    for i in (
        0,
        1,
        3,
        4,
        6,
    ):  # all but the bias and the spread of inputs decay to nothing no faster than they are known
        large = wanted[:, i] > 1e-200
        assert apart(ours[large, i], wanted[large, i]) <= 1e-12, settings.FIELDS[i]


@pytest.mark.parametrize(("n", "p"), [(20, 12), (20, 20), (20, 31)])
def test_a_design_of_python_has_the_errors_of_sims(n: int, p: int, flow: Any) -> None:
    times = (0.0, 0.1, 1.0, 30.0, 1e4)
    setting = early_stopping.EarlyStopping(n, p, slow=0.02, share=0.7, noise=0.4, times=times)
    theirs = early_stopping.trial(setting, np.random.default_rng(5))
    variance = np.repeat([1.0, setting.slow], setting.halves)
    X = np.random.default_rng(5).standard_normal((n, p)) * np.sqrt(variance)
    known = {"n": n, "p": p, "slow": 0.02, "share": 0.7, "noise": 0.4}
    ours = flow.evaluate(
        "([setting, points, X]) => flowErrors(setting, points, X.map(row => Float64Array.from(row)))",
        [known, times, X.tolist()],
    )
    assert apart(ours, theirs) <= 1e-9


def test_the_allowance_is_that_of_the_experiment(flow: Any) -> None:
    for n, p in ((40, 4), (40, 40), (120, 200)):
        ours = flow.evaluate("([n, p]) => allowanceOf({ n, p })", [n, p])
        assert ours == pytest.approx(early_stopping.allowance(early_stopping.EarlyStopping(n, p)), rel=1e-12)


def test_the_code_that_the_page_prints_gives_its_numbers(flow: Any) -> None:
    code, ours = flow.evaluate(
        """() => { const setting = settingOf(readView("").view);
        const errors = [1, 10, 100].map(t => flowRisk(problemOf(setting), setting.n, t).test);
        return [commandOf(setting), errors]; }"""
    )
    *lines, last = code.splitlines()
    names: dict[str, Any] = {}
    exec("\n".join(lines), names)  # the page's own words
    assert apart(eval(last, names), ours) <= 1e-12


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("added(pole, times(kappa, S))", "added(pole, S)"),
        ("Math.exp(-2 * flow.decay)", "Math.exp(-flow.decay)"),
        ("Math.ceil(22 / mu)", "Math.ceil(4 / mu)"),
    ],
)
def test_one_change_is_told_by_the_page_itself(right: str, wrong: str, chromium: Any, tmp_path: Path) -> None:
    assert TEXT.count(right) == 1
    (tmp_path / "wrong.html").write_text(TEXT.replace(right, wrong), encoding="utf-8")
    page = chromium.new_page()
    page.goto(f"{(tmp_path / 'wrong.html').as_uri()}#{SMALL}")
    assert "do not trust this page" in page.locator("#check").inner_text()
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize("view", ["", "&ratio=0.4", "&ratio=2&slow=1&share=0", "&noise=0&ratio=1.5"])
def test_every_setting_comes_to_a_verdict_that_agrees(view: str, chromium: Any, training: Path) -> None:
    visitor = Visitor(chromium, training)
    page = visitor.open(f"n=60&trials=24{view}")
    assert visitor.rest() == "theory and simulation agree"
    assert page.locator("#chart .mark").count() == 20
    assert page.locator("#check:not(.disagrees)").count() == 1
    assert visitor.complaints == []
    assert {
        url for url in visitor.asked if not url.startswith(("blob:", "about:", training.as_uri()))
    } == set()
    visitor.context.close()


@pytest.mark.slow
def test_its_parts_are_shown_and_its_texts_stand_out(chromium: Any, training: Path) -> None:
    visitor = Visitor(chromium, training, viewport={"width": 390, "height": 844})
    page = visitor.open(f"{SMALL}&parts=1")
    assert page.locator("#chart path.band").count() == 4
    assert page.locator("#chart path.line.beside").count() == 1
    before = visitor.curve()
    page.locator("#slow").focus()
    page.keyboard.press("ArrowRight")
    assert visitor.curve() != before
    visitor.rest()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 60
    assert [text for contrast, text in contrasts if contrast < 4.5] == []
    assert page.locator(LINE).count() == 1
    visitor.context.close()
