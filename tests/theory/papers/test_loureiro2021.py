"""Loureiro et al. 2021: its equations by brute force, the core, and simulation."""

from collections.abc import Callable
from math import inf, pi, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import minimize
from scipy.special import expit, ndtr

import theory
from tests.checks import refuses
from tests.samples import limit_agrees
from tests.strategies import decades, maybe
from theory import Problem
from theory.engines import state_evolution
from theory.papers import loureiro2021, montanari2019


@st.composite
def models(draw: st.DrawFn) -> dict[str, Any]:
    """omega, t, rho, alpha, gamma; the teacher may have a part that the student does not see."""
    count = draw(st.integers(1, 4))
    omega = np.array(draw(st.lists(decades(-1, 1), min_size=count, max_size=count)))
    shares = np.array(draw(st.lists(st.floats(0.01, 1.0), min_size=count, max_size=count)))
    gamma, rho = draw(decades(-0.5, 0.5)), draw(decades(-1, 1))
    power = rho * draw(st.sampled_from([1.0, 0.6])) * shares / shares.sum()
    t = power * omega * gamma * count
    return {"omega": omega, "t": t, "rho": rho, "alpha": draw(decades(-1, 1.3)), "gamma": gamma}


@given(models(), decades(-3, 2), maybe(decades(-2, 1)))
def test_ridge_solves_the_equations_of_the_paper(model: Any, penalty: float, noise: float) -> None:
    fit = loureiro2021.ridge(**model, penalty=penalty, noise=noise)
    omega, t, rho, alpha, gamma = model.values()
    V_hat, m_hat = alpha / (1 + fit.V), alpha / sqrt(gamma) / (1 + fit.V)
    q_hat = alpha * (rho + noise + fit.q - 2 * fit.m) / (1 + fit.V) ** 2
    D = penalty + V_hat * omega
    assert_allclose(fit.V, np.mean(omega / D), rtol=1e-9)
    assert_allclose(fit.q, np.mean(omega * (omega * q_hat + m_hat**2 * t) / D**2), rtol=1e-8)
    assert_allclose(fit.m, m_hat / sqrt(gamma) * np.mean(t / D), rtol=1e-9)
    assert_allclose(fit.test, rho + noise + fit.q - 2 * fit.m, rtol=1e-8, atol=1e-13 * rho)
    assert_allclose(fit.train, fit.test / (1 + fit.V) ** 2, rtol=1e-9)


@given(models(), maybe(decades(-6, 2)), maybe(decades(-2, 1)))
def test_ridge_is_the_core(model: Any, penalty: float, noise: float) -> None:
    omega, t, rho, alpha, gamma = model.values()
    count = len(omega)
    # next to the threshold the risk is 1/(alpha - 1), and hands on the rounding of n at 1e-16/(alpha - 1)
    assume(alpha == 1 or abs(alpha - 1) > 1e-7)
    power = t / (omega * gamma * count)
    tail = rho - power.sum() if rho > 1.01 * power.sum() else 0.0
    problem = Problem(omega, power, np.full(count, 10.0), tail_power=tail, noise=noise)
    n = 10 * count * alpha
    core = theory.ridge(problem, n, penalty / alpha)
    fit = loureiro2021.ridge(**model, penalty=penalty, noise=noise)
    assert_allclose([fit.test, fit.train], [core.test, core.train], rtol=1e-8, atol=1e-12 * rho)
    if penalty > 0:
        assert_allclose(fit.V, core.df / (n - core.df), rtol=1e-6)


