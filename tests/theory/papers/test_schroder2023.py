"""Schröder et al. 2023: linear layers are Problem.through, and networks with their weights are simulated."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.special import erf

import theory
from tests.checks import refuses
from theory import Problem, activation
from theory.papers import schroder2023

PROBLEM = Problem([2.0, 0.5], [1.5, 1.0], [40, 40], noise=0.2)
LAM = np.repeat([2.0, 0.5], 40)
BETA = np.repeat(np.sqrt(np.array([1.5, 1.0]) / 40 / np.array([2.0, 0.5])), 40)


def _weights(rng: Any, *widths: int) -> list[Any]:
    sizes = (80, *widths)
    return [rng.standard_normal((p, q)) / np.sqrt(q) for q, p in pairwise(sizes)]


def test_linear_layers_are_the_product_of_their_weights() -> None:
    weights = _weights(np.random.default_rng(0), 60, 90)
    found = schroder2023.features(PROBLEM, weights, "identity")
    told = PROBLEM.through(weights[1] @ weights[0])
    sizes = [20, 70, 200]
    np.testing.assert_allclose(
        theory.ridge(found, sizes, 0.1).test, theory.ridge(told, sizes, 0.1).test, rtol=1e-9
    )


def test_one_layer_is_the_linear_part_with_extra_noise() -> None:
    (W,) = _weights(np.random.default_rng(1), 90)
    variance = float((W**2 @ LAM).mean())
    h = activation.hermite("erf", 1, variance)
    second = activation.dual("erf", variance, variance, variance)
    told = PROBLEM.through(h[1] / np.sqrt(variance) * W, float(second - h[1] ** 2))
    found = schroder2023.features(PROBLEM, [W], "erf")
    np.testing.assert_allclose(
        np.sort(found.eigenvalues),
        np.sort(np.repeat(told.eigenvalues, told.multiplicity.astype(int))),
        rtol=1e-9,
    )
    assert theory.ridge(found, 50, 0.1).test == pytest.approx(theory.ridge(told, 50, 0.1).test, rel=1e-10)
    assert found.signal == pytest.approx(PROBLEM.signal, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "function"), [("tanh", np.tanh), ("sign", np.sign), ("erf", erf), ("sin", np.sin)]
)
def test_networks_given_their_weights(name: str, function: Callable[[Any], Any]) -> None:
    """Two layers, n = 100: paired with theory draw by draw; the mean gap within four errors and 2 %."""
    rng, gaps, expected = np.random.default_rng(2), [], []
    for _ in range(25):
        W, V = _weights(rng, 120, 90)
        expected.append(theory.ridge(schroder2023.features(PROBLEM, [W, V], name), 100, 0.05).test)
        X = rng.standard_normal((2600, 80)) * np.sqrt(LAM)
        H = function(function(X @ W.T) @ V.T)
        y = X @ BETA + np.sqrt(0.2) * rng.standard_normal(2600)
        A = H[:100]
        fit = np.linalg.solve(A.T @ A / 100 + 0.05 * np.eye(90), A.T @ y[:100] / 100)
        gaps.append(np.mean((y[100:] - H[100:] @ fit) ** 2) - expected[-1])
    error, mean = np.std(gaps) / 5, np.mean(expected)
    assert abs(np.mean(gaps)) < 4 * error + 0.02 * mean
    assert error < 0.04 * mean
    # a linear network with the same weights errs otherwise
    linear = theory.ridge(PROBLEM.through(V @ W), 100, 0.05).test
    assert abs(linear / mean - 1) > 0.1


def test_without_layers_it_is_the_problem() -> None:
    found = schroder2023.features(PROBLEM, [], "tanh")
    assert theory.ridge(found, 50, 0.1).test == pytest.approx(theory.ridge(PROBLEM, 50, 0.1).test, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda W: schroder2023.features(PROBLEM, [W], "relu"), "activation has the mean .* pass an odd one"),
        (lambda W: schroder2023.features(PROBLEM, [W.T], "tanh"), r"weights\[0\] has shape \(80, 60\)"),
        (lambda W: schroder2023.features(PROBLEM, [W, W], "tanh"), r"weights\[1\] has .* pass 60 columns"),
        (lambda W: schroder2023.features(PROBLEM, [W[0]], "tanh"), r"weights\[0\] = .* must have 2 axes"),
        (lambda W: schroder2023.features(Problem([1.0], [1.0], [80], tail=0.1), [W], "tanh"), "tail = 0.1"),
        (lambda W: schroder2023.features(Problem([1.0], [1.0], [80.5]), [W], "tanh"), "multiplicity = 80.5"),
        (lambda W: schroder2023.features(PROBLEM, [W], "no"), "activation = 'no' is unknown"),
    ],
)  # fmt: skip
def test_bad_arguments(call: Callable[[Any], object], message: str) -> None:
    refuses(lambda: call(np.ones((60, 80))), message)
