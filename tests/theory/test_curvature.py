"""Curvatures of activations, by differences of their slopes."""

import numpy as np
import pytest

from theory import activation, descent


@pytest.mark.parametrize("name", [*activation.NAMES, "leaky_relu(0.3)"])
def test_the_lipschitz_constant_of_every_named_activation(name: str) -> None:
    """leaky_relu was refused; infinite exactly where the slope jumps or its slope has no bound."""
    u = np.linspace(-8, 8, 160_001)
    constant = descent.two_layer_lipschitz([[1.0]], [1.0], name)
    if name in {"relu", "leaky_relu", "leaky_relu(0.3)", "abs", "sign", "cubic"}:
        assert constant == np.inf
    else:
        bend = np.abs(np.diff(activation.slope(name)(u))).max() / (u[1] - u[0])
        assert constant == pytest.approx(bend, rel=1e-3, abs=1e-6)
