"""Students that learn online: many at once are as many alone; small steps follow the equations."""

import numpy as np
from numpy.testing import assert_allclose

from sims.experiments.teacher_student import path, trained
from theory.papers import goldt2019

D, TEACHER = 40, np.eye(2, 40)


def _students(count: int) -> tuple[np.ndarray, np.ndarray]:
    W = 0.1 * np.random.default_rng(0).standard_normal((3, D)) + 0.3 * np.eye(3, D)
    return np.repeat(W[None], count, axis=0), np.full((count, 3), 0.8)


def test_times_are_stations_of_one_path() -> None:
    W, v = _students(4)
    rng = np.random.default_rng
    first, second = path(W, v, TEACHER, 0.5, 0.1, [0.0, 2.0], True, rng(1))
    assert_allclose(second, path(W, v, TEACHER, 0.5, 0.1, [2.0], True, rng(1))[0], rtol=1e-12)
    start = goldt2019.excess(W[0] @ W[0].T, W[0] @ TEACHER.T, np.eye(2), v[0], np.ones(2), 0.5, 0.1, 0.0)
    assert_allclose(first, float(start), rtol=1e-12)
    assert np.unique(second).size == 4  # samples of their own


def test_one_student_is_a_path_of_one() -> None:
    W, v = _students(1)
    alone = trained(W[0], v[0], TEACHER, 0.5, 0.1, 1.5, False, np.random.default_rng(2))
    assert alone == path(W[0], v[0], TEACHER, 0.5, 0.1, [1.5], False, np.random.default_rng(2))[0]


def test_small_steps_are_the_differential_equations_without_noise() -> None:
    """A hundred small steps for each unit of step * time leave 1/d of chance."""
    W, v = _students(8)
    overlaps = W[0] @ W[0].T, W[0] @ TEACHER.T, np.eye(2)
    told = goldt2019.excess(*overlaps, v[0], np.ones(2), 0.05, 0.0, 30.0)
    found = path(W, v, TEACHER, 0.05, 0.0, [30.0], True, np.random.default_rng(3))
    assert_allclose(found.mean(), told, rtol=0.05)
