"""Power: the chance of a status is what happens."""

from collections.abc import Callable

import numpy as np
import pytest

from sims.claims import Claim, power
from sims.trials.sample import Sample


@pytest.mark.parametrize(
    ("fields", "spread"),
    [
        ({"theory": lambda s: 1.0}, 0.38),
        ({"theory": lambda s: 1.0, "allowance": 0.05, "kind": "rate"}, 0.25),
        ({"theory": lambda s: 0.9, "relation": ">=", "kind": "inequality"}, 0.27),
        ({"theory": lambda s: 1.1, "relation": "<=", "kind": "inequality"}, 0.27),
        ({"theory": lambda s: 1.1, "expected": "disagrees", "why": "x"}, 0.27),
        (
            {"theory": lambda s: 0.9, "relation": "<=", "kind": "shape", "expected": "disagrees", "why": "x"},
            0.27,
        ),
    ],
)
def test_power_is_what_happens(fields: dict[str, object], spread: float, make: Callable[..., Claim]) -> None:
    """At moderate power, so that it shows; the statement for equations that agree is a lower bound."""
    claim = make(**fields)
    values = {"n": 3}
    theory = claim.expectation(values)

    def sample(seed: int, spread: float = spread) -> Sample:
        return Sample(1 + spread * np.random.default_rng(seed).standard_normal((64, 1)))

    even = np.linspace(-1.0, 1.0, 64)[:, None]
    exact = Sample(1 + spread * even / even.std(ddof=1))  # se = spread/8
    judged = claim.verdict(values, exact, 1e-2)
    told = power.power(claim, theory, exact, judged, 64)
    reached = np.mean([claim.verdict(values, sample(i), 1e-2).status == claim.expected for i in range(1000)])
    error = 4 * np.sqrt(0.25 / 1000) + 0.05  # the skewness of samples widens the test a little more
    if claim.relation == "=" and claim.expected == "agrees":
        assert told <= reached + error
    else:
        assert told == pytest.approx(reached, abs=error)
        assert 0.02 < told < 0.98


def test_power_grows_with_trials(make: Callable[..., Claim]) -> None:
    claim = make(theory=lambda s: 0.9, relation=">=", kind="inequality")
    sample = Sample(1 + 0.1 * np.random.default_rng(0).standard_normal((16, 1)))
    judged = claim.verdict({"n": 3}, sample)
    few, many = (power.power(claim, np.array([0.9]), sample, judged, trials) for trials in (16, 400))
    assert few < 0.5 < 1 - 1e-6 < many
