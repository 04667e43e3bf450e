"""Training against closed forms, textbook loops, and itself: interrupted, batched, threaded."""

import json
import os
import pickle
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.linalg import expm
from threadpoolctl import threadpool_limits

import sims
from sims.network import Network, critical_step, empirical_ntk, forward, gradient, passes, start
from sims.rules import Adam, Descent
from sims.training import DivergenceError, Run, train
from sims.training.descent import mean_loss
from sims.training.solvers import flow, lbfgs
from theory import ConvergenceError

NETWORK = Network(3, (8,), sigma_b2=0.1)
DEEP = Network(3, (7, 5), outputs=2, activation="tanh")
RNG = np.random.default_rng(5)
X, X_TEST = RNG.standard_normal((12, 3)), RNG.standard_normal((4, 3))
Y = {1: RNG.standard_normal(12), 2: RNG.standard_normal((12, 2))}


def generators(
    count: int = 3, kind: type[np.random.BitGenerator] = np.random.PCG64
) -> list[np.random.Generator]:
    return [np.random.Generator(kind(seed)) for seed in range(count)]


def setup(network: Network = NETWORK, nets: int = 3) -> tuple[Network, np.ndarray, np.ndarray, np.ndarray]:
    return network, start(network, generators(nets)), X, Y[network.outputs]


def same(one: Run, other: Run) -> None:
    for mine, its in zip(one, other, strict=True):
        assert_array_equal(mine, its)


# -- the methods -------------------------------------------------------------------------------------


def linear() -> tuple[Network, np.ndarray, np.ndarray, np.ndarray]:
    """Networks linear in what trains, so that everything is known."""
    network, theta, _, y = setup(replace(NETWORK, trained="last"))
    return network, theta, empirical_ntk(network, theta, X) / len(X), forward(network, theta, X) - y


def test_descent_of_a_linear_model() -> None:
    network, theta, kernel, r = linear()
    run = train(network, theta, X, Y[1], Descent(0.3), 20, record=[0, 7, 20], X_test=X)
    for place, step in enumerate(run.steps):
        power = np.linalg.matrix_power(np.eye(12) - 0.3 * kernel, step)
        residual = (power @ r[..., None])[..., 0]
        assert_allclose(run.test[place] - Y[1], residual, rtol=1e-10, atol=1e-12)
        assert_allclose(run.loss[place], (residual**2).sum(axis=1) / 24, rtol=1e-10)


def test_flow_of_a_linear_model() -> None:
    network, theta, kernel, r = linear()
    times = [0.0, 0.5, 8.0]
    run = flow(network, theta, X, Y[1], times, X_test=X)
    for place, time_ in enumerate(times):
        residual = np.array([expm(-time_ * K) @ v for K, v in zip(kernel, r, strict=True)])
        assert_allclose(run.test[place] - Y[1], residual, rtol=1e-6, atol=1e-7)
    assert_array_equal(run.steps, times)
    assert_array_equal(flow(network, theta, X, Y[1], [0.0]).theta, theta)


@pytest.mark.parametrize("network", [NETWORK, DEEP], ids=repr)
def test_descent_by_small_steps_is_flow(network: Network) -> None:
    network = replace(network, activation="tanh")
    smooth = flow(*setup(network), [1.0], X_test=X_TEST)
    gaps = []
    for steps in (200, 400):
        run = train(*setup(network), Descent(1 / steps), steps, record=[steps], X_test=X_TEST)
        gaps.append(np.abs(run.test - smooth.test).max())
    assert 1.8 < gaps[0] / gaps[1] < 2.2  # first order in the step
    assert gaps[1] < 0.01


