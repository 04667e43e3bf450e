"""Lin et al. 2023: sequences of fits, one task again and again, wrong arguments."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import mean_is_near, refuses
from theory.papers import lin2023


@pytest.mark.parametrize(("p", "n"), [(30, 10), (10, 30)])
def test_tasks_one_by_one(p: int, n: int) -> None:
    tasks = np.random.default_rng(1).standard_normal((3, p)) / np.sqrt(p)
    gram = ((tasks[:, None] - tasks) ** 2).sum(axis=-1)
    found = lin2023.distances(p, n, gram, (tasks**2).sum(axis=1), 0.1, 3)

    def trial(rng: np.random.Generator, task: int) -> float:
        w = np.zeros(p)
        for target in tasks:
            X = rng.standard_normal((n, p))
            y = X @ target + np.sqrt(0.1) * rng.standard_normal(n)
            w = w + np.linalg.lstsq(X, y - X @ w, rcond=None)[0]
        return float(((w - tasks[task]) ** 2).sum())

    for task in range(3):
        mean_is_near(lambda rng, task=task: trial(rng, task), found[task], 400, 0.0)


def test_the_same_task_again_and_again_is_learnt() -> None:
    same, norms = np.zeros((50, 50)), np.ones(50)
    assert_allclose(lin2023.distances(60, 30, same, norms, 0.0, 50), 0.5**50, rtol=1e-12)
    assert_allclose(lin2023.distances(60, 30, same, norms, 0.0, 0), norms)
    for p, steps in ((31, 1), (30, 1), (30, 2), (29, 50)):  # one task after another at p = n, too
        assert (lin2023.distances(p, 30, same, norms, 0.1, steps) == np.inf).all()
    refuses(lambda: lin2023.distances(60, 30, same, norms, 0.1, 51), "steps = 51 must be at most")
    refuses(lambda: lin2023.distances(60, 30, np.eye(2), [1, 1], 0.1, 1), "diagonal")
    refuses(lambda: lin2023.distances(60, 30, np.zeros((2, 2)), [1], 0.1, 1), "gram has shape")
    refuses(lambda: lin2023.distances(60, 30, [[0, 1], [2, 0]], [1, 1], 0.1, 1), "symmetric")