def test_ridge_edges() -> None:
    arguments: dict[str, Any] = {"omega": [1.0, 0.0, 0.5], "t": [1.0, 0.0, 0.25]}
    alpha = [1 / 3, 2 / 3, 4 / 5]
    fit = loureiro2021.ridge(**arguments, rho=0.5, alpha=alpha, penalty=0.0)  # learnable: sum = rho
    assert_allclose(fit.V, [inf, inf, 5.0])
    assert_allclose(fit.test[1:], 0.0, atol=1e-15)
    assert_allclose(fit.train, 0.0, atol=1e-15)
    assert_allclose(fit.q[1:], 0.5)
    noisy = loureiro2021.ridge(**arguments, rho=0.5, alpha=alpha, penalty=0.0, noise=0.1)
    assert noisy.test[1] == noisy.q[1] == inf
    assert_allclose([noisy.test[2], noisy.train[2]], [0.6, 0.1 / 6])
    unseen = loureiro2021.ridge(**arguments, rho=0.6, alpha=alpha, penalty=0.0)
    assert_allclose(unseen.test[1:], [inf, 0.6])
    nothing = loureiro2021.ridge(**arguments, rho=0.6, alpha=alpha, penalty=inf, noise=0.2)
    assert_allclose([nothing.V, nothing.q, nothing.m], 0.0)
    assert_allclose([nothing.test, nothing.train], 0.8)


@given(models(), maybe(decades(-4, 2)))
def test_ridge_classification_is_ridge_with_a_linear_teacher(model: Any, penalty: float) -> None:
    rho = model["rho"]
    linear = model | {"rho": 2 / pi, "t": 2 * model["t"] / (pi * rho)}
    fit = loureiro2021.ridge_classification(**model, penalty=penalty)
    regression = loureiro2021.ridge(**linear, penalty=penalty, noise=1 - 2 / pi)
    assert_allclose(fit.q, regression.q, rtol=1e-9)
    assert_allclose(fit.m, regression.m * sqrt(pi * rho / 2), rtol=1e-9)
    if np.isfinite(fit.q):
        assert_allclose(np.cos(pi * fit.error), fit.m / np.sqrt(rho * fit.q), rtol=1e-9)


def test_ridge_classification_edges() -> None:
    at_rank = loureiro2021.ridge_classification([1.0, 0.5], [1.0, 0.25], 1.0, 1.0, 0.0)
    assert at_rank[:2] == (0.5, inf)
    assert np.isfinite(at_rank.m)
    for function in (loureiro2021.ridge_classification, loureiro2021.logistic):
        huge = function([1.0, 0.5], [1.0, 0.25], 1.0, 2.0, [1e12, 1e21, 1e30, 1e280, inf])
        assert_allclose(huge.error, huge.error[0], rtol=1e-9)
        assert_allclose(huge.m[1:3] / huge.m[0], [1e-9, 1e-18], rtol=1e-9)
        assert_allclose(huge.q[1:3] / huge.q[0], [1e-18, 1e-36], rtol=1e-9)
        assert huge.q[4] == huge.m[4] == 0.0
        nothing = function([1.0, 0.5], [0.0, 0.0], 1.0, 3.0, 0.1)
        assert_allclose([nothing.error, nothing.m], [0.5, 0.0])


def test_small_errors_keep_their_digits() -> None:
    """Many samples: q and m^2/rho agree in all but the last digits that the error lives on."""
    fit = loureiro2021.ridge_classification([1.0], [1.0], 1.0, np.array([1e6, 1e12, 1e18]), 1e-3)
    assert_allclose(fit.error * np.sqrt([1e6, 1e12, 1e18]), sqrt(pi / 2 - 1) / pi, rtol=1e-5)