@pytest.mark.parametrize("batch", [None, 5])
@pytest.mark.parametrize("network", [NETWORK, DEEP], ids=repr)
@pytest.mark.parametrize("rule", [Descent(0.1), Descent(0.05, momentum=0.9), Adam(0.01)], ids=str)
def test_rules_are_those_of_the_textbook(rule: Descent | Adam, network: Network, batch: int | None) -> None:
    steps = 9
    run = train(*setup(network), rule, steps, batch=batch, rngs=generators(), record=range(steps + 1))
    for b, rng in enumerate(generators()):
        theta, losses = setup(network)[1][b], []
        velocity, square = np.zeros_like(theta), np.zeros_like(theta)
        for step in range(steps):
            losses.append(gradient(network, theta[None], X, Y[network.outputs])[0][0])
            if batch:
                place = step % 2  # 12 // 5 steps per pass; two samples are left out of each
                if place == 0:
                    order = rng.permutation(12)
            chosen = order[5 * place : 5 * place + 5] if batch else slice(None)
            g = gradient(network, theta[None], X[chosen], Y[network.outputs][chosen])[1][0]
            if isinstance(rule, Descent):
                velocity = rule.momentum * velocity + g
                theta = theta - rule.step * velocity
            else:
                velocity = 0.9 * velocity + 0.1 * g
                square = 0.999 * square + 0.001 * g**2
                mean, size = velocity / (1 - 0.9 ** (step + 1)), square / (1 - 0.999 ** (step + 1))
                theta = theta - rule.step * mean / (np.sqrt(size) + 1e-8)
        assert_allclose(run.theta[b], theta, rtol=1e-9, atol=1e-12)
        assert_allclose(run.loss[:-1, b], losses, rtol=1e-9)


@pytest.mark.parametrize(
    "network", [Network(3, (40,)), Network(3, (20, 20), outputs=2, activation="tanh")], ids=repr
)
def test_lbfgs_fits(network: Network) -> None:
    run = lbfgs(*setup(network), steps=3000, record=[0, 1, 20, 3000], X_test=X)
    assert run.loss.shape == (4, 3)
    assert (np.diff(run.loss, axis=0) < 0).all()
    assert run.loss[-1].max() < 1e-12
    assert_allclose(run.test[-1], np.broadcast_to(Y[network.outputs], run.test[-1].shape), atol=1e-5)
    assert_array_equal(forward(network, run.theta, X), run.test[-1])


def test_lbfgs_finds_least_squares() -> None:
    network = Network(3, (4,), trained="last")
    _, theta, _, y = setup(network)
    from sims.network import hidden

    H = hidden(network, theta, X)
    best = [np.sum((y - h @ np.linalg.lstsq(h, y)[0]) ** 2) / 24 for h in H]
    assert_allclose(lbfgs(network, theta, X, y).loss[-1], best, rtol=1e-10)


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


def test_an_error_in_a_thread_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: Any) -> None:
        raise ArithmeticError("road")

    monkeypatch.setattr(passes, "_blas_gradient", broken)
    with pytest.raises(ArithmeticError, match="road"):
        train(*setup(DEEP), Descent(0.1), 5, threads=2)


def test_flow_along_a_kink_says_so() -> None:
    """Units of this relu network are pushed onto a kink from both sides."""
    network, theta, _, y = setup(NETWORK, 4)
    own = np.random.default_rng(9).standard_normal((4, 12, 3))
    with pytest.raises(ConvergenceError, match=r"used up its evaluations at time 0\..*slides along a kink"):
        flow(network, theta, own, y, [1.0], evaluations=5000)


def test_minibatches_of_all_samples_are_the_whole_set() -> None:
    whole = train(*setup(), Descent(0.1), 5)
    shuffled = train(*setup(), Descent(0.1), 5, batch=12, rngs=generators())
    assert_allclose(shuffled.theta, whole.theta, rtol=1e-12)


# -- divergence --------------------------------------------------------------------------------------


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


# -- checkpoints -------------------------------------------------------------------------------------

RUNS: dict[str, dict[str, Any]] = {
    "descent": {"rule": Descent(0.1)},
    "momentum": {"rule": Descent(0.05, 0.9), "batch": 5},
    "adam": {"rule": Adam(0.01), "batch": 5},
}


def checkpointed(path: Path | None, kind: type[np.random.BitGenerator], **change: Any) -> tuple[Run, str]:
    """A run of 12 steps, and where it leaves its generators."""
    rngs = generators(3, kind)
    settings = {"steps": 12, "rngs": rngs, "record": [0, 3, 4, 9, 12], "X_test": X_TEST, "every": 4} | change
    network, theta, x, y = setup(change.pop("network", NETWORK))
    settings.pop("network", None)
    result = train(network, theta, settings.pop("X", x), y, checkpoint=path, **settings)
    return result, repr([rng.bit_generator.state for rng in rngs])


