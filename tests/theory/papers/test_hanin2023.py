"""Hanin, Zlokapa 2023: Bessel functions, quadrature over the scale, samples of all weights, limits."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from mpmath import besselk, mp, mpf, sqrt
from scipy.integrate import quad

from tests.checks import broadcasts, refuses
from theory.papers import hanin2023

RNG = np.random.default_rng(3)
X = RNG.standard_normal((4, 6))
K, KS, KSS = X @ X.T / 6, X @ X[0] / 12, float(X[0] @ X[0] / 6)
Y = np.array([1.8, 0.2, -1.5, -1.8])


@pytest.mark.parametrize("n", [1, 3, 50, 400])
@pytest.mark.parametrize("width", [1, 4, 100, 400])
def test_the_ratio_of_bessel_functions(n: int, width: int) -> None:
    with mp.workdps(40):
        for r in (1e-8, 0.3, 1.0, 40.0, 1e8):
            v, s = (mpf(width) - n) / 2, sqrt(mpf(width) * mpf(r) * n)
            truth = sqrt(mpf(r) * n / width) * besselk(v + 1, s) / besselk(v, s)
            assert hanin2023.scale(n, width, r) == pytest.approx(float(truth), rel=1e-12)


def test_limits_of_the_scale() -> None:
    assert hanin2023.scale(50, np.inf, 7.0) == 1
    np.testing.assert_allclose(hanin2023.scale([50, 100, 150], 100, 0.0), [0.5, 0.0, 0.0])
    assert hanin2023.scale(50, 100, 1e-250) == pytest.approx(0.5, rel=1e-12)
    assert hanin2023.scale(1e8, 2e8, 3.0) == pytest.approx(1.5, rel=1e-7)
    assert 0 < hanin2023.scale(60, 50, 1e-300) < 1e-130


@pytest.mark.parametrize("noise", [0.05, 0.7])
@pytest.mark.parametrize("width", [1, 5, 60])
def test_the_posterior_by_quadrature_over_the_scale(noise: float, width: int) -> None:
    """Integrals by an adaptive rule, determinants and solutions without eigenvectors."""

    def given(Q: float) -> tuple[float, float, float]:
        C = Q * K + noise * np.eye(4)
        log = np.linalg.slogdet(C).logabsdet + Y @ np.linalg.solve(C, Y)
        density = np.exp(width / 2 * (np.log(Q) - Q + 1) - log / 2) / Q
        solved = np.linalg.solve(C, KS)
        return density, Q * solved @ Y, Q * KSS - Q**2 * KS @ solved

    def mean(what: Callable[[float, float, float, float], float]) -> float:
        integrals = [quad(lambda Q: what(Q, *given(Q)), *ends, epsabs=0, epsrel=1e-10, limit=400)[0]
                     for ends in ((0, 0.5), (0.5, 3), (3, 80))]  # fmt: skip
        return float(sum(integrals))

    total = mean(lambda Q, p, m, v: p)
    expected = mean(lambda Q, p, m, v: p * m) / total
    variance = mean(lambda Q, p, m, v: p * (v + m**2)) / total - expected**2
    found = hanin2023.predict(K, KS, KSS, Y, noise, width)
    assert found.mean == pytest.approx(expected, rel=1e-8)
    assert found.variance == pytest.approx(variance, rel=1e-8)
    assert found.scale == pytest.approx(mean(lambda Q, p, m, v: p * Q) / total, rel=1e-8)


def test_weights_drawn_from_the_prior_and_weighed_by_the_labels() -> None:
    """Importance sampling over all weights of a network of 3 units: nothing of the derivation is used."""
    rng, width, noise = np.random.default_rng(1), 3, 0.5
    W = rng.standard_normal((400000, width, 6)) / np.sqrt(6)
    a = rng.standard_normal((400000, width))
    coefficients = np.einsum("cw,cwd->cd", a, W) / np.sqrt(width)
    log = -((coefficients @ X.T - Y) ** 2).sum(axis=1) / 2 / noise
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    output = coefficients @ X[0] / 2
    mean = weight @ output
    found = hanin2023.predict(K, KS, KSS / 4, Y, noise, width)
    error = np.sqrt(weight**2 @ (output - mean) ** 2)
    assert abs(found.mean - mean) < 4 * error
    assert found.variance == pytest.approx(weight @ (output - mean) ** 2, rel=0.05)
    assert found.scale == pytest.approx(weight @ (a**2).mean(axis=1), rel=0.05)
    assert error < 0.02


def test_without_noise_the_mean_is_the_kernels_and_the_variance_scales() -> None:
    process = hanin2023.predict(K, KS + 0.1, 2 * KSS, Y, 0.0, np.inf)
    assert process.mean == pytest.approx((KS + 0.1) @ np.linalg.solve(K, Y), rel=1e-9)
    r = Y @ np.linalg.solve(K, Y) / 4
    for width in (1, 3, 4, 9):
        found = hanin2023.predict(K, KS + 0.1, 2 * KSS, Y, 0.0, width)
        assert found.mean == pytest.approx(process.mean, rel=1e-12)
        assert found.variance == pytest.approx(process.variance * hanin2023.scale(4, width, r), rel=1e-12)
        little = hanin2023.predict(K, KS + 0.1, 2 * KSS, Y, 1e-9, width)
        np.testing.assert_allclose(little, found, rtol=1e-6, atol=1e-8)


def test_infinite_width_is_a_gaussian_process_and_test_inputs_come_in_rows() -> None:
    C = K + 0.3 * np.eye(4)
    found = hanin2023.predict(K, [KS, 2 * KS], [KSS, KSS], Y, 0.3, np.inf)
    np.testing.assert_allclose(found.mean, [KS @ np.linalg.solve(C, Y), 2 * KS @ np.linalg.solve(C, Y)])
    np.testing.assert_allclose(found.variance[0], KSS - KS @ np.linalg.solve(C, KS))
    wide = hanin2023.predict(K, [KS, 2 * KS], [KSS, KSS], Y, 0.3, 1e9)
    np.testing.assert_allclose(wide.mean, found.mean, rtol=1e-7)
    one = hanin2023.predict(K, 2 * KS, KSS, Y, 0.3, 5)
    both = hanin2023.predict(K, [KS, 2 * KS], [KSS, KSS], Y, 0.3, 5)
    assert one.variance == pytest.approx(both.variance[1], rel=1e-14)
    nothing = hanin2023.predict(0 * K, 0 * KS, KSS, Y, 0.3, 5)
    assert (nothing.mean, nothing.scale) == (0.0, pytest.approx(1.0, rel=1e-12))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"K": [[1.0, 2.0], [0.0, 1.0]], "y": [1.0, 2.0]}, "K is not symmetric"),
        ({"K": np.ones((4, 3))}, r"K has shape \(4, 3\); pass \(n, n\)"),
        ({"Y": 1, "y": [1.0]}, "K has 4 rows and y 1 entries"),
        ({"Ks": KS[:3]}, r"Ks has shape \(3,\) and Kss \(\)"),
        ({"Ks": [KS, KS]}, r"Ks has shape \(2, 4\) and Kss \(\)"),
        ({"noise": -0.1}, "noise = -0.1"),
        ({"width": 0.5}, "width = 0.5 must be at least 1"),
        ({"width": [2.0, 3.0]}, r"width = \[2\.0, 3\.0\] must be one number"),
        ({"K": np.ones((4, 4)), "noise": 0.0}, "K is singular and noise = 0; pass a noise > 0"),
        ({"K": -np.eye(4)}, "K has the eigenvalue -1"),
    ],
)
def test_bad_arguments(changed: dict[str, Any], message: str) -> None:
    good = {"K": K, "Ks": KS, "Kss": KSS, "y": Y, "noise": 0.1, "width": 3}
    refuses(lambda: hanin2023.predict(**good | {k: v for k, v in changed.items() if k in good}), message)


def test_bad_sizes() -> None:
    refuses(lambda: hanin2023.scale(0.5, 10, 1.0), "n = 0.5 must be finite and at least 1")
    refuses(lambda: hanin2023.scale(5, 10, -1.0), "r = -1")


def test_every_argument_broadcasts() -> None:
    broadcasts(hanin2023.scale, [20.0, 30.0, 1.5])