@settings(max_examples=40)
@given(models(), decades(-3, 3))
def test_logistic_solves_the_equations_of_the_paper(model: Any, penalty: float) -> None:
    """The sheet's equations for both labels, on the trapezoid rule, with the proximal point by bisection."""
    V, q, m, error, train_loss = loureiro2021.logistic(**model, penalty=penalty)
    omega, t, rho, alpha, gamma = model.values()
    rest = rho - m**2 / q
    xi, step = np.linspace(-10, 10, 8001, retstep=True)
    weight = np.exp(-(xi**2) / 2) / sqrt(2 * pi) * step
    field, teacher = np.sqrt(q) * xi, m / np.sqrt(q) * xi
    V_hat = q_hat = m_hat = loss = 0.0
    for y in (1.0, -1.0):
        low, high = np.minimum(field, field + y * V), np.maximum(field, field + y * V)
        for _ in range(80):
            middle = (low + high) / 2
            left = middle - y * V * expit(-y * middle) < field
            low, high = np.where(left, middle, low), np.where(left, high, middle)
        g = y * expit(-y * low)
        Z = ndtr(y * teacher / np.sqrt(rest))
        dZ = y * np.exp(-(teacher**2) / (2 * rest)) / np.sqrt(2 * pi * rest)
        V_hat += alpha * weight @ (Z / (V + 1 / (expit(low) * expit(-low))))
        q_hat += alpha * weight @ (Z * g**2)
        m_hat += alpha / sqrt(gamma) * weight @ (dZ * g)
        loss += weight @ (Z * np.logaddexp(0, -y * low))
    D = penalty + V_hat * omega
    assert_allclose(V, np.mean(omega / D), rtol=1e-7)
    assert_allclose(q, np.mean(omega * (omega * q_hat + m_hat**2 * t) / D**2), rtol=1e-7)
    assert_allclose(m, m_hat / sqrt(gamma) * np.mean(t / D), rtol=1e-7)
    assert_allclose(error, np.arccos(m / np.sqrt(rho * q)) / pi, rtol=1e-7)
    assert_allclose(train_loss, loss, rtol=1e-7)


def test_logistic_of_nearly_noiseless_labels_is_the_maximum_margin() -> None:
    """A vanishing penalty on separable samples: the classifier of montanari2019, p/n = 1/alpha."""
    fit = loureiro2021.logistic([1.0], [1.0], 1.0, [0.5, 1.0, 2.0], 1e-250)
    limit = montanari2019.max_margin([2.0, 1.0, 0.5])
    assert_allclose(fit.error, limit.error, rtol=0.005)
    assert_allclose(np.sqrt(fit.q) * limit.margin, 250 * np.log(10), rtol=0.05)


@given(models(), st.lists(st.floats(-1.0, 1.0), min_size=3, max_size=3), decades(-2, 1))
def test_teacher_jacobian(model: Any, x: list[float], penalty: float) -> None:
    """A wrong Jacobian would only be slow, and fail in hard cases."""
    omega, t, rho, alpha, gamma = model.values()
    share = np.full(len(omega), 1 / len(omega))
    power = t / omega / gamma * share
    teacher = state_evolution.Teacher(omega, share, power, max(0.0, rho - power.sum()), rho, alpha)

    def residual(x: Any) -> Any:
        return state_evolution.teacher_equations(x, teacher, penalty)[0]

    _, jacobian = state_evolution.teacher_equations(np.array(x), teacher, penalty)
    numerical = np.transpose([(residual(x + h) - residual(x - h)) / 2e-5 for h in 1e-5 * np.eye(3)])
    assert_allclose(jacobian, numerical, atol=1e-7, rtol=1e-7)


