"""Arguments of many networks at once: parameters (B, P), inputs and targets shared or one set per network."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.network.shape import Network

Array = NDArray[np.float64]


def parameters_of(network: Network, theta: ArrayLike) -> Array:
    """theta as a float64 array (B, P)."""
    array = np.asarray(theta)
    if array.dtype != np.float64 or array.shape[1:] != (network.parameters,) or array.ndim != 2:
        raise ValueError(
            f"theta must be float64 of shape (networks, {network.parameters}) for {network}, "
            f"got {array.dtype} of shape {array.shape}; make it by start"
        )
    return array


def inputs_of(network: Network, theta: Array, X: ArrayLike, name: str = "X") -> Array:
    """Inputs as finite float64, (n, d) or (B, n, d)."""
    array = _finite(name, X)
    shape = array.shape
    if shape[-1:] != (network.d,) or array.ndim not in (2, 3) or shape[:-2] not in ((), (len(theta),)):
        raise ValueError(
            f"{name} must have shape (n, {network.d}) or ({len(theta)}, n, {network.d}), got {shape}"
        )
    return array


def targets_of(network: Network, theta: Array, X: Array, y: ArrayLike) -> Array:
    """Targets as finite float64, (1 or B, n, outputs)."""
    array = _finite("y", y)
    wanted = (X.shape[-2],) if network.outputs == 1 else (X.shape[-2], network.outputs)
    if array.shape not in (wanted, (len(theta), *wanted)):
        raise ValueError(f"y must have shape {wanted} or {(len(theta), *wanted)}, got {array.shape}")
    return array.reshape(-1, X.shape[-2], network.outputs)


def check_generators(rngs: Sequence[np.random.Generator]) -> None:
    """A sequence of Generators, or ValueError."""
    if isinstance(rngs, np.random.Generator) or not all(isinstance(rng, np.random.Generator) for rng in rngs):
        raise ValueError(f"rngs = {rngs!r} must be a list of numpy Generators, one per network")


def squeeze(network: Network, f: Array) -> Array:
    """(..., outputs), without that axis if it has one entry."""
    return f[..., 0] if network.outputs == 1 else f


def _finite(name: str, value: ArrayLike) -> Array:
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be one array of real numbers, got {type(value).__name__}") from None
    if not array.size:
        raise ValueError(f"{name} must not be empty, got shape {array.shape}")
    if not np.isfinite(array).all():
        bad = np.argwhere(~np.isfinite(array))[0].tolist()
        raise ValueError(f"{name} must be finite, got {array[tuple(bad)]} at index {bad}")
    return array
