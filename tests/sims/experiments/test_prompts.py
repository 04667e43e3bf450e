"""Prompts for linear attention: exact errors against fresh prompts, the population's fit against many."""

from itertools import pairwise

import numpy as np
import pytest

from sims.experiments.prompts import Prompting, draw, draw_tasks, endless, errors, fit
from theory.papers import lu2025

SIZE = Prompting(5, 8, 4, 0.2)


@pytest.mark.parametrize("ridge", [0.0, 0.3])
@pytest.mark.parametrize("count", [15, 60])
def test_the_exact_errors_are_those_on_fresh_prompts(ridge: float, count: int) -> None:
    rng = np.random.default_rng(count)
    tasks = draw_tasks(SIZE, rng)
    gamma = fit(SIZE, tasks, count, ridge, rng)
    fresh = rng.standard_normal((200000, 5)) / np.sqrt(5)
    for told, among in zip(errors(SIZE, tasks, gamma), (tasks, fresh), strict=True):
        features, labels = draw(SIZE, among, 200000, rng)
        losses = (labels - features @ gamma.ravel()) ** 2
        assert abs(losses.mean() - told) < 5 * losses.std() / np.sqrt(len(losses))


def test_both_ways_to_solve_are_one() -> None:
    """Fewer and more prompts than entries, by the normal equations."""
    for count in (20, 30):
        tasks = draw_tasks(SIZE, np.random.default_rng(0))
        features, labels = draw(SIZE, tasks, count, np.random.default_rng(1))
        gram = features.T @ features / count + 0.4 / 5 * np.eye(25)
        told = np.linalg.solve(gram, features.T @ labels / count).reshape(5, 5)
        np.testing.assert_allclose(fit(SIZE, tasks, count, 0.4, np.random.default_rng(1)), told, rtol=1e-9)


def test_endless_prompts() -> None:
    rng = np.random.default_rng(2)
    tasks = draw_tasks(SIZE, rng)
    best = endless(SIZE, tasks)
    many = fit(SIZE, tasks, 400000, 0.0, rng)
    np.testing.assert_allclose(many, best, atol=0.03)
    known = errors(SIZE, tasks, best)[0]
    for other in (1.02 * best, best + 0.02 * rng.standard_normal((5, 5)), best.T):
        assert errors(SIZE, tasks, other)[0] >= known - 1e-12


@pytest.mark.slow
def test_the_gap_halves_with_every_doubling_and_extrapolation_removes_it() -> None:
    """16 %, 9 % and 4.5 % on known tasks at d = 6, 12 and 24; 1.6 % and 0.2 % are left of two sizes each."""
    point = {"tau": 0.5, "alpha": 1.0, "kappa": 1.0, "noise": 0.1, "ridge": 0.3}
    told, rng, gaps = np.array(lu2025.risk(**point)), np.random.default_rng(0), []
    for d, draws in ((6, 4000), (12, 1000), (24, 160)):
        size, found = Prompting(d, d, d, 0.1), []
        for _ in range(draws):
            tasks = draw_tasks(size, rng)
            found.append(errors(size, tasks, fit(size, tasks, d * d // 2, 0.3, rng)))
        gaps.append(np.mean(found, axis=0) / told - 1)  # good to 0.6 %
    for here, twice in pairwise(gaps):
        assert ((here > 1.5 * twice) & (here < 2.6 * twice)).all()
        assert (np.abs(2 * twice - here) < 0.3 * here).all()
