"""Networks that train together: none depends on the others, on threads, or on what does not train."""

import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from threadpoolctl import threadpool_limits

from sims.network import Network
from sims.rules import Adam, Descent
from sims.training import Run, train
from sims.training.solvers import flow, lbfgs
from tests.sims.training.problems import DEEP, NETWORK, X_TEST, X, generators, same, setup

METHODS = {
    "descent": lambda *a, **k: train(*a, Descent(0.1), 15, **k),
    "batches": lambda *a, rngs, **k: train(*a, Descent(0.1, 0.5), 15, batch=4, rngs=rngs, **k),
    "adam": lambda *a, rngs, **k: train(*a, Adam(0.01), 15, batch=4, rngs=rngs, **k),
    "lbfgs": lambda *a, **k: lbfgs(*a, 15, **k),
    "flow": lambda *a, **k: flow(*a, [0.0, 0.2], **k),
}


def run(method: str, rngs: list[np.random.Generator], *arguments: Any) -> Run:
    random = {"rngs": rngs} if method in ("batches", "adam") else {}
    return METHODS[method](*arguments, X_test=X_TEST, **random)


@pytest.mark.parametrize("network", [NETWORK, DEEP], ids=repr)
@pytest.mark.parametrize("method", METHODS)
def test_a_network_does_not_depend_on_its_companions(method: str, network: Network) -> None:
    if method == "flow":
        network = replace(network, activation="tanh")
    shape, theta, _, y = setup(network, 4)
    own = np.random.default_rng(9).standard_normal((4, 12, 3))
    for inputs in (X, own):
        together = run(method, generators(4), shape, theta, inputs, y)
        for b in range(4):
            x = inputs if inputs is X else inputs[b]
            alone = run(method, generators(4)[b : b + 1], shape, theta[b : b + 1], x, y)
            assert_array_equal(together.theta[b], alone.theta[0])
            assert_array_equal(together.loss[:, b], alone.loss[:, 0])
            assert_array_equal(together.test[:, b], alone.test[:, 0])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("trained", ["last", "hidden"])
def test_what_does_not_train_stays(trained: str, method: str) -> None:
    network, theta, _, y = setup(replace(NETWORK, trained=trained))
    before = theta.copy()
    moved = run(method, generators(), network, theta, X, y).theta != before
    cut = network.layers[-1].start
    last, rest = moved[:, cut:].any(), moved[:, :cut].any()
    assert (last, rest) == (trained == "last", trained == "hidden")
    assert_array_equal(theta, before)


@pytest.mark.parametrize("network", [NETWORK, DEEP, Network(3, (300, 300))], ids=repr)
def test_threads_do_not_change_a_bit(network: Network) -> None:
    def once(threads: int, blas: int) -> Run:
        with threadpool_limits(blas, user_api="blas"):
            return train(
                *setup(network, 5),
                Descent(0.05, 0.9),
                6,
                batch=9,
                rngs=generators(5),
                threads=threads,
                X_test=X_TEST,
            )

    alone = once(1, 1)
    for threads, blas in ((1, 2), (2, 1), (3, 2), (8, 1)):
        same(once(threads, blas), alone)


def test_an_error_in_a_thread_comes_out() -> None:
    network, theta, _, y = setup(DEEP)
    caller = threading.get_ident()
    tanh = np.tanh

    def broken(z: np.ndarray) -> np.ndarray:
        if threading.get_ident() != caller:
            raise ArithmeticError("in a thread")
        return tanh(z)

    network = replace(network, activation=(broken, lambda z: 1 - tanh(z) ** 2))
    with pytest.raises(ArithmeticError, match="in a thread"):
        train(network, theta, X, y, Descent(0.1), 5, threads=2)
