"""Compute-optimal training of random features: a run of the model, the frontier at every width, slopes."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import refuses
from theory import sgd
from theory.papers import paquette2024


def draw(v: int, d: int, seed: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((v, d)) / np.sqrt(d)


def test_runs_given_the_features() -> None:
    """Stochastic gradient descent on W'x: 5 standard errors of 1000 runs. The stored value had 400 others."""
    v, d, runs, rng = 60, 8, 1000, np.random.default_rng(2)
    W = draw(v, d)
    problem = paquette2024.problem(0.8, 1.2, W, noise=0.01)
    step = 0.5 / problem.eigenvalues.sum()
    j = np.arange(1.0, v + 1)
    w = np.zeros((runs, d))
    for _ in range(50):
        x = rng.standard_normal((runs, v)) * j**-0.8
        y = x @ j**-1.2 + 0.1 * rng.standard_normal(runs)
        w += step * (y - (x @ W * w).sum(axis=1))[:, None] * (x @ W)
    test = 0.01 + (j**-1.6 * (j**-1.2 - w @ W.T) ** 2).sum(axis=1)
    told = sgd.one_pass(problem, step, 50).test
    assert abs(test.mean() - told) < 5 * test.std() / np.sqrt(runs) < 0.1 * told
    stored = paquette2024.problem(0.8, 1.2, draw(600, 40))
    assert sgd.one_pass(stored, 0.5 / stored.eigenvalues.sum(), 300).test == pytest.approx(
        0.02026133273759233, rel=1e-6
    )


def test_the_frontier_is_the_best_of_all_widths() -> None:
    W, flops, widths = draw(300, 60), np.array([[30.0, 1e3], [1e4, 3.0]]), np.array([5, 20, 60])
    front = paquette2024.frontier(1.0, 0.7, W, flops, widths)
    for place in np.ndindex(2, 2):
        tests = []
        for d in widths:
            problem = paquette2024.problem(1.0, 0.7, W[:, :d])
            step = 0.25 * sgd.critical_step(problem)
            tests.append(float(sgd.one_pass(problem, step, flops[place] // d).test))
        assert front.test[place] == pytest.approx(min(tests), rel=1e-12)
        if front.steps[place] > 0:
            assert front.width[place] == widths[int(np.argmin(tests))]
            assert front.steps[place] == flops[place] // front.width[place]
    assert front.steps[1, 1] == front.width[1, 1] == 0  # 3 flops pay for nothing
    assert np.diff(paquette2024.frontier(1.0, 0.7, W, np.geomspace(5, 1e6, 9), widths).test).max() <= 0


@pytest.mark.parametrize(("alpha", "beta"), [(0.7, 0.35), (1.0, 0.7), (0.8, 1.2)])
def test_slopes_of_frontiers(alpha: float, beta: float) -> None:
    """At widths up to 400 slopes are flatter than the exponents by up to 0.1, as terms overlap."""
    flops, widths = np.geomspace(5e3, 5e5, 9), np.unique(np.geomspace(10, 400, 9).astype(int))
    fronts = [paquette2024.frontier(alpha, beta, draw(4000, 400, seed), flops, widths) for seed in range(3)]
    told = paquette2024.exponents(alpha, beta)
    for expected, values in (
        (-told.error, [front.test for front in fronts]), (told.width, [front.width for front in fronts]),
    ):  # fmt: skip
        slope = np.polyfit(np.log(flops), np.log(values).mean(axis=0), 1)[0]
        assert slope == pytest.approx(expected, abs=0.1)


def test_exponents_join_at_the_borders() -> None:
    for alpha in (0.8, 1.5):
        for border in (0.5, alpha):
            below, above = (paquette2024.exponents(alpha, border + e) for e in (-1e-9, 1e-9))
            assert_allclose(below, above, atol=1e-8)


@pytest.mark.parametrize(("call", "told"), [
    (lambda: paquette2024.phase(0.5, 1.0), "alpha = 0.5 must be greater than 1/2"),
    (lambda: paquette2024.phase(1.0, 0.5), "beta = 0.5 must be positive, and neither"),
    (lambda: paquette2024.exponents(1.0, 1.0), "beta = 1 must be"),
    (lambda: paquette2024.problem(1.0, 1.0, [1.0]), "W = array"),
    (lambda: paquette2024.frontier(1.0, 1.0, np.ones((3, 2)), 10.0, [3]), "widths = .* up to the 2 features"),
    (lambda: paquette2024.frontier(1.0, 1.0, np.ones((3, 2)), 0.0, [1]), "flops = 0"),
    (lambda: paquette2024.frontier(1.0, 1.0, np.ones((3, 2)), 9.0, [1], share=1.0), "share = 1"),
])  # fmt: skip
def test_bad_arguments(call: Any, told: str) -> None:
    refuses(call, told)
