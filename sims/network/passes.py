"""Forward and backward passes of many networks at once, for arguments that `sims.network` has checked.

Wide layers are matrix products of BLAS, a few networks and ROWS samples at a time so that activations stay in
cache. Narrow two-layer networks with one output go to the jitted `sims.network.tile`.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.network import tile
from sims.network.shape import Network
from theory import activation
from theory.engines.jit import compiles

Array = NDArray[np.float64]

ROWS = 1024  # samples at a time; fixed, so that a network's sums never depend on its companions
CACHED = 2**15  # activations of one layer that stay in cache
TILE_INPUTS, TILE_UNITS = 64, 256  # beyond them BLAS is as fast as the tile


class Pass(NamedTuple):
    """A forward pass: what each layer takes in, the slopes phi' at what it gives, and the last output."""

    inputs: list[Array]
    """(B, n, n_l), but (n, d) for shared inputs."""
    slopes: list[Any]
    """phi'(h), (B, n, n_l), real or boolean; None where no slopes are wanted."""
    output: Array
    """(B, n, outputs)."""


def predict(network: Network, theta: Array, X: Array) -> Array:
    """f, (B, n, outputs)."""
    f = np.empty((len(theta), X.shape[-2], network.outputs))
    for nets, rows in _pieces(network, len(theta), X.shape[-2]):
        f[nets, rows] = forward(network, theta[nets], _part(X, nets, rows), slopes=False).output
    return f


def last_hidden(network: Network, theta: Array, X: Array) -> Array:
    """The last hidden activations, (B, n, N_L)."""
    h = np.empty((len(theta), X.shape[-2], network.widths[-1]))
    for nets, rows in _pieces(network, len(theta), X.shape[-2]):
        h[nets, rows] = forward(network, theta[nets], _part(X, nets, rows), slopes=False).inputs[-1]
    return h


