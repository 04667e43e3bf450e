"""Ba et al. 2022: the spike against a random matrix, one step of a network, its edges, and 60 digits.

What the units see: by the matrices of the formula, from every side, and the linear floor.
"""

import numpy as np
import pytest
from mpmath import mp, mpf
from numpy.testing import assert_allclose

import theory
from tests.checks import broadcasts, refuses
from theory.activation import moments
from theory.papers.ba2022 import alignment, features
from theory.problem import Problem

ARGUMENTS = {"d": 400, "width": 300, "n": 1200, "mu1": 0.6, "target_mu1": 0.5, "label_power": 0.35}


@pytest.mark.parametrize("step", [1.0, 4.0, 8.0])
def test_a_spiked_matrix(step: float) -> None:
    """The model of the derivation: Gaussian weights and a spike whose vector is partly the target's."""
    rng = np.random.default_rng(0)
    d, N, n, mu1, linear, power = ARGUMENTS.values()
    found = []
    for _ in range(8):
        signal = np.zeros(d)
        signal[0] = linear
        gradient = signal + np.sqrt(power / n) * rng.standard_normal(d)
        a = rng.standard_normal(N)
        W = rng.standard_normal((N, d)) / np.sqrt(d)
        W += step * mu1 * np.outer(a / np.linalg.norm(a), gradient)
        _, s, V = np.linalg.svd(W, full_matrices=False)
        found.append([s[0], V[0, 0] ** 2])
    expected = alignment(step, **ARGUMENTS)
    assert_allclose(np.mean(found, axis=0), expected, rtol=0.05, atol=0.02)


def test_the_threshold() -> None:
    """theta = c^(1/4): the spike leaves the bulk at its edge, without a jump."""
    spike = 0.6 * np.sqrt(0.25 + 0.35 / 3)
    critical = 0.75**0.25 / spike
    edge = 1 + np.sqrt(0.75)
    for share in (0.0, 0.5, 1 - 1e-9):
        assert_allclose(alignment(share * critical, **ARGUMENTS), (edge, 0.0), rtol=1e-15)
    above = alignment(critical * (1 + 1e-6), **ARGUMENTS)
    assert_allclose(above.singular_value, edge, rtol=1e-9)
    assert 0 < above.alignment < 1e-5


@pytest.mark.parametrize("step", [4.0, 10.0, 1e8, 1e150])
@pytest.mark.parametrize("n", [10.0, 1e4, np.inf])
def test_60_digits(step: float, n: float) -> None:
    arguments = ARGUMENTS | {"n": n}
    with mp.workdps(60):
        d, N, size, mu1, linear, power = (mpf(x) for x in arguments.values())
        gradient = linear**2 + d / size * power
        theta2, c = mpf(step) ** 2 * mu1**2 * gradient, N / d
        assert theta2**2 > c
        value = mp.sqrt((1 + theta2) * (c + theta2) / theta2)
        cosine2 = linear**2 / gradient * (theta2**2 - c) / (theta2 * (theta2 + 1))
    assert_allclose(alignment(step, **arguments), (float(value), float(cosine2)), rtol=1e-13)


def layer(N: int, d: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of length 1, so that the moments of the activation are those of a normal argument."""
    rng = np.random.default_rng(seed)
    beta = rng.standard_normal(d)
    beta /= np.linalg.norm(beta)
    W = rng.standard_normal((N, d)) / np.sqrt(d) + rng.standard_normal((N, 1)) * beta
    return W / np.linalg.norm(W, axis=1, keepdims=True), beta


@pytest.mark.parametrize(("N", "d"), [(7, 2), (8, 12), (20, 9)])
@pytest.mark.parametrize("target", ["erf", "relu"])
def test_the_features_are_the_matrices_of_the_formula(N: int, d: int, target: str) -> None:
    W, beta = layer(N, d, N)
    unit, goal = moments("tanh"), moments(target)
    C = unit.mu1**2 * W @ W.T + unit.mu_star2 * np.eye(N)
    k = unit.mu1 * goal.mu1 * W @ beta
    b = np.linalg.solve(C, k)
    told = Problem.from_covariance(C, b, noise=0.1)
    lost = goal.second - k @ b
    for n, penalty in ((5, 0.0), (40, 0.3)):
        found = theory.ridge(features(W, beta, "tanh", target, noise=0.1), n, penalty)
        plain = theory.ridge(Problem.from_covariance(C, b, noise=0.1 + lost), n, penalty)
        assert_allclose(found.test, plain.test, rtol=1e-9)
        assert_allclose(found.norm, plain.norm, rtol=1e-9)
    assert_allclose(features(W, beta, "tanh", target).signal, told.signal + lost, rtol=1e-12)


def test_the_features_do_not_know_where_they_are_seen_from() -> None:
    W, beta = layer(6, 8, 0)
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((8, 8)))[0]
    here = theory.ridge(features(W, beta, "erf", "tanh"), 10, 0.1)
    for weights, direction in ((W @ turn, beta @ turn), (W, -beta), (W[::-1], beta)):
        there = theory.ridge(features(weights, direction, "erf", "tanh"), 10, 0.1)
        assert_allclose(there.test, here.test, rtol=1e-11)


def test_the_linear_floor() -> None:
    """Endless samples and units along the target end there, and never below."""
    W, beta = layer(300, 10, 2)
    goal = moments("sign")
    floor = 0.2 + goal.second - goal.mu1**2
    seen = features(W + 1e3 * np.outer(np.sign(W @ beta), beta), beta, "identity", "sign", noise=0.2)
    assert_allclose(theory.ridge(seen, np.inf).test, floor, rtol=1e-9)
    assert theory.ridge(features(W, beta, "tanh", "sign", noise=0.2), 1e6).test > floor


def test_arguments_of_features() -> None:
    W, beta = layer(3, 4, 3)
    refuses(lambda: features(W, beta[:3], "tanh", "tanh"), r"weights has shape \(3, 4\) and direction \(3,\)")
    refuses(lambda: features(W[:, :1], [1.0], "tanh", "tanh"), r"pass \(N, d\) and \(d,\), d >= 2")
    refuses(lambda: features(W, 2 * beta, "tanh", "tanh"), "direction has the length 2; divide it by that")
    refuses(lambda: features(W, beta, "relu", "tanh"), "activation has the mean .* pass an odd one")
    refuses(lambda: features(W, beta, "tanh", "tanh", -1.0), "noise = -1.0 must be one finite number >= 0")


def test_arguments() -> None:
    broadcasts(lambda step, d, N, n: alignment(step, d, N, n, 0.6, 0.5, 0.35), [4.0, 400.0, 300.0, 1200.0])
    refuses(
        lambda: alignment(1.0, 4, 3, 2, 0.6, 0.5, 0.2), "label_power = 0.2 is below target_mu1\\^2 = 0.25"
    )
    refuses(lambda: alignment(-1.0, **ARGUMENTS), "step = -1 must be finite and zero or positive")
