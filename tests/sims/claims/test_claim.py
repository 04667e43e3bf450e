"""A claim is complete, and compares what it says that it compares."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from sims.claims import Claim
from sims.trials.sample import Sample


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": "law"}, "kind = 'law'"),
        ({"checked": "memory"}, "checked = 'memory' must be one of text, code, derivation"),
        ({"relation": ">="}, "relation = '>=' does not fit kind = 'exact'"),
        ({"kind": "shape"}, "relation = '=' does not fit kind = 'shape'"),
        ({"kind": "asymptotic"}, "grows = ()"),
        ({"grows": ("d",)}, "names d: not in defaults"),
        ({"defaults": {"trials": 3}}, "defaults must not name trials"),
        ({"sabotage": {}}, "sabotage = {} is empty"),
        ({"expected": "disagrees"}, "needs a reason"),
    ],
)
def test_a_claim_that_lacks_something_is_refused(
    fields: dict[str, object], told: str, make: Callable[..., Claim]
) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        make(**fields)


def test_the_jackknife_gives_a_ratio_its_error(make: Callable[..., Claim]) -> None:
    # by the delta method the variance of mean(x)/mean(y) is (1/R)(sd_x^2 + r^2 sd_y^2)/mean_y^2
    claim = make(statistic=lambda s, mean: mean[0] / mean[1])
    rng = np.random.default_rng(0)
    values = np.array([3.0, 2.0]) + rng.standard_normal((4000, 2)) * [0.3, 0.1]
    found = claim.compared({"n": 3}, Sample(values))
    assert found.se[0] == pytest.approx(np.sqrt((0.09 + 2.25 * 0.01) / 4 / 4000), rel=0.1)
    assert abs(found.mean[0] - 1.5) < 5 * found.se[0]
    linear = make(statistic=lambda s, mean: 2 * mean)
    assert np.allclose(linear.compared({"n": 3}, Sample(values)).values, 2 * values)


def test_one_trial_has_a_statistic_and_no_error(make: Callable[..., Claim]) -> None:
    found = make(statistic=lambda s, mean: mean**2).compared({"n": 3}, Sample(np.array([[3.0]])))
    assert (found.mean[0], found.se[0]) == (9.0, np.inf)