def interrupt(monkeypatch: pytest.MonkeyPatch, calls: int) -> None:
    """Ctrl-C in gradient number `calls`."""
    real, count = passes.gradient, 0

    def counted(*arguments: Any) -> Any:
        nonlocal count
        count += 1
        if count == calls:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(passes, "gradient", counted)


@pytest.mark.parametrize("calls", [2, 5, 6, 9, 12])
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("descent", np.random.PCG64),
        ("momentum", np.random.PCG64),
        ("momentum", np.random.MT19937),
        ("adam", np.random.Philox),
        ("adam", np.random.SFC64),
    ],
)
def test_resumed_is_uninterrupted(
    name: str, kind: type[np.random.BitGenerator], calls: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, end = checkpointed(None, kind, **RUNS[name])
    path = tmp_path / "run.npz"
    with monkeypatch.context() as patch:
        interrupt(patch, calls)
        with pytest.raises(KeyboardInterrupt):
            checkpointed(path, kind, **RUNS[name])
    assert path.exists() == (calls > 4)
    with monkeypatch.context() as patch:
        redone = 12 - (calls - 1) // 4 * 4
        interrupt(patch, redone + 1)  # no more gradients than the steps that were lost
        resumed, place = checkpointed(path, kind, **RUNS[name])
    same(resumed, whole)
    assert place == end
    with monkeypatch.context() as patch:
        interrupt(patch, 1)
        again, place = checkpointed(path, kind, **RUNS[name])  # nothing is left to do
    same(again, whole)
    assert place == end
    assert [file.name for file in tmp_path.iterdir()] == ["run.npz"]


@pytest.mark.parametrize(
    "change",
    [
        {"network": replace(NETWORK, sigma_w2=2.5)},
        {"network": replace(NETWORK, activation="tanh")},
        {"X": X + 1e-9},
        {"X_test": X_TEST[:2]},
        {"steps": 13},
        {"record": [0, 12]},
        {"rule": Descent(0.11)},
        {"rule": Adam(0.1)},
        {"batch": 6},
        {"rngs": generators(4)[1:]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_checkpoint_of_another_run_is_refused(change: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    settings = {"rule": Descent(0.1), "batch": 5}
    checkpointed(path, np.random.PCG64, **settings)
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"checkpoint = .*run\.npz belongs to another run"):
        checkpointed(path, np.random.PCG64, **settings | change)
    assert path.read_bytes() == before


def test_threads_and_intervals_may_change(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    first = checkpointed(path, np.random.PCG64, rule=Adam(0.1))
    again = checkpointed(path, np.random.PCG64, rule=Adam(0.1), threads=2, every=7)
    same(first[0], again[0])


def test_functions_count_by_their_values(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    pairs = [(np.sin, np.cos), (lambda z: np.sin(z), lambda z: np.cos(z)), (np.cos, lambda z: -np.sin(z))]
    networks = [replace(NETWORK, activation=pair) for pair in pairs]
    checkpointed(path, np.random.PCG64, rule=Descent(0.1), network=networks[0])
    checkpointed(path, np.random.PCG64, rule=Descent(0.1), network=networks[1])
    with pytest.raises(ValueError, match="another run"):
        checkpointed(path, np.random.PCG64, rule=Descent(0.1), network=networks[2])


@pytest.mark.parametrize("damage", ["empty", "text", "cut", "flipped", "other", "pickle"])
def test_damaged_checkpoint_is_named_and_kept(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    checkpointed(path, np.random.PCG64, rule=Descent(0.1))
    content = path.read_bytes()
    middle = len(content) // 2
    if damage == "other":
        np.savez(path, theta=np.zeros(3))
    elif damage == "pickle":
        np.savez(path, theta=np.array([None]))
    else:
        path.write_bytes(
            {
                "empty": b"",
                "text": b"not a checkpoint",
                "cut": content[:middle],
                "flipped": content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :],
            }[damage]
        )
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"checkpoint = .*run\.npz is damaged \(.*\); move it away"):
        checkpointed(path, np.random.PCG64, rule=Descent(0.1))
    assert path.read_bytes() == before


def test_a_failed_write_leaves_the_last_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run.npz"
    real, count = os.replace, 0

    def full_disk(*arguments: Any) -> None:
        nonlocal count
        count += 1
        if count == 2:
            raise OSError("no space left")
        real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full_disk)
        with pytest.raises(OSError, match="no space left"):
            checkpointed(path, np.random.PCG64, rule=Descent(0.1))
    assert [file.name for file in tmp_path.iterdir()] == ["run.npz"]
    same(
        checkpointed(path, np.random.PCG64, rule=Descent(0.1))[0],
        checkpointed(None, np.random.PCG64, rule=Descent(0.1))[0],
    )


def test_checkpoint_without_a_folder_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"checkpoint = .*run\.npz has no folder; make "):
        checkpointed(tmp_path / "none" / "run.npz", np.random.PCG64, rule=Descent(0.1))


KILLED = """
import json, sys
import numpy as np
from sims.network import Network, start
from sims.training import Adam, train

rngs = [np.random.default_rng(seed) for seed in range(2)]
network = Network(3, (6, 6), activation="tanh")
theta = start(network, rngs)
X = np.random.default_rng(7).standard_normal((20, 3))
run = train(network, theta, X, X[:, 0], Adam(1e-3), int(sys.argv[2]), batch=5, rngs=rngs, every=20,
            checkpoint=sys.argv[1] or None)
print(json.dumps([run.theta.tolist(), run.loss.tolist(), rngs[1].random()]))
"""


@pytest.mark.slow
def test_killed_and_resumed(tmp_path: Path) -> None:
    """The signal that nobody can catch, at an arbitrary moment."""
    root = str(Path(sims.__file__).parents[1])

    def command(path: Path | str) -> dict[str, Any]:
        arguments = [sys.executable, "-c", KILLED, str(path), "3000"]
        return {"args": arguments, "env": os.environ | {"PYTHONPATH": root}, "stdout": subprocess.PIPE}

    path = tmp_path / "run.npz"
    process = subprocess.Popen(**command(path))
    deadline = time.monotonic() + 120
    while not path.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert path.exists()
    resumed, whole = (subprocess.run(**command(p), check=True, timeout=300).stdout for p in (path, ""))
    assert json.loads(resumed) == json.loads(whole)


# -- arguments ---------------------------------------------------------------------------------------


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
        ({"batch": 13, "rngs": generators()}, "batch = 13 exceeds the number of samples, 12"),
        ({"batch": 4}, "rngs has 0 generators for 3 networks"),
        ({"batch": 4, "rngs": generators(2)}, "rngs has 2 generators for 3 networks"),
        ({"record": [0, 11]}, r"record = \[0, 11\] must be increasing steps in 0\.\.10"),
        ({"record": [3, 2]}, r"record = \[3, 2\]"),
        ({"record": [0.5]}, r"record = \[0\.5\]"),
        ({"threads": 0}, "threads = 0"),
        ({"every": 0}, "every = 0"),
        ({"X_test": np.zeros((3, 2))}, "X_test must have shape"),
    ],
)
def test_bad_arguments(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        train(*setup(), **{"rule": Descent(0.1), "steps": 10} | change)


@pytest.mark.parametrize("times", [[], [1.0, 1.0], [-1.0], [np.inf], 3.0])
def test_bad_times(times: Any) -> None:
    with pytest.raises(ValueError, match="times = "):
        flow(*setup(), times)


def test_nothing_is_recorded() -> None:
    for result in (
        train(*setup(), Descent(0.1), 2, record=[], X_test=X_TEST),
        lbfgs(*setup(), 2, record=[], X_test=X_TEST),
    ):
        assert result.loss.shape == (0, 3)
        assert result.test.shape == (0, 3, 4)


def test_no_steps() -> None:
    arguments = setup()
    for result in (train(*arguments, Descent(0.1), 0, X_test=X_TEST), lbfgs(*arguments, 0, X_test=X_TEST)):
        assert_array_equal(result.theta, arguments[1])
        assert_array_equal(result.steps, [0])
        assert_array_equal(result.test[0], forward(NETWORK, arguments[1], X_TEST))
        assert_array_equal(result.loss, mean_loss(NETWORK, arguments[1], X, Y[1].reshape(1, 12, 1))[None])
