"""The page's equation against the package's: 1000 problems, 14 fields, and the best ridge."""

from typing import Any

import numpy as np
import pytest

import theory
from figures.page import PAGES, document
from figures.page.descent import reference
from tests.figures.page.numbers import apart, floats
from theory.engines import search

SOLVE = "known => known.map(k => solvedHere(k).map(String))"
SOLVED = reference.solved(1000, seed=22)
KNOWN = SOLVED[:200]


def test_a_thousand_problems_have_the_fields_of_the_package(scripts: Any) -> None:
    ours = floats(scripts.evaluate(SOLVE, SOLVED))
    wanted = floats([known["want"] for known in SOLVED])
    assert ours.shape == (1000, 14)
    assert np.isinf(wanted).any()
    for i, name in enumerate(theory.Risk._fields):
        assert apart(ours[:, i], wanted[:, i]) <= 1e-12, name


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("size - above + plus", "size - above - plus"),  # threshold
        ("const value = left + u * s;", "const value = left - u * s;"),  # a factor of the equation
        ("n * noise / (4 * pz)", "n * noise / (3 * pz)"),  # a limit of ridge 0
    ],
)
def test_one_changed_sign_is_told_by_the_page_itself(
    right: str, wrong: str, chromium: Any, tmp_path: Any
) -> None:
    text = document(PAGES["double_descent"])
    assert text.count(right) == 1
    (tmp_path / "wrong.html").write_text(text.replace(right, wrong), encoding="utf-8")
    page = chromium.new_page()
    page.goto(f"{(tmp_path / 'wrong.html').as_uri()}#trials=6")
    assert "do not trust this page" in page.locator("#check").inner_text()
    assert page.locator("#check.disagrees").count() == 1
    page.close()


def test_the_page_finds_its_numbers_equal(scripts: Any) -> None:
    told = scripts.locator("#check").inner_text()
    assert told.startswith(
        f"{14 * reference.COUNT} numbers computed on this device equal those of the package"
    )


def test_the_best_ridge_is_that_of_the_package(scripts: Any) -> None:
    ours = floats(
        scripts.evaluate(
            "known => known.map(k => bestRidge(problemOf(k), written(k.n), written(k.p))).map(String)", KNOWN
        )
    )
    near = []
    for known, ridge in zip(KNOWN, ours, strict=True):
        problem = theory.Problem(
            known["lam"], known["power"], known["mult"], known["tail"], known["tailPower"], known["noise"]
        )
        n, p = known["n"], float(known["p"])
        best, test = search.optimum(problem, n, p)
        assert apart([theory.random_features(problem, n, p, ridge).test], [test]) <= 1e-12
        near.append(apart([ridge], [best]) <= 1e-6)  # a minimum is flat: its place has half of the digits
    assert np.mean(near) > 0.97
