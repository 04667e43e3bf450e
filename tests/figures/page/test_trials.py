"""Trials of the page on designs that Python drew, against the trials of sims; and its random numbers."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sims import features
from sims.experiments import descent_models
from sims.experiments.grids import choose_points
from tests.figures.page.numbers import apart


@pytest.mark.parametrize("ridge", [0.0, 1e-2])
@pytest.mark.parametrize("model", ["random-features", "linear", "weak-features", "fourier"])
def test_a_design_of_python_has_the_risks_of_sims(model: str, ridge: float, scripts: Any) -> None:
    n, d, most = 20, (8 if model == "random-features" else 211), 60
    noise = 0.0 if model == "fourier" else 0.3
    setting = descent_models.Setting(model, "tanh", n, d, ridge, noise, 1.0)
    points = choose_points(n, most, 12)
    theirs = descent_models.MODELS[model].trial(setting, points, np.random.default_rng(7))
    rng = np.random.default_rng(7)
    if model == "random-features":
        call = "randomFeaturesRisks(setting, points, ...design.map(rows))"
        design: list[Any] = [features.sphere(count, d, rng).tolist() for count in (n, 200, most)]
    elif model == "fourier":
        call, design = (
            "fourierRisks(setting, points, ...design)",
            [rng.permutation(d)[:n], rng.permutation(d)[:most]],
        )
        design = [part.tolist() for part in design]
    else:
        call = "gaussianRisks(setting, points, rows(design))"
        X = features.gaussian(n, most if model == "linear" else d, rng)
        design = (X if model == "linear" else features.weak_coordinates(X, most, rng)).tolist()
    known = {
        "model": model,
        "activation": "tanh",
        "n": n,
        "d": d,
        "ridge": ridge,
        "noise": noise,
        "signal": 1.0,
    }
    ours = scripts.evaluate(
        f"""([setting, points, design]) => {{
            const rows = A => A.map(row => Float64Array.from(row));
            return {call};
        }}""",
        [known, points.tolist(), design],
    )
    near = (points == n) & (ridge == 0)  # the condition is squared there, and the point is not judged
    assert apart(np.array(ours)[~near], theirs[~near]) <= 1e-8


def test_random_numbers_are_normal_and_differ_by_trial_and_seed(scripts: Any) -> None:
    draws = scripts.evaluate(
        """[[0, 0], [0, 1], [1, 0]].map(([seed, trial]) =>
            Array.from({length: 20000}, generator(seed, trial).normal))"""
    )
    for sample in draws:
        assert stats.kstest(sample, "norm").pvalue > 1e-4
        assert abs(np.corrcoef(sample[1:], sample[:-1])[0, 1]) < 4 / np.sqrt(len(sample))
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert abs(np.corrcoef(draws[a], draws[b])[0, 1]) < 4 / np.sqrt(len(draws[a]))
    orders = scripts.evaluate(
        "Array.from({length: 6000}, (_, t) => permutation(generator(3, t), 3).join(''))"
    )
    counts = np.unique(orders, return_counts=True)[1]
    assert stats.chisquare(counts).pvalue > 1e-4
    assert len(counts) == 6
