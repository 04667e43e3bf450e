"""Lee et al. 2019: the linearised network in the paper's units of time, and the critical step."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from theory import kernel
from theory.dynamics import critical_step, linearised_network
from theory.papers import lee2019

X = np.array([[1.0, 0.5], [-0.3, 0.8], [0.4, -1.1], [-0.9, -0.2]])
Y = np.array([0.7, -0.4, 1.2, 0.1])
FRESH = np.array([[0.2, 0.3], [-1.0, 1.0], [0.4, -1.1]])


def test_steps_of_lee2019() -> None:
    values = kernel.spectrum(X)
    assert_allclose(lee2019.critical_step(X), 2 / (values[0] + values[-1]), rtol=1e-14)
    assert lee2019.critical_step(X) < critical_step(kernel.ntk(X)) / len(X)


@pytest.mark.parametrize("trained", ["all", "last"])
@pytest.mark.parametrize("activation", ["relu", "erf", "tanh"])
def test_predictive_is_the_linearised_network(trained: str, activation: str) -> None:
    """The paper descends on the sum of the squared residuals, theory on their mean."""
    network = (2, activation, 1.5, 0.1)
    time = 1.7
    mean = linearised_network(X, Y, FRESH, time, *network, trained).mean
    summed = lee2019.predictive(X, Y, FRESH, time / 4, *network, trained)
    assert_allclose(summed.mean, mean, rtol=1e-12)
