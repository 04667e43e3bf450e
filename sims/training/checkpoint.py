"""Checkpoints: arrays and random states in one .npz without pickle, written whole or not at all."""

import json
import os
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sims.messages import one_line

FORMAT = 1
KEY, RNGS = "_key", "_rngs"  # beside the arrays


def digest(*parts: Any) -> str:
    """Digest of arrays, numbers and texts; it names the training that a checkpoint belongs to.

    >>> digest(np.zeros(2), 0.1) == digest(np.zeros(2), 0.1), digest(np.zeros(2)) == digest(np.zeros((2, 1)))
    (True, False)
    """
    sha = sha256(f"{FORMAT}".encode())
    for part in parts:
        if isinstance(part, np.ndarray):
            sha.update(f"{part.dtype} {part.shape}".encode())
            sha.update(np.ascontiguousarray(part).tobytes())
        else:
            sha.update(f"{part!r};".encode())
    return sha.hexdigest()


def states(rngs: Sequence[np.random.Generator]) -> str:
    """The states of the generators, as JSON.

    >>> states([np.random.default_rng(0)])[:31]
    '[{"bit_generator": "PCG64", "st'
    """
    return json.dumps([rng.bit_generator.state for rng in rngs], default=lambda array: array.tolist())


def save(
    path: Path, key: str, rngs: Sequence[np.random.Generator], arrays: Mapping[str, NDArray[Any]]
) -> None:
    """Write a new file beside `path`, then put it in place of `path`, so that half a checkpoint never exists.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Path(folder, "run.npz"), "key", [], {"step": np.array(3)})
    ...     load(Path(folder, "run.npz"), "key", [])
    {'step': array(3)}
    """
    members: dict[str, Any] = {KEY: np.array(key), RNGS: np.array(states(rngs)), **arrays}
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **members)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load(path: Path, key: str, rngs: Sequence[np.random.Generator]) -> dict[str, NDArray[Any]] | None:
    """The arrays of a checkpoint, None without a file; the generators return to their saved states.

    Raises ValueError if the file is damaged or belongs to another run, which leaves it unchanged, or if its
    folder does not exist.

    >>> load(Path("no such file.npz"), "key", []) is None
    True
    """
    if not path.parent.is_dir():
        raise ValueError(f"checkpoint = {path} has no folder; create {path.parent}")
    if not path.exists():
        return None
    try:
        with path.open("rb") as handle, np.load(handle, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        saved_key, saved_states = str(arrays.pop(KEY)), json.loads(str(arrays.pop(RNGS)))
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"checkpoint = {path} is damaged ({one_line(error)}); move it away to start anew"
        ) from None
    if saved_key != key:
        raise ValueError(
            f"checkpoint = {path} belongs to another run: network, data, settings or generators differ; "
            "repeat that run's arguments, or pass another path"
        )
    for rng, state in zip(rngs, saved_states, strict=True):
        rng.bit_generator.state = state
    return arrays
