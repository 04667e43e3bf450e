"""Goldt et al. 2019: the velocities against Gaussian means, runs of the network, gradient flow, limits."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import erf

from tests.checks import refuses
from theory.engines import committee
from theory.papers.goldt2019 import excess


def overlaps(K: int, M: int, seed: int, d: int = 40) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    W, B = rng.standard_normal((K, d)) / np.sqrt(d), rng.standard_normal((M, d)) / np.sqrt(d)
    return {"Q": W @ W.T, "R": W @ B.T, "T": B @ B.T, "v": rng.standard_normal(K),
            "teacher_v": rng.standard_normal(M)}  # fmt: skip


def g(x: np.ndarray) -> np.ndarray:
    return erf(x / np.sqrt(2))


def test_velocities_are_means_over_the_fields() -> None:
    """A million draws of all fields, every entry of every equation."""
    K, M, step, noise = 3, 2, 0.7, 0.3
    s = overlaps(K, M, 0)
    C, c = np.block([[s["Q"], s["R"]], [s["R"].T, s["T"]]]), np.concatenate([s["v"], -s["teacher_v"]])
    dC, dv = np.zeros((K + M, K + M)), np.zeros(K)
    committee.velocity(C, c, K, step, noise, 1.0, 1.0, dC, dv)
    x = np.random.default_rng(1).standard_normal((10**6, K + M)) @ np.linalg.cholesky(C).T
    delta = g(x) @ c
    pull = -step * c[:K] * np.sqrt(2 / np.pi) * np.exp(-(x[:, :K] ** 2) / 2)
    for i in range(K):
        for j in range(K + M):
            mean = delta * pull[:, i] * x[:, j]
            if j < K:
                mean = mean + delta * pull[:, j] * x[:, i] + (delta**2 + noise) * pull[:, i] * pull[:, j]
            assert abs(dC[i, j] - mean.mean()) < 5 * mean.std() / 1e3
        second = -step * delta * g(x[:, i])
        assert abs(dv[i] - second.mean()) < 5 * second.std() / 1e3
    assert abs(committee.error(C, c) - (delta**2).mean()) < 5 * (delta**2).std() / 1e3


@pytest.mark.parametrize("second", [True, False])
def test_runs_of_the_network(second: bool) -> None:
    rng = np.random.default_rng(3)
    d, K, step, noise, time = 400, 3, 0.5, 0.01, 4.0
    B = np.zeros((2, d))
    B[0, 0] = B[1, 1] = 1.0
    start = 0.5 * rng.standard_normal((K, d)) / np.sqrt(d)
    start[0, 0] += 0.5
    v = np.full(K, 0.6)
    theory = excess(start @ start.T, start @ B.T, np.eye(2), v, np.ones(2), step, noise, time, second)
    ends = []
    for _ in range(12):
        W, a = start.copy(), v.copy()
        for x in rng.standard_normal((int(time * d), d)):
            h = W @ x
            delta = a @ g(h) - g(B @ x).sum() - np.sqrt(noise) * rng.standard_normal()
            slope = a * np.sqrt(2 / np.pi) * np.exp(-(h**2) / 2)
            a = a - second * step / d * delta * g(h)
            W = W - step / d * delta * slope[:, None] * x
        ends.append(excess(W @ W.T, W @ B.T, np.eye(2), a, np.ones(2), step, noise, 0.0))
    assert abs(np.mean(ends) / theory - 1) < 0.06


def test_a_perfect_student_stays_without_noise() -> None:
    s = overlaps(2, 2, 4)
    s |= {"Q": s["T"], "R": s["T"], "v": s["teacher_v"]}
    assert_allclose(excess(**s, step=0.5, noise=0.0, time=[0.0, 1.0, 20.0]), 0, atol=1e-15)
    assert excess(**s, step=0.5, noise=0.1, time=5.0) > 1e-3


def test_times_in_any_order_and_shape() -> None:
    s = overlaps(3, 2, 5) | {"step": 0.4, "noise": 0.01}
    table = excess(**s, time=[[3.0, 0.0], [1.0, 3.0]])
    assert table.shape == (2, 2)
    assert table[0, 0] == table[1, 1]
    assert_allclose(table[1, 0], excess(**s, time=1.0), rtol=1e-7)
    assert_allclose(excess(**s, time=0.0), table[0, 1], rtol=1e-12)


def test_small_steps_are_gradient_flow() -> None:
    """step -> 0 at a fixed step x time: the terms of order step^2 vanish like step."""
    s = overlaps(3, 2, 6)
    ends = [float(excess(**s, step=step, noise=0.5, time=2 / step)) for step in (1e-2, 1e-3, 1e-4)]
    assert_allclose((ends[0] - ends[1]) / (ends[1] - ends[2]), 10, rtol=0.02)


def test_a_step_that_is_too_large() -> None:
    s = overlaps(2, 1, 7)
    ends = excess(**s, step=1e3, noise=0.0, time=[0.0, 10.0])
    assert np.isfinite(ends[0])
    assert not np.isnan(ends).any()


def test_what_a_slope_leaves_of_long_weights_keeps_its_digits() -> None:
    """1 - C/(1 + C) of a field of variance 1e14: the difference had two digits."""
    C, W = np.array([[1e14, 3.0], [3.0, 2.0]]), np.empty((2, 2))
    committee.tilt(C, 0, W)
    assert_allclose(W[:, 0], C[:, 0] / (1 + 1e14), rtol=1e-15)
    assert_allclose(W[0], W[:, 0], rtol=0)
    assert_allclose(W[1, 1], 2.0 - 9.0 / (1 + 1e14), rtol=1e-15)


@pytest.mark.parametrize(
    ("units", "step", "noise", "time", "second"),
    [
        (3, 1e8, 0.1, 1e2, False),  # weights of length 1e6: the rounding of their slopes stopped the solver
        (2, 1e2, 0.0, 1e4, True),  # a student that has learnt all but rounding, which the solver followed
    ],
)
def test_few_velocities_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, units: int, step: float, noise: float, time: float, second: bool
) -> None:
    """Some 3000 and 5500; both took more than 300 000 once."""
    asked, velocity = [], committee.velocity
    monkeypatch.setattr(committee, "velocity", lambda *given: (asked.append(0), velocity(*given)))
    s = overlaps(units, 2 if units > 2 else 1, 7)
    ends = excess(**s, step=step, noise=noise, time=[time, 2 * time], train_second=second)
    assert np.isfinite(ends).all()
    assert len(asked) < 40_000


def test_a_student_that_has_learnt_stays() -> None:
    s = overlaps(2, 1, 7) | {"step": 10.0, "noise": 0.0}
    late = excess(**s, time=[1e5, 1e6, 1e7])
    assert (late < 1e-12).all()
    assert late[1] == late[2]


def test_arguments() -> None:
    s = overlaps(3, 2, 8) | {"step": 0.4, "noise": 0.01, "time": 1.0}
    refuses(lambda: excess(**s | {"v": [1.0]}), r"Q, R, T have shapes \(3, 3\), \(3, 2\), \(2, 2\); v and")
    refuses(lambda: excess(**s | {"R": 9 * s["R"]}), "Q, R, T are no overlaps")
    refuses(lambda: excess(**s | {"T": [[1.0, 0.5], [0.4, 1.0]]}), "T is not symmetric")
    refuses(lambda: excess(**s | {"step": -1}), "step = -1 must be one finite number >= 0")
    refuses(lambda: excess(**s | {"time": np.inf}), "time = inf must be finite")
