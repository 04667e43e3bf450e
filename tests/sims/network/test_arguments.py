"""What a network and its functions refuse, and how they say so."""

from typing import Any

import numpy as np
import pytest

from sims.network import Network, gradient


def test_repr_and_count() -> None:
    network = Network(3, [4, 6], outputs=2, activation=(np.sin, np.cos), scaling="standard", trained="last")
    assert (
        repr(network)
        == "Network(3-4-6-2, sin, sigma_w2=2, sigma_b2=0, standard, trained=last, 48 parameters)"
    )
    assert network.depth == 2
    assert network == Network(3, (4, 6), 2, (np.sin, np.cos), scaling="standard", trained="last")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"widths": ()}, r"widths = \(\) has no hidden layer"),
        ({"widths": 5}, "widths = 5 must be a tuple"),
        ({"widths": (3, 0)}, "widths = 0 must be a whole number >= 1"),
        ({"d": 0}, "d = 0"),
        ({"outputs": 1.5}, "outputs = 1.5"),
        ({"sigma_w2": 0.0}, "sigma_w2 = 0 must be positive"),
        ({"sigma_b2": -0.1}, "sigma_b2 = -0.1"),
        ({"scaling": "muP"}, "scaling = 'muP' is unknown; choose from ntk"),
        ({"alpha": 0.0}, "alpha = 0 must be positive"),
        ({"alpha": np.inf}, "alpha = inf must be one finite number"),
        ({"trained": "first"}, "trained = 'first' is unknown; choose from all"),
        ({"symmetric": True, "widths": (4, 3)}, r"widths = \(4, 3\) must be even"),
        ({"activation": "swish"}, "activation = 'swish' is unknown"),
        ({"activation": np.tanh}, "neither a name nor a pair"),
        ({"activation": "sign"}, "activation = 'sign' has slope 0"),
    ],
)
def test_bad_networks(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Network(**{"d": 3, "widths": (4,)} | arguments)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"theta": np.zeros((2, 15))},
            r"theta = float64 array of shape \(2, 15\) must be float64 of shape \(networks, 16\) for Network",
        ),
        ({"theta": np.zeros((2, 16), dtype=np.float32)}, "theta"),
        ({"theta": np.zeros(16)}, "theta"),
        ({"X": np.zeros((5, 4))}, r"X = array of shape \(5, 4\) must have shape \(n, 3\) or \(2, n, 3\)"),
        ({"X": np.zeros((3, 5, 3))}, "X"),
        ({"X": np.zeros(3)}, "X"),
        ({"X": np.zeros((0, 3))}, "X"),
        ({"X": np.full((5, 3), np.inf)}, r"X\[0, 0\] = inf"),
        ({"X": "abc"}, "X = 'abc' must be one array of real numbers; pass floats"),
        ({"X": [[1.0, 2.0], [3.0]]}, "X"),
        ({"y": np.zeros(4)}, r"y = array of shape \(4,\) must have shape \(5,\) or \(2, 5\)"),
        ({"y": [np.nan] * 5}, "y"),
    ],
)
def test_bad_arrays(change: dict[str, Any], message: str) -> None:
    arguments = {"theta": np.zeros((2, 16)), "X": np.zeros((5, 3)), "y": np.zeros(5)} | change
    with pytest.raises(ValueError, match=f"^{message}"):
        gradient(Network(3, (4,)), **arguments)
