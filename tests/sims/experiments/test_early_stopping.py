"""Gradient flow stopped early: the closed form on one design is what training does."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from scipy.linalg import expm

from sims import verdict
from sims.experiments import early_stopping
from sims.trials import montecarlo
from theory.dynamics import gradient_flow

SETTING = early_stopping.EarlyStopping(
    n=60, p=42, slow=0.02, share=0.8, noise=0.5, times=(0.5, 5.0, 50.0, 2000.0)
)


@pytest.mark.parametrize("p", [6, 20])
def test_closed_form_is_the_mean_over_targets_and_noise_of_plain_training(p: int) -> None:
    """The flow by one matrix exponential, on 4000 drawn labels: wrong with chance 1e-6 (five errors)."""
    setting = early_stopping.EarlyStopping(n=10, p=p, slow=0.3, share=0.7, noise=0.4, times=(3.0,))
    told = early_stopping.trial(setting, np.random.default_rng(5))[0]
    fast, slow = setting.halves
    variance = np.repeat([1.0, setting.slow], [fast, slow])
    X = np.random.default_rng(5).standard_normal((setting.n, p)) * np.sqrt(variance)
    rng = np.random.default_rng(6)
    power = np.repeat([0.3 / fast, 0.7 / slow], [fast, slow]) / variance
    beta = np.sqrt(power)[:, None] * rng.standard_normal((p, 4000))
    y = X @ beta + np.sqrt(setting.noise) * rng.standard_normal((setting.n, 4000))
    # beta(t) = (integral of e^-sC over s < t) X'y/n, the upper right block
    block = np.zeros((2 * p, 2 * p))
    block[:p, :p], block[:p, p:] = -X.T @ X / setting.n, np.eye(p)
    found = expm(3.0 * block)[:p, p:] @ X.T @ y / setting.n
    errors = setting.noise + (variance[:, None] * (found - beta) ** 2).sum(axis=0)
    assert abs(errors.mean() - told) < 5 * errors.std() / np.sqrt(4000)


def _judge(setting: early_stopping.EarlyStopping, theory: early_stopping.EarlyStopping) -> str:
    sample = montecarlo.run(partial(early_stopping.trial, setting), 40, 0, "stopping")
    told = gradient_flow(theory.problem, theory.n, np.array(theory.times)).test
    return verdict.judge(
        sample, told, np.full(len(told), early_stopping.allowance(setting)), heavy_tailed=False
    ).status


def test_theory_agrees_and_a_wrong_one_does_not() -> None:
    assert _judge(SETTING, SETTING) == "agrees"
    for wrong in ({"slow": 0.04}, {"noise": 0.8}, {"share": 0.5}, {"n": 90}):
        assert _judge(SETTING, replace(SETTING, **wrong)) == "disagrees", wrong  # type: ignore[arg-type]