def gradient(
    network: Network, theta: Array, X: Array, Y: Array, pool: Executor | None = None, parts: int = 1
) -> tuple[Array, Array]:
    """Loss (B,) and gradient (B, P) of (1/2n) sum |f - Y|^2; Y is (B or 1, n, outputs).

    With a `pool` the networks are shared out to it in `parts`; the numbers are the same.
    """
    B = len(theta)
    parts = min(parts, B)
    loss, grad = np.zeros(B), np.zeros_like(theta)
    add_gradient = _tile_gradient if on_tile(network) else _blas_gradient

    def share(part: int) -> None:
        nets = slice(part * B // parts, (part + 1) * B // parts)
        # The loss shows an overflow. New threads do not inherit the caller's errstate.
        with np.errstate(over="ignore", invalid="ignore"):
            add_gradient(network, theta[nets], _part(X, nets), _part(Y, nets), loss[nets], grad[nets])

    if pool is None:
        parts = 1
        share(0)
    else:
        list(pool.map(share, range(parts)))  # the list raises what a thread raised
    return loss, grad


def on_tile(network: Network) -> bool:
    """Whether the jitted tile takes networks of this shape, because it is faster there than BLAS."""
    return (
        network.depth == 1
        and network.outputs == 1
        and network.activation in tile.CODES
        and network.d <= TILE_INPUTS
        and network.widths[0] <= TILE_UNITS
        and compiles()
    )


def forward(network: Network, theta: Array, X: Array, slopes: bool = True) -> Pass:
    """h^{l+1} = gain W phi(h^l) + shift b through all layers."""
    h, result = X, Pass([], [], np.empty(0))
    for layer in network.layers[:-1]:
        result.inputs.append(h)
        h, slope = _activate(network.activation, _affine(layer, theta, h), slopes)
        result.slopes.append(slope)
    result.inputs.append(h)
    return result._replace(output=_affine(network.layers[-1], theta, h))


def signals(network: Network, theta: Array, state: Pass) -> Iterator[tuple[int, Array]]:
    """(l, s) for the layers that train, last to first: s = df/dh of the outputs h of layer l of one network.

    (n, outputs, fan_out).
    """
    n, q = state.output.shape[1:]
    signal = np.broadcast_to(np.eye(q), (n, q, q))
    for l in range(network.depth, network.first - 1, -1):
        if l < network.depth or network.trained != "hidden":
            yield l, signal
        if l > network.first:
            layer = network.layers[l]
            weights = layer.gain * layer.weights(theta)[0]
            signal = (signal.reshape(n * q, -1) @ weights).reshape(n, q, -1)
            signal *= state.slopes[l - 1][0][:, None, :]


def _affine(layer: Any, theta: Array, h: Array) -> Array:
    z = h @ (layer.gain * layer.weights(theta)).swapaxes(1, 2)
    if layer.biased:
        z += layer.shift * layer.biases(theta)[:, None, :]
    return z


def _activate(name: Any, z: Array, slopes: bool) -> tuple[Array, Any]:
    """phi(z) and phi'(z); z may be overwritten."""
    if name == "relu":
        slope = z > 0 if slopes else None
        return np.maximum(z, 0.0, out=z), slope
    if name == "tanh":
        _tanh(z)
        return z, 1.0 - z * z if slopes else None
    if isinstance(name, str):
        phi, slope_of = activation.function(name), activation.slope(name)
    else:
        phi, slope_of = name
    return phi(z), slope_of(z) if slopes else None


def _tanh(z: Array) -> None:
    if compiles():
        tile.tanh_of(z.reshape(-1), 512)
    else:
        np.tanh(z, out=z)


def _blas_gradient(network: Network, theta: Array, X: Array, Y: Array, loss: Array, grad: Array) -> None:
    n = X.shape[-2]
    for nets, rows in _pieces(network, len(theta), n):
        part, g = theta[nets], grad[nets]
        state = forward(network, part, _part(X, nets, rows))
        signal = (state.output - _part(Y, nets, rows)) / n
        loss[nets] += n / 2 * np.einsum("bij,bij->b", signal, signal)
        for l in range(network.depth, network.first - 1, -1):
            layer = network.layers[l]
            layer.weights(g)[...] += layer.gain * (signal.swapaxes(1, 2) @ state.inputs[l])
            if layer.biased:
                layer.biases(g)[...] += layer.shift * signal.sum(axis=1)
            if l > network.first:
                W = layer.gain * layer.weights(part)
                signal = signal * W if layer.fan_out == 1 else signal @ W  # the same bits, sooner
                signal *= state.slopes[l - 1]
    if network.trained == "hidden":
        grad[:, network.layers[-1].start :] = 0.0


def _tile_gradient(network: Network, theta: Array, X: Array, Y: Array, loss: Array, grad: Array) -> None:
    B, n = len(theta), X.shape[-2]
    inner, outer = network.layers
    N, room = network.widths[0], -(-network.widths[0] // tile.UNITS) * tile.UNITS
    W, b, a, c = np.zeros((B, room, network.d)), np.zeros((B, room)), np.zeros((B, room)), np.zeros(B)
    np.multiply(inner.weights(theta), inner.gain, out=W[:, :N])
    np.multiply(outer.weights(theta)[:, 0], outer.gain, out=a[:, :N])
    if inner.biased:
        np.multiply(inner.biases(theta), inner.shift, out=b[:, :N])
        np.multiply(outer.biases(theta)[:, 0], outer.shift, out=c)
    X = np.ascontiguousarray(X if X.ndim == 3 else X[None])
    targets = np.ascontiguousarray(Y[..., 0])
    hidden = network.trained != "last"
    weights = tile.Weights(W, b, a, c)
    squares, gW, gb, ga, gc = tile.gradient(weights, X, targets, str(network.activation), hidden)
    loss[:] = squares / (2 * n)
    if hidden:
        np.multiply(gW[:, :N], inner.gain / n, out=inner.weights(grad))
        if inner.biased:
            np.multiply(gb[:, :N], inner.shift / n, out=inner.biases(grad))
    if network.trained != "hidden":
        np.multiply(ga[:, :N], outer.gain / n, out=outer.weights(grad)[:, 0])
        if outer.biased:
            np.multiply(gc, outer.shift / n, out=outer.biases(grad)[:, 0])


def _pieces(network: Network, B: int, n: int) -> Iterator[tuple[slice, slice]]:
    """Slices of networks and of samples, few enough at a time to stay in cache."""
    count = max(1, CACHED // (min(n, ROWS) * max(network.widths)))
    for i in range(0, B, count):
        for j in range(0, n, ROWS):
            yield slice(i, min(i + count, B)), slice(j, min(j + ROWS, n))


def _part(array: Array, nets: slice, rows: slice = slice(None)) -> Array:
    """The rows of these networks, from an array (n, .) or (1, n, .) that all share or from (B, n, .)."""
    if array.ndim == 2:
        return array[rows]
    return array[nets if len(array) > 1 else slice(None), rows]
