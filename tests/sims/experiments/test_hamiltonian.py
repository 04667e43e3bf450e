"""Hamiltonian Monte Carlo: known densities, and diagnostics that notice chains that have not mixed."""

import numpy as np
import pytest

from sims.experiments.hamiltonian import diagnose, sample
from sims.experiments.linear_posterior import LinearNetwork, gibbs_scales
from theory.papers import hanin2023

RNG = np.random.default_rng(3)
X = RNG.standard_normal((4, 3))
Y = 2 * X @ np.ones(3) / np.sqrt(3) + RNG.standard_normal(4)


def test_a_gaussian_of_unequal_widths() -> None:
    width = np.array([0.3, 1.0, 3.0])

    def energy(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return ((x / width) ** 2).sum(axis=1) / 2, x / width**2

    chains = sample(energy, np.zeros((200, 3)), np.random.default_rng(0), 300, 100, leaps=20)
    assert 0.6 < chains.acceptance < 0.95
    for i, size in enumerate(width):
        seen = diagnose(chains.states[:, :, i] ** 2)
        assert abs(seen.mean - size**2) < 4 * seen.error
        assert seen.rhat < 1.02
        assert seen.error < 0.03 * size**2


def test_chains_that_have_not_mixed_are_noticed() -> None:
    values = np.random.default_rng(0).standard_normal((100, 20))
    assert diagnose(values).rhat < 1.02
    assert diagnose(values + np.arange(20) % 2).rhat > 1.1  # two places
    assert diagnose(values + np.linspace(0, 3, 100)[:, None]).rhat > 1.2  # still on the way
    repeated = np.repeat(values, 10, axis=0)
    assert diagnose(repeated).effective < 0.2 * repeated.size


@pytest.mark.parametrize("widths", [(2,), (3, 2), (2, 4, 3)])
def test_the_gradient_is_that_of_the_energy(widths: tuple[int, ...]) -> None:
    network = LinearNetwork(X, Y, 0.4, widths)
    count = sum(a * b for a, b in network.shapes)
    states = np.random.default_rng(1).standard_normal((3, count))
    _, slope = network.energy(states)
    h = 1e-5
    for i, unit in enumerate(np.eye(count)):
        up, down = (network.energy(states + sign * h * unit)[0] for sign in (1, -1))
        np.testing.assert_allclose(slope[:, i], (up - down) / 2 / h, rtol=1e-5, atol=1e-6)


def test_the_function_is_the_product_of_the_layers() -> None:
    network = LinearNetwork(X, Y, 0.4, (4, 2))
    states = np.random.default_rng(2).standard_normal((5, 12 + 8 + 2))
    first, second, last = network.layers(states)
    told = (last / np.sqrt(2)) @ (second / np.sqrt(4)) @ (first / np.sqrt(3))
    np.testing.assert_allclose(network.coefficients(states), told[:, 0], rtol=1e-12)


def test_the_posterior_of_theory() -> None:
    """Mean, variance and scale within four errors, R-hat near 1."""
    fresh = np.ones(3)
    network = LinearNetwork(X, Y, 2.0, (2,))
    chains = network.sample(400, 60, 40, np.random.default_rng(0), leaps=12)
    outputs = np.array([network.coefficients(states) @ fresh for states in chains.states])
    told = hanin2023.predict(X @ X.T / 3, X @ fresh / 3, fresh @ fresh / 3, Y, 2.0, 2)
    scales = (chains.states[:, :, -2:] ** 2).mean(axis=2)
    for values, expected in (
        (outputs, told.mean),
        ((outputs - told.mean) ** 2, told.variance),
        (scales, told.scale),
    ):
        seen = diagnose(values)
        assert abs(seen.mean - expected) < 4 * seen.error
        assert seen.rhat < 1.03
        assert seen.error < 0.02 * expected


def test_gibbs_interpolates_and_has_the_scale_of_theory() -> None:
    rng, means = np.random.default_rng(4), []
    for _ in range(300):
        A, y = rng.standard_normal((3, 5)), rng.standard_normal(3)
        y *= np.sqrt(2 * 3 / (y @ np.linalg.solve(A @ A.T / 5, y)))
        means.append(gibbs_scales(A, y, 4, 40, 20, rng).mean())
    error = np.std(means) / np.sqrt(len(means))
    assert abs(np.mean(means) - hanin2023.scale(3, 4, 2.0)) < 4 * error
    assert error < 0.03
