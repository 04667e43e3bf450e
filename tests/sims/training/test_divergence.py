"""Divergence: where it begins, and that the error names network, step and remedy."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sims.network import Network, critical_step
from sims.rules import Adam, Descent
from sims.training import DivergenceError, train
from tests.sims.training.problems import NETWORK, X, generators, setup


@pytest.mark.parametrize("momentum", [0.0, 0.8])
def test_the_stable_step_is_sharp_for_a_linear_model(momentum: float) -> None:
    network, theta, _, y = setup(replace(NETWORK, trained="last"), 1)
    stable = Descent(1.0, momentum).stable(critical_step(network, theta, X)[0])
    run = train(network, theta, X, y, Descent(0.98 * stable, momentum), 2000)
    assert run.loss[-1] < run.loss[0]
    with pytest.raises(DivergenceError) as caught:
        train(network, theta, X, y, Descent(1.02 * stable, momentum), 3000)
    assert caught.value.step == 1.02 * stable
    assert_allclose(caught.value.stable, stable, rtol=1e-12)
    assert f"steps below {stable:.4g} are stable" in str(caught.value)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("batch", [None, 4])
@pytest.mark.parametrize(
    "network", [NETWORK, Network(3, (300,)), Network(3, (5, 5), activation="identity")], ids=repr
)
def test_divergence_names_the_network(network: Network, batch: int | None, threads: int) -> None:
    shape, theta, _, y = setup(network)
    inputs = np.stack([X, 300 * X, X])
    step = 0.5 * critical_step(network, theta, inputs)[0]
    with pytest.raises(DivergenceError, match="training of network 1 diverged after"):
        train(shape, theta, inputs, y, Descent(step), 5000, batch=batch, rngs=generators(), threads=threads)


def test_divergence_of_adam_and_in_the_last_step() -> None:
    with pytest.raises(DivergenceError, match="diverged after 1 steps of size 1e\\+200; use a smaller one"):
        train(*setup(), Adam(1e200), 1)
    with pytest.raises(DivergenceError, match="after 1 steps"):
        train(*setup(), Descent(1e9), 1, record=[])


def test_divergence_survives_pickling() -> None:
    error = DivergenceError(3.0, 1.0, 7, 2)
    copy = pickle.loads(pickle.dumps(error))
    assert str(copy) == str(error)
    assert (copy.step, copy.stable, copy.after, copy.network) == (3.0, 1.0, 7, 2)


def test_zero_is_no_divergence() -> None:
    """The loss of a symmetric start on targets 0 is rounding, and grows by any factor."""
    network, theta, _, _ = setup(Network(3, (8,), symmetric=True))
    assert train(network, theta, X, np.zeros(12), Descent(0.1), 3).loss.max() < 1e-25
