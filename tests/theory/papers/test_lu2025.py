"""Lu et al. 2025: the core equation on levels of the Marchenko-Pastur law, drawn prompts, limits."""

from math import inf
from typing import Any, NamedTuple

import numpy as np
import pytest

import theory
from tests.checks import broadcasts, refuses
from theory import Problem
from theory.papers import lu2025

POINTS = [
    (0.5, 1.0, 0.5, 0.01, 0.0), (0.5, 1.0, 0.5, 0.01, 0.1), (0.3, 1.0, 3.0, 0.2, 0.0),
    (2.0, 0.3, 0.2, 0.5, 0.0), (1.001, 5.0, 2.0, 0.0, 1e-3), (0.2, 20.0, 0.7, 0.1, 1e-5),
    (3.0, 0.1, 10.0, 0.1, 20.0), (inf, 1.0, 0.5, 0.1, 0.1),
]  # fmt: skip


def _law(kappa: float, points: int = 4000) -> tuple[Any, Any]:
    """Nodes and weights of the Marchenko-Pastur law of ratio 1/kappa: trapezoidal rule in the angle."""
    c, angle = 1 / kappa, np.arange(1, points) * np.pi / points
    r = 1 + c + 2 * np.sqrt(c) * np.cos(angle)
    weight = 2 / points * np.sin(angle) ** 2 / r
    if kappa < 1:
        r, weight = np.append(r, 0.0), np.append(weight, 1 - kappa)
    return r, weight / weight.sum()


@pytest.mark.parametrize("point", POINTS)
def test_it_is_the_core_equation(point: tuple[float, ...]) -> None:
    tau, alpha, kappa, noise, ridge = point
    r, weight = _law(kappa)
    q = (1 + noise) / alpha
    lam = r + q
    problem = Problem(lam, weight * r**2 / lam, weight, tail_power=float(weight @ (r * q / lam)), noise=noise)
    risk = theory.ridge(problem, tau, ridge)
    L = lam / (lam + risk.kappa)
    own = 1 - 2 * weight @ (L * r / lam) + (1 + q) * (weight @ (L * r / lam) ** 2)
    fresh = noise + own + (1 + q) * (weight @ (L**2 / lam)) * risk.test / tau
    found = lu2025.risk(*point)
    assert found.known_tasks == pytest.approx(risk.test, rel=1e-10)
    assert found.fresh_tasks == pytest.approx(fresh, rel=1e-10)


class _Prompts(NamedTuple):
    """Of dimension d, by the names of `lu2025.risk`."""

    d: int
    alpha: float
    noise: float
    rng: np.random.Generator

    def draw(self, count: int, tasks: Any) -> tuple[Any, Any]:
        """Features x (x) h and labels."""
        w = tasks[self.rng.integers(len(tasks), size=count)]
        x = self.rng.standard_normal((count, round(self.alpha * self.d) + 1, self.d))
        y = np.einsum("cld,cd->cl", x, w) + np.sqrt(self.noise) * self.rng.standard_normal(x.shape[:2])
        h = np.einsum("cld,cl->cd", x[:, 1:], y[:, 1:]) / (x.shape[1] - 1)
        return (x[:, 0, :, None] * h[:, None, :]).reshape(count, -1), y[:, 0]

    def errors(self, tau: float, kappa: float, ridge: float) -> list[float]:
        """On known and on fresh tasks; eigenvalues of the features are (r + q)/d."""
        tasks = self.rng.standard_normal((round(kappa * self.d), self.d)) / np.sqrt(self.d)
        n = round(tau * self.d**2)
        A, y = self.draw(n, tasks)
        dual = np.linalg.solve(A @ A.T + n * ridge / self.d * np.eye(n), y)
        others = self.rng.standard_normal((3000, self.d)) / np.sqrt(self.d)
        tests = (self.draw(3000, tasks), self.draw(3000, others))
        return [float(np.mean((labels - B @ (A.T @ dual)) ** 2)) for B, labels in tests]


def test_prompts_that_were_drawn() -> None:
    """Ridge regression on x (x) h at d = 10 and 20, extrapolated in 1/d; the gap at d = 20 is 0.1."""
    tau, alpha, kappa, noise, ridge = 0.5, 1.0, 1.0, 0.1, 0.3
    means = []
    for d, draws in ((10, 400), (20, 60)):
        prompts = _Prompts(d, alpha, noise, np.random.default_rng(d))
        found = [prompts.errors(tau, kappa, ridge) for _ in range(draws)]
        means.append((np.mean(found, axis=0), np.std(found, axis=0) / np.sqrt(draws)))
    (small, e1), (large, e2) = means
    expected = np.array(lu2025.risk(tau, alpha, kappa, noise, ridge))
    error = np.hypot(e1, 2 * e2)
    assert (np.abs(2 * large - small - expected) < 4 * error + 0.01).all()
    assert (error < 0.03).all()
    assert (large - expected > 0.04).all()  # what extrapolation takes away


def test_limits() -> None:
    assert lu2025.risk(0.5, 1.0, 0.5, 0.3, inf) == (1.3, 1.3)
    forgetful = lu2025.risk(1e-9, 1.0, 0.5, 0.3)
    np.testing.assert_allclose(forgetful, 1.3, rtol=1e-8)
    learnt = lu2025.risk(inf, inf, inf, 0.3)
    np.testing.assert_allclose(learnt, 0.3, rtol=1e-12)
    # many tasks: known and fresh are the same
    many = lu2025.risk(0.7, 2.0, 1e9, 0.1, 0.1)
    assert many.known_tasks == pytest.approx(many.fresh_tasks, rel=1e-8)
    # and few are learnt by heart
    few = lu2025.risk(20.0, 5.0, 0.05, 0.1)
    assert few.known_tasks < 0.35 < 1 < few.fresh_tasks


def test_double_descent_in_prompts_has_its_pole_at_one() -> None:
    below, at, above = (np.array(lu2025.risk(1 + gap, 1.0, 0.5, 0.1)) for gap in (-1e-6, 1e-14, 1e-6))
    assert (at == inf).all()
    np.testing.assert_allclose(below / 1e6, above / 1e6, rtol=0.5)
    assert (below > 1e4).all()
    # an endless context has as many directions as tasks
    assert (np.array(lu2025.risk(0.5, inf, 0.5, 0.1)) == inf).all()
    assert np.isfinite(lu2025.risk([0.4, 1.0], inf, 0.5, 0.1)).all()
    assert lu2025.risk(0.5, inf, 0.5, 0.0).known_tasks == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0.0, 1.0, 1.0, 0.1), "tau = 0 must be positive"),
        ((1.0, -1.0, 1.0, 0.1), "alpha = -1"),
        ((1.0, 1.0, 0.0, 0.1), "kappa = 0"),
        ((1.0, 1.0, 1.0, -0.1), "noise = -0.1"),
        ((1.0, 1.0, 1.0, 0.1, -1.0), "ridge = -1"),
    ],
)
def test_bad_arguments(arguments: tuple[float, ...], message: str) -> None:
    refuses(lambda: lu2025.risk(*arguments), message)


def test_every_argument_broadcasts() -> None:
    broadcasts(lu2025.risk, [0.5, 1.5, 0.4, 0.1, 0.2])
