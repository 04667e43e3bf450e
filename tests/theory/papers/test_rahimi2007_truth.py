"""The uniform bound, against its proof: a net and Hoeffding's bound of D/2 frequencies on it."""

import numpy as np
import pytest

from theory.papers import rahimi2007


def test_value() -> None:
    """Exponent D epsilon^2/(8 (d + 2)); with twice of it the bound was 3.9e-11."""
    bound = rahimi2007.uniform_bound(0.3, 10_000, 5, 1.0, 2.0)
    assert bound == pytest.approx(256 * 5 / 4 / 0.09 * np.exp(-10_000 * 0.09 / 56), rel=1e-12)
    assert bound == pytest.approx(3.7e-4, rel=0.01)


@pytest.mark.parametrize(("epsilon", "D", "d", "diameter"), [(0.3, 10_000, 5, 1.0), (0.2, 40_000, 10, 3.0)])
def test_the_net_and_hoeffding_give_the_bound(epsilon: float, D: float, d: int, diameter: float) -> None:
    """P <= net(r) 2 exp(-frequencies epsilon^2/8) + (2 r s/epsilon)^2 with the best radius r of the net.

    Deviations of epsilon/2 at T = (4 diameter/r)^d centres, each a mean of D/2 terms in [-1, 1], and a
    gradient of the error of mean square at most s^2.
    """
    r = np.geomspace(1e-9, 1e3, 200_001)
    frequencies, s2 = D / 2, float(d)
    net = np.log(2) + d * np.log(4 * diameter / r) - frequencies * (epsilon / 2) ** 2 / 2
    proof = np.exp(np.logaddexp(net, 2 * np.log(2 * r / epsilon) + np.log(s2))).min()
    bound = rahimi2007.uniform_bound(epsilon, D, d, diameter)
    assert proof <= bound <= 30 * proof
