"""The integrals of gradient flow: two evaluations against each other and against the formulas as printed."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from tests.flows import PROBLEMS, close
from theory import ConvergenceError, Problem
from theory.dynamics import gradient_flow
from theory.engines import flow

# -- the integrals, evaluated otherwise ------------------------------------------------------------


def _as_printed(problem: Problem, n: float, t: float, nodes: int = 500) -> dict[str, float]:
    """linear.md 4.2 to the letter: roots of a polynomial, one ellipse, every integrand as printed."""
    lam, m, power = problem.eigenvalues, problem.multiplicity, problem.power
    w, e = m / n, problem.noise + problem.tail_power
    length = lam.max() * (1 + np.sqrt(w.sum())) ** 2
    mu = np.arccosh(1 + 2 * min(3 / t, length / 4) / length)
    angle = (np.arange(nodes) + 0.5) * 2 * np.pi / nodes
    z = length / 2 * (1 - np.cosh(mu + 1j * angle))
    dz = -length / 2 * np.sinh(mu + 1j * angle) / nodes  # dz/(2 pi i)
    full = np.poly(-lam)
    parts = [w[i] * lam[i] * np.poly(-np.delete(lam, i)) for i in range(len(lam))]
    inner = np.polysub(full, np.sum(parts, axis=0))
    k = np.empty(nodes, complex)
    for j in range(nodes):
        roots = np.roots(np.polyadd(z[j] * full, np.polymul([1.0, 0.0], inner)))
        k[j] = roots[np.argmax((1 / roots).imag * z[j].imag)]
    one = 1 / (lam + k[:, None])
    a = np.array([(np.exp(-t * z) * k / z * one[:, i] * dz).sum().real for i in range(len(lam))])
    pairs = (one * power) @ one.T / (1 - (one * w * lam**2) @ one.T)
    outer = np.exp(-t * z) * k / z * dz
    gain = ((1 - np.exp(-t * z)) ** 2 / z * k / z * (one @ (w * lam)) * dz).sum().real
    error = (outer @ pairs @ outer).real
    return {
        "bias": problem.tail_power + power @ a**2,
        "test": e + error + e * gain,
        "var_noise_samples": problem.noise * gain,
        "train": (np.exp(-2 * t * z) * (k * (one @ (power / lam)) - e / k) * dz).sum().real,
        "df": n * (1 + (np.exp(-t * z) / k * dz).sum().real),
    }


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("n", [40.0, 100.0, 150.0, 1000.0])
@pytest.mark.parametrize("t", [0.1, 2.0, 30.0])
def test_contour_as_printed(problem: Problem, n: float, t: float) -> None:
    risk = gradient_flow(problem, n, t)
    for name, value in _as_printed(problem, n, t).items():
        # as printed, power/lambda = 1000 cancels in train
        assert getattr(risk, name) == pytest.approx(value, rel=1e-9, abs=1e-9), name


@pytest.mark.parametrize("gamma", [0.3, 1.0, 4.0])
@pytest.mark.parametrize("t", [0.2, 5.0])
def test_one_level_by_the_density_of_marchenko_and_pastur(gamma: float, t: float) -> None:
    signal, noise, lost, lam = 2.0, 0.7, 0.4, 3.0
    low, high = (1 - np.sqrt(gamma)) ** 2, (1 + np.sqrt(gamma)) ** 2
    atom = max(0.0, 1 - 1 / gamma)

    def average(f: Any, at_zero: float) -> float:
        # the density is sqrt((x - low)(high - x))/(2 pi gamma x), with sqrt(x)/x at low = 0
        pole = gamma != 1

        def regular(x: float) -> float:
            x = max(x, 1e-100)
            return float(f(x) / (2 * np.pi * gamma * (x if pole else 1.0)))

        ends = (0.5 if pole else -0.5, 0.5)
        return atom * at_zero + quad(regular, low, high, weight="alg", wvar=ends, epsabs=1e-13)[0]

    T, e = lam * t, noise + lost
    kept = average(lambda x: np.exp(-T * x), 1.0)
    gain = gamma * average(lambda x: (1 - np.exp(-T * x)) ** 2 / x, 0.0)
    square = average(lambda x: np.exp(-2 * T * x), 1.0)
    learnt2 = average(lambda x: (1 - np.exp(-T * x)) ** 2, 0.0)
    train = signal * average(lambda x: x * np.exp(-2 * T * x), 0.0) + e * (1 + gamma * (square - 1))
    risk = gradient_flow(Problem([lam], [signal], [50 * gamma], noise=noise, tail_power=lost), 50.0, t)
    expected = {
        "test": e + signal * square + e * gain,
        "train": train,
        "bias": lost + signal * kept**2,
        "variance": signal * (square - kept**2) + e * gain,
        "norm": (signal * learnt2 + e * gain) / lam,
        "df": 50 * gamma * (1 - kept),
        "var_samples": signal * (square - kept**2) + lost * gain,
        "var_noise_samples": noise * gain,
    }
    for name, value in expected.items():
        assert getattr(risk, name) == pytest.approx(value, rel=1e-8), name


@given(gamma=st.floats(-6.0, 6.0).map(lambda x: 10.0**x), t=st.floats(-6.0, 14.0).map(lambda x: 10.0**x))
@settings(max_examples=150)
def test_contour_agrees_with_quadrature(gamma: float, t: float) -> None:
    one = np.ones(1)
    a = flow.one_level(gamma * one, one, t * one)
    b = flow.levels(one, gamma * one, one, one, t * one)
    for name in flow.Flow._fields:
        absolute = 1e-13 if name in ("kept", "spread", "train_signal") else 0.0
        np.testing.assert_allclose(
            getattr(b, name), getattr(a, name), rtol=1e-10, atol=absolute, err_msg=name
        )


@pytest.mark.parametrize("gamma", [1.0, 1 + 1e-9, 1 - 1e-9, 1 + 1e-4])
def test_contour_agrees_with_quadrature_at_the_threshold(gamma: float) -> None:
    t = np.geomspace(1e-6, 1e16, 40)
    one = np.ones_like(t)
    a = flow.one_level(gamma * one, one, t)
    b = flow.levels(np.ones(1), np.array([gamma]), np.ones(1), one, t)
    for name in flow.Flow._fields:
        absolute = 1e-13 if name in ("kept", "spread", "train_signal") else 0.0
        np.testing.assert_allclose(
            getattr(b, name), getattr(a, name), rtol=1e-11, atol=absolute, err_msg=name
        )


def test_equal_levels_are_one() -> None:
    t, n = [0.3, 3.0, 300.0], [[40.0], [90.0], [200.0]]
    one = gradient_flow(Problem([2.0], [1.5], [90], noise=0.3), n, t)
    two = gradient_flow(Problem([2.0, 2.0], [0.2, 1.3], [70, 20], noise=0.3), n, t)
    near = gradient_flow(Problem([2.0, 2.0 * (1 + 1e-12)], [0.2, 1.3], [70, 20], noise=0.3), n, t)
    close(two, one, 1e-14)
    close(near, one, 1e-9, 1e-3)


# -- laws ------------------------------------------------------------------------------------------


def test_a_root_on_the_wrong_side_is_refused() -> None:
    one = np.ones((1, 1))
    wrong = np.array([[0.1 - 0.1j]])
    with pytest.raises(ConvergenceError, match="contour"):
        flow._follow(wrong, 0 * wrong, np.array([0.1]), np.array([0.5]), 0.5 * one, one)
