"""The risk of designs that are drawn from a Problem agrees with the theory of that Problem."""

import numpy as np
import pytest

import theory
from sims.experiments.gaussian import DesignRisk, measure

PROBLEMS = {
    "levels": theory.Problem([2.0, 0.3, 0.0], [1.0, 0.5, 0.2], [30, 200, 5], noise=0.3),
    "tail": theory.Problem([1.0], [1.0], [60], tail=0.8, tail_power=0.1, noise=0.2),
    "noiseless": theory.Problem([3.0, 0.1], [1.0, 1.0], [20, 300]),
}
N = 150


@pytest.mark.parametrize(
    ("name", "p", "ridge"),
    [
        ("levels", None, 0.0),
        pytest.param("levels", None, 0.2, marks=pytest.mark.slow),
        ("levels", 80, 0.0),
        ("levels", 400, 1e-3),
        ("tail", 100, 0.0),
        ("tail", 300, 0.05),
        ("noiseless", None, 0.0),
        ("noiseless", 60, 1e-2),
    ],
)
def test_measured_fields_follow_theory(name: str, p: int | None, ridge: float) -> None:
    problem = PROBLEMS[name]
    drawn = np.array(
        [measure(problem, N, p, ridge, np.random.default_rng([7, trial])) for trial in range(40)]
    )
    risk = theory.ridge(problem, N, ridge) if p is None else theory.random_features(problem, N, p, ridge)
    mean, se = drawn.mean(axis=0), drawn.std(axis=0, ddof=1) / np.sqrt(len(drawn))
    for field, m, s in zip(DesignRisk._fields, mean, se, strict=True):
        expected = float(getattr(risk, field))
        # t with 39 degrees of freedom: 5 standard errors is 1e-5; the equivalent is off by O(1/n)
        assert abs(m - expected) <= 5 * s + 6 / N * abs(expected) + 1e-12, (field, m, s, expected)


def test_a_wrong_theory_would_be_seen() -> None:
    """The allowance above is narrow enough: without the randomness of the features it fails."""
    problem = PROBLEMS["levels"]
    drawn = [measure(problem, N, 80, 1e-3, np.random.default_rng(t)).test for t in range(20)]
    wrong = float(theory.ridge(problem, N, 1e-3).test)
    assert abs(np.mean(drawn) - wrong) > 0.2 * wrong


def test_measure_is_the_risk_of_a_fit_on_fresh_data() -> None:
    """The closed form given the design, against labels drawn and refitted many times."""
    rng = np.random.default_rng(0)
    problem = theory.Problem([1.0, 0.2], [1.0, 0.4], [3, 9], noise=0.5)
    n, ridge = 8, 0.1
    expected = measure(problem, n, None, ridge, np.random.default_rng(5))
    Phi = np.random.default_rng(5).standard_normal((n, 12))
    scale = np.sqrt(np.repeat([1.0, 0.2], [3, 9]))
    X = Phi * scale
    spread = np.sqrt(np.repeat([1.0 / 3, 0.4 / 9], [3, 9]))
    coefficients = spread * rng.standard_normal((20_000, 12))
    labels = coefficients @ Phi.T + np.sqrt(0.5) * rng.standard_normal((20_000, n))
    fitted = np.linalg.solve(X.T @ X / n + ridge * np.eye(12), X.T @ labels.T / n).T
    tests = 0.5 + ((fitted * scale - coefficients) ** 2).sum(axis=1)
    trains = ((labels - fitted @ X.T) ** 2).mean(axis=1)
    norms = (fitted**2).sum(axis=1)
    for draws, value in ((tests, expected.test), (trains, expected.train), (norms, expected.norm)):
        assert abs(draws.mean() - value) < 5 * draws.std() / np.sqrt(20_000)


def test_bad_arguments() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"multiplicity = \[0.5\] must be whole"):
        measure(theory.Problem([1.0], [1.0], 0.5), 5, None, 0.0, rng)
    with pytest.raises(ValueError, match="tail = 1 cannot be drawn without random features"):
        measure(theory.Problem([1.0], [1.0], tail=1.0), 5, None, 0.0, rng)
