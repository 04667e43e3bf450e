"""The curves of the page against those of sims.double_descent, their allowance, and their points."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy import special

import theory
from figures.page.descent import settings
from sims.double_descent import command as double_descent
from sims.double_descent import settings as options
from sims.experiments import descent_models
from sims.experiments.grids import choose_points
from tests.figures.page.numbers import apart, floats

CURVE = """([setting, points]) => {
    const predict = predictor(setting);
    const told = points.map(p => predict(p, true));
    return told.map(q => [q.test, q.distance, allowance(setting.n, q)].map(String));
}"""
SIZES = [(60, 40, 0.0), (20, 5, 1e-3), (100, 120, 0.1)]
SETTINGS = [
    *(
        {"model": "random-features", "activation": name, "n": n, "d": d, "noise": 0.25, "ridge": ridge}
        for name, (n, d, ridge) in product(settings.ACTIVATIONS, SIZES)
    ),
    *(
        {"model": model, "n": n, "d": 10 * n, "noise": 0.0 if model == "fourier" else 0.5, "ridge": ridge}
        for model, n, ridge in product(("linear", "weak-features", "fourier"), (10, 60), (0.0, 1e-6, 0.3))
    ),
]  # fmt: skip


def named(setting: dict[str, Any]) -> str:
    return " ".join(map(str, setting.values()))


@pytest.mark.parametrize("setting", SETTINGS, ids=named)
def test_curves_distances_and_allowances_are_those_of_the_package(
    setting: dict[str, Any], scripts: Any
) -> None:
    model = descent_models.MODELS[setting["model"]]
    known = descent_models.Setting(**setting)
    points = choose_points(known.n, 10 * known.n, 21)
    told = model.theory(known, points.astype(float))
    ours = floats(scripts.evaluate(CURVE, [setting | {"signal": 1.0}, points.tolist()]))
    assert apart(ours[:, 0], told.test) <= 1e-11
    assert apart(ours[:, 1] + known.n, told.distance + known.n) <= 1e-10
    granted = descent_models.allowance(known, told)
    near = descent_models.heavy_tailed(known, told)
    assert apart(ours[~near, 2], granted[~near]) <= 1e-8
    assert [bool(x) for x in near] == [
        d <= scripts.evaluate("n => edge(n)", known.n) * (1 + 1e-9) for d in ours[:, 1]
    ]


def test_sources_of_the_exact_model_are_those_of_the_package(scripts: Any) -> None:
    names = ["test", "train", "bias", "variance", "norm", "df", "var_samples", "var_noise_samples"]
    p = [1, 5, 18, 19, 20, 21, 22, 90]
    ours = scripts.evaluate(
        "([names, p]) => names.map(name => p.map(q => String(leastSquares(20, q, 0.7, 0.2, 0.3)[name])))",
        [names, p],
    )
    risk = theory.exact.least_squares(20, p, 0.7, 0.2, 0.3)
    for name, values in zip(names, floats(ours), strict=True):
        assert apart(values, getattr(risk, name)) <= 1e-13


def test_points_are_those_of_the_command(scripts: Any) -> None:
    cases = [
        (n, most, count) for n in (2, 10, 60, 120) for most in (1, 7, 100, 1200) for count in (1, 2, 21, 40)
    ]
    ours = scripts.evaluate("cases => cases.map(([n, most, count]) => choosePoints(n, most, count))", cases)
    assert ours == [choose_points(*case).tolist() for case in cases]


def test_the_command_on_the_page_is_the_same_experiment(scripts: Any) -> None:
    for link in ("", "model=linear&noise=1", "model=fourier&n=30&ridge=0.1", "model=weak-features&trials=48"):
        setting, line, points = scripts.evaluate(
            """link => {
                const setting = settingOf(readView(link).view), { n, most } = setting;
                return [setting, commandOf(setting), choosePoints(n, most, CONSTANTS.curve.points)];
            }""",
            link,
        )
        assert line.startswith("python -m sims.double_descent ")
        config = options.settings(options.parser().parse_args(line.split()[3:]))
        known, chosen = double_descent.curve_of(config)
        names = ["model", "n", "noise", "ridge", *([] if known.model == "linear" else ["d"])]
        assert {name: setting[name] for name in names} == {name: getattr(known, name) for name in names}
        assert (points, setting["trials"]) == (chosen.tolist(), config["trials"])


@pytest.mark.parametrize(
    ("call", "theirs", "x"),
    [
        ("erf", special.erf, np.linspace(-4, 4, 201)),
        ("normalCdf", special.ndtr, np.linspace(-30, 6, 201)),
        ("normalQuantile", special.ndtri, np.geomspace(1e-200, 0.9, 100)),
        ("x => studentTail(15, x)", lambda x: special.stdtr(15, -x), np.geomspace(1e-3, 1e6, 100)),
        ("x => studentCritical(23, x)", lambda x: -special.stdtrit(23, x), np.geomspace(1e-30, 0.49, 60)),
        ("x => studentCritical(1, x)", lambda x: -special.stdtrit(1, x), np.geomspace(1e-9, 0.49, 60)),
    ],
)
def test_special_functions_have_twelve_digits(call: str, theirs: Any, x: Any, scripts: Any) -> None:
    ours = scripts.evaluate(f"x => x.map(v => ({call})(v))", x.tolist())
    assert apart(ours, theirs(x)) <= 1e-12
