"""The page's verdict against sims.verdict, on the same trials: every word and every number."""

import json
from typing import Any

import numpy as np
import pytest

from sims.experiments.descent_models import ALLOWANCE
from sims.trials.sample import Sample
from sims.verdict import judge
from tests.figures.page.numbers import apart

JUDGE = """text => JSON.stringify(JSON.parse(text).map(({values, points, falseAlarm, vouched}) => {
    const number = v => v === 'inf' ? Infinity : v === 'nan' ? NaN : v;
    const read = p => Object.fromEntries(Object.entries(p).map(([k, v]) => [k, number(v)]));
    return judge(values.map(row => row.map(number)), points.map(read), falseAlarm, vouched);
}), (_, v) => typeof v === 'number' && !Number.isFinite(v) ? (Number.isNaN(v) ? 'nan' : 'inf') : v)"""


def plain(value: float) -> float | str:
    return "nan" if np.isnan(value) else "inf" if np.isinf(value) else float(value)


def case(rng: np.random.Generator) -> dict[str, Any]:
    """Trials of some law about a theory that is right, wrong by a little, or wrong by much."""
    trials, count = int(rng.choice([1, 2, 4, 5, 6, 8, 16, 24, 100])), int(rng.integers(1, 12))
    theory = np.exp(rng.normal(0, 2, count)) * rng.choice([1, 1, 1, -1])
    theory[rng.random(count) < 0.05] = 0.0
    theory[rng.random(count) < 0.05] = np.inf
    spread = np.where(rng.random(count) < 0.4, 10 ** rng.uniform(-3, 0) * np.abs(theory), np.nan)
    spread[~np.isfinite(theory)] = np.nan
    noise = (
        rng.normal(size=(trials, count))
        if rng.random() < 0.6
        else 1 / rng.chisquare(7, (trials, count)) - 0.2
    )
    bias = 1 + rng.choice([0, 0, 0.02, 0.3, 2.0])
    with np.errstate(invalid="ignore"):
        values = np.where(np.isfinite(theory), theory * bias * (1 + 10 ** rng.uniform(-4, 0) * noise), np.inf)
    values[:, rng.random(count) < 0.05] = 1.0
    return {
        "values": values,
        "theory": theory,
        "allowance": np.where(rng.random(count) < 0.1, np.inf, rng.choice([0.0, 0.03, 0.3], count)),
        "heavy": rng.random(count) < 0.2,
        "spread": spread,
        "false_alarm": float(rng.choice([1e-3, 0.05])),
        "vouched": bool(rng.random() < 0.7),
    }


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    rng = np.random.default_rng(11)
    return [case(rng) for _ in range(400)]


def sent(one: dict[str, Any]) -> dict[str, Any]:
    rows = zip(one["theory"], one["allowance"], one["heavy"], one["spread"], strict=True)
    return {
        "values": [[plain(v) for v in row] for row in one["values"]],
        "points": [
            {"test": plain(t), "allowance": plain(a), "heavy": bool(h), "spread": plain(s)}
            for t, a, h, s in rows
        ],
        "falseAlarm": one["false_alarm"],
        "vouched": one["vouched"] or bool(one["heavy"].any()),
    }


def test_four_hundred_verdicts_are_those_of_the_package(cases: list[dict[str, Any]], scripts: Any) -> None:
    told = json.loads(scripts.evaluate(JUDGE, json.dumps([sent(one) for one in cases])))
    statuses = set()
    for one, ours in zip(cases, told, strict=True):
        vouched = one["vouched"] or one["heavy"].any()
        theirs = judge(
            Sample(one["values"]), one["theory"], one["allowance"], one["heavy"] if vouched else None,
            one["false_alarm"], one["spread"],
        )  # fmt: skip
        statuses.add(theirs.status)
        assert ours["status"] == theirs.status
        assert [row["status"] for row in ours["rows"]] == [point.status for point in theirs.points]
        assert ours["family"] == theirs.family
        assert apart([float(ours["trialsNeeded"])], [theirs.trials_needed]) <= 1e-12
        assert (
            apart([float(ours[key]) for key in ("resolution", "hidden")], [theirs.resolution, theirs.hidden])
            <= 1e-9
        )
        assert (ours["pooled"] is None) == (theirs.pooled is None)
        if theirs.pooled is not None:
            assert float(ours["pooled"]) == pytest.approx(theirs.pooled, rel=1e-8, abs=1e-8)
        for row, point in zip(ours["rows"], theirs.points, strict=True):
            if point.status != "heavy-tailed":
                assert apart([float(row["se"])], [point.se]) <= 1e-9
                assert float(row["resolution"]) == pytest.approx(point.resolution, rel=1e-8, abs=1e-12)
            z = float(row["z"])
            assert np.isnan(z) if point.z is None else z == pytest.approx(point.z, rel=1e-7, abs=1e-7)
    assert statuses == {"agrees", "disagrees", "undecided", "heavy-tailed"}


def test_medians_and_ranges_are_those_of_a_sample(cases: list[dict[str, Any]], scripts: Any) -> None:
    told = json.loads(scripts.evaluate(JUDGE, json.dumps([sent(one) for one in cases])))
    for one, ours in zip(cases, told, strict=True):
        for i, row in enumerate(ours["rows"]):
            column = Sample(one["values"][:, i : i + 1])
            wanted = [column.median[0], column.quantile(0.05)[0], column.quantile(0.95)[0]]
            assert apart([float(row[key]) for key in ("median", "low", "high")], wanted) <= 1e-12


def test_the_page_accepts_right_theory_and_rejects_wrong(scripts: Any) -> None:
    """Its own trials, judged by Python with the package's theory: agrees, and 1.5 times as much does not."""
    from sims.experiments import descent_models

    for model in ("random-features", "linear", "weak-features", "fourier"):
        setting = descent_models.Setting(
            model, n=40, d=30 if model == "random-features" else 400, noise=0.0 if model == "fourier" else 0.5
        )
        points = [1, 5, 10, 20, 80, 150, 300, 400]
        known = {
            key: getattr(setting, key)
            for key in ("model", "activation", "n", "d", "ridge", "noise", "signal")
        }
        values = scripts.evaluate(
            "([s, points]) => Array.from({length: 24}, (_, t) => trial(s, points, generator(5, t)))",
            [known, points],
        )
        told = descent_models.MODELS[model].theory(setting, np.array(points, dtype=float))
        granted, heavy = descent_models.allowance(setting, told), descent_models.heavy_tailed(setting, told)
        sample = Sample(np.array(values))
        assert judge(sample, told.test, granted, heavy, spread=told.spread).status == "agrees", model
        assert (
            judge(sample, 1.5 * told.test, granted, heavy, spread=1.5 * told.spread).status == "disagrees"
        ), model


def test_constants_of_the_page_are_the_package_s(scripts: Any) -> None:
    assert scripts.evaluate("CONSTANTS.allowance") == ALLOWANCE
