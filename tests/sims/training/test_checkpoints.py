"""Checkpoints: a resumed run is the uninterrupted one to the bit; other and damaged files are refused."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sims
from sims.network import passes
from sims.rules import Adam, Descent
from sims.training import Run, train
from tests.sims.training.problems import NETWORK, X_TEST, X, generators, same, setup

RUNS: dict[str, dict[str, Any]] = {
    "descent": {"rule": Descent(0.1)},
    "momentum": {"rule": Descent(0.05, 0.9), "batch": 5},
    "adam": {"rule": Adam(0.01), "batch": 5},
}


def checkpointed(path: Path | None, kind: type[np.random.BitGenerator], **change: Any) -> tuple[Run, str]:
    """A run of 12 steps, and the states in which it leaves its generators."""
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
        resumed, left = checkpointed(path, kind, **RUNS[name])
    same(resumed, whole)
    assert left == end
    with monkeypatch.context() as patch:
        interrupt(patch, 1)
        again, left = checkpointed(path, kind, **RUNS[name])  # nothing is left to do
    same(again, whole)
    assert left == end
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
    with pytest.raises(ValueError, match=r"checkpoint = .*run\.npz has no folder; create "):
        checkpointed(tmp_path / "none" / "run.npz", np.random.PCG64, rule=Descent(0.1))


KILLED = """
import json, sys
import numpy as np
from sims.network import Network, start
from sims.rules import Adam
from sims.training import train

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
    with subprocess.Popen(**command(path)) as process:
        while not path.exists() and process.poll() is None:
            time.sleep(0.01)
        process.kill()
    assert path.exists()
    resumed, whole = (subprocess.run(**command(p), check=True).stdout for p in (path, ""))
    assert json.loads(resumed) == json.loads(whole)
