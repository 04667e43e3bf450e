"""Yang, Hu 2021: exponents of known scalings, their symmetry, and networks of two widths."""

from typing import Literal

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sims.network import Network, critical_step, start
from tests.checks import refuses
from theory.papers.yang2021 import feature_exponent, kernel_exponent, scaling


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_known_scalings(depth: int) -> None:
    exponents = {name: feature_exponent(*scaling(name, depth)) for name in ("ntk", "standard", "mup")}
    # the steps that the read-out of a single layer admits hardly move the first
    assert exponents == {"ntk": 0.5, "standard": 0.5 if depth > 1 else 1.5, "mup": 0.0}


@pytest.mark.parametrize("name", ["ntk", "standard", "mup"])
@pytest.mark.parametrize("shift", [-0.5, 0.25, 1.0])
def test_factors_may_move_from_the_weights_to_the_start(name: str, shift: float) -> None:
    """(a + t, b - t, c - 2t) is the same network; the kernel in w takes the factor width^(-2t)."""
    a, b, c = scaling(name, 3)
    assert_allclose(
        feature_exponent(a + shift, b - shift, c - 2 * shift), feature_exponent(a, b, c), atol=1e-15
    )
    assert_allclose(kernel_exponent(a + shift, b - shift), kernel_exponent(a, b) - 2 * shift, atol=1e-15)


@pytest.mark.parametrize("name", ["ntk", "standard", "mup"])
def test_kernels_of_two_widths(name: Literal["ntk", "standard", "mup"]) -> None:
    X = np.random.default_rng(0).standard_normal((4, 3))
    steps = []
    for width in (64, 1024):
        network = Network(3, (width, width), activation="tanh", scaling=name)
        theta = start(network, [np.random.default_rng(b) for b in range(12)])
        steps.append((1 / critical_step(network, theta, X)).mean())
    measured = np.log(steps[1] / steps[0]) / np.log(16)
    assert_allclose(measured, kernel_exponent(*scaling(name, 2)[:2]), atol=0.12)


def test_one_hidden_layer_of_mup_is_mean_field() -> None:
    """f = 1/N sum a s(w.x) with steps of order N."""
    assert feature_exponent([0.0, 1.0], [0.0, 0.0], -1.0) == 0.0
    assert feature_exponent([0.0, 0.5], [0.0, 0.0], -1.0) == -1.0  # steps too large for these factors


def test_refusals() -> None:
    refuses(lambda: scaling("mean-field"), "name = 'mean-field' is unknown")
    refuses(lambda: scaling("mup", 0), "depth = 0 must be")
    refuses(lambda: feature_exponent([0.0], [0.0], 0.0), "a has 1 entries and b 1")
    refuses(lambda: feature_exponent([0.0, 0.5], [0.0], 0.0), "a has 2 entries and b 1")
    refuses(lambda: kernel_exponent([0.0, np.nan], [0.0, 0.0]), r"a\[1\] = nan must be finite")
