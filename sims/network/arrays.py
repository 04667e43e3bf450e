"""Arguments of many networks at once: parameters (B, P), inputs and targets shared or one set per network."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.network.shape import Network
from theory.arguments import array, show

Array = NDArray[np.float64]


def parameters_of(network: Network, theta: ArrayLike) -> Array:
    """theta as a float64 array (B, P)."""
    given = np.asarray(theta)
    if given.dtype != np.float64 or given.shape[1:] != (network.parameters,) or given.ndim != 2:
        raise ValueError(
            f"theta = {given.dtype} array of shape {given.shape} must be float64 of shape "
            f"(networks, {network.parameters}) for {network}; make it with sims.network.start"
        )
    return given


def inputs_of(network: Network, theta: Array, X: ArrayLike, name: str = "X") -> Array:
    """Inputs as finite float64, (n, d) or (B, n, d)."""
    inputs = array(name, _floats(name, X), 2, 3)
    if inputs.shape[-1] != network.d or inputs.shape[:-2] not in ((), (len(theta),)):
        raise ValueError(
            f"{name} = array of shape {inputs.shape} must have shape (n, {network.d}) "
            f"or ({len(theta)}, n, {network.d})"
        )
    return inputs


def targets_of(network: Network, theta: Array, X: Array, y: ArrayLike) -> Array:
    """Targets as finite float64, (1 or B, n, outputs)."""
    targets = array("y", _floats("y", y), 1, 2, 3)
    shared = (X.shape[-2],) if network.outputs == 1 else (X.shape[-2], network.outputs)
    if targets.shape not in (shared, (len(theta), *shared)):
        raise ValueError(
            f"y = array of shape {targets.shape} must have shape {shared} or {(len(theta), *shared)}"
        )
    return targets.reshape(-1, X.shape[-2], network.outputs)


def check_generators(rngs: Sequence[np.random.Generator]) -> None:
    """Raise ValueError unless `rngs` is a sequence of Generators."""
    if isinstance(rngs, np.random.Generator) or not all(isinstance(rng, np.random.Generator) for rng in rngs):
        raise ValueError(f"rngs = {rngs!r} must be a list of numpy Generators, one per network")


def squeeze(network: Network, f: Array) -> Array:
    """Outputs f (..., outputs), without the last axis for a network with one output."""
    return f[..., 0] if network.outputs == 1 else f


def _floats(name: str, value: ArrayLike) -> Array:
    """`value` by NumPy's own cast to float64, which reads arrays of objects and of texts too."""
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name} = {show(value)} must be one array of real numbers; pass floats") from None