@pytest.mark.parametrize("loss", ["ridge", "square", "logistic"])
def test_loureiro2021_by_simulation(loss: str) -> None:
    """omega (1.5, 0.5), half of each; a quarter of the teacher's power is not seen by the student."""
    P, alpha, rho, penalty, noise = 160, 1.5, 1.0, 0.2, 0.3
    n, rng = round(alpha * P), np.random.default_rng(6)
    omega = np.repeat([1.5, 0.5], P // 2)
    power = np.repeat([1.0, 0.5], P // 2) / P  # sums to 0.75
    direction = np.sqrt(power)
    found = []
    for _ in range(60):
        g = rng.standard_normal((n, P))
        u = g @ direction + sqrt(rho - power.sum()) * rng.standard_normal(n)
        v = g * np.sqrt(omega / P)
        if loss == "logistic":
            rows = np.sign(u)[:, None] * v

            def objective(w: Any, rows: Any = rows) -> tuple[float, Any]:
                field = rows @ w
                value = np.logaddexp(0, -field).sum() + penalty / 2 * w @ w
                return value, penalty * w - rows.T @ expit(-field)

            w = minimize(objective, np.zeros(P), jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x
            extra = np.logaddexp(0, -rows @ w).mean()
        else:
            y = u + sqrt(noise) * rng.standard_normal(n) if loss == "ridge" else np.sign(u)
            w = np.linalg.solve(v.T @ v + penalty * np.eye(P), v.T @ y)
            extra = np.mean((y - v @ w) ** 2)
        m, q = (w * np.sqrt(omega / P)) @ direction, w**2 @ omega / P
        found.append([q, m, rho + q - 2 * m + noise, np.arccos(m / sqrt(rho * q)) / pi, extra])
    q, m, test, error, extra = np.array(found).T
    arguments = ([1.5, 0.5], [3.0 / 2, 0.5 / 2], rho, alpha, penalty)
    if loss == "ridge":
        fit = loureiro2021.ridge(*arguments, noise=noise)
        limit_agrees(test, fit.test, n)
        limit_agrees(extra, fit.train, n)
    elif loss == "square":
        fit = loureiro2021.ridge_classification(*arguments)
        limit_agrees(error, fit.error, n)
    else:
        fit = loureiro2021.logistic(*arguments)
        limit_agrees(error, fit.error, n)
        limit_agrees(extra, fit.train_loss, n)
    limit_agrees(q, fit.q, n)
    limit_agrees(m, fit.m, n)


def test_broadcasting() -> None:
    for function in (loureiro2021.ridge, loureiro2021.ridge_classification, loureiro2021.logistic):
        alpha, penalty = np.array([[0.5], [1.0], [4.0]]), np.array([0.1, 1.0])
        together = function([1.5, 0.5], [0.5, 0.25], [1.0, 2.0], alpha, penalty, gamma=1.3)
        for i in range(3):
            for j in range(2):
                one = function([1.5, 0.5], [0.5, 0.25], [1.0, 2.0][j], alpha[i, 0], penalty[j], gamma=1.3)
                assert_allclose([field[i, j] for field in together], one)
                assert all(isinstance(field, np.float64) for field in one)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: loureiro2021.ridge([1.0], [1.0, 2.0], 1.0, 1.0, 1.0),
            r"omega .*\(1,\).* t .*\(2,\)",
        ),
        (lambda: loureiro2021.ridge(1.0, 1.0, 1.0, 1.0, 1.0), r"omega .*\(\)"),
        (lambda: loureiro2021.ridge([-1.0], [1.0], 1.0, 1.0, 1.0), "omega = -1"),
        (lambda: loureiro2021.ridge([1.0], [-1.0], 1.0, 1.0, 1.0), "t = -1"),
        (lambda: loureiro2021.ridge([0.0], [0.0], 1.0, 1.0, 1.0), "omega has no positive entry"),
        (lambda: loureiro2021.ridge([1.0, 0.0], [0.5, 0.1], 1.0, 1.0, 1.0), "t = 0.1 where omega = 0"),
        (
            lambda: loureiro2021.ridge([1.0], [1.0], [2.0, 0.9], 1.0, 1.0),
            "rho = 0.9 .* = 1,",
        ),
        (
            lambda: loureiro2021.ridge([1.0], [1.0], 1.0, 1.0, 1.0, gamma=0.5),
            "rho = 1 .* = 2,",
        ),
        (lambda: loureiro2021.ridge([1.0], [1.0], 1.0, 0.0, 1.0), "alpha = 0"),
        (lambda: loureiro2021.ridge([1.0], [1.0], 1.0, 1.0, -1.0), "penalty = -1"),
        (lambda: loureiro2021.ridge([1.0], [1.0], 1.0, 1.0, 1.0, noise=-1.0), "noise = -1"),
        (lambda: loureiro2021.ridge_classification([1.0], [2.0], 1.0, 1.0, 1.0), "rho = 1"),
        (lambda: loureiro2021.logistic([1.0], [1.0], 1.0, 1.0, 0.0), "penalty = 0"),
        (lambda: loureiro2021.logistic([1.0], [1.0], 0.0, 1.0, 1.0), "rho = 0"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
