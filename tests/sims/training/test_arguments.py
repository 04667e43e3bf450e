"""What training refuses, and how it says so."""

from typing import Any

import numpy as np
import pytest

from sims.rules import Adam, Descent
from sims.training import train
from sims.training.solvers import flow
from tests.sims.training.problems import generators, setup


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rule": Descent(0.0)}, "step = 0 must be positive"),
        ({"rule": Descent(np.inf)}, "step = inf"),
        ({"rule": Descent(0.1, 1.0)}, r"momentum = 1 must be in \[0, 1\)"),
        ({"rule": Adam(0.1, mean=-0.1)}, "mean = -0.1"),
        ({"rule": Adam(0.1, square=1.0)}, "square = 1 must"),
        ({"rule": Adam(0.1, epsilon=0.0)}, "epsilon = 0 must be positive"),
        ({"steps": -1}, "steps = -1"),
        ({"steps": 2.5}, "steps = 2.5"),
        ({"batch": 0}, "batch = 0"),
        ({"batch": 13, "rngs": generators()}, "batch = 13 must not exceed the number of samples, 12"),
        ({"batch": 4}, "rngs has 0 generators for 3 networks"),
        ({"batch": 4, "rngs": generators(2)}, "rngs has 2 generators for 3 networks"),
        ({"record": [0, 11]}, r"record = \[0, 11\] must be a list of increasing steps in 0\.\.10"),
        ({"record": [3, 2]}, r"record = \[3, 2\]"),
        ({"record": [0.5]}, r"record = \[0\.5\]"),
        ({"threads": 0}, "threads = 0"),
        ({"every": 0}, "every = 0"),
        ({"X_test": np.zeros((3, 2))}, "X_test"),
    ],
)
def test_bad_arguments(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        train(*setup(), **{"rule": Descent(0.1), "steps": 10} | change)


@pytest.mark.parametrize("times", [[], [1.0, 1.0], [-1.0], [np.inf], 3.0])
def test_bad_times(times: Any) -> None:
    with pytest.raises(ValueError, match="times = "):
        flow(*setup(), times)
