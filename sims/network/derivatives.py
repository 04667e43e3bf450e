"""Outputs, gradient, Jacobian and tangent kernel of many networks at once; arguments are checked here."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.blas import one_blas_thread
from sims.network import passes
from sims.network.arrays import inputs_of, parameters_of, squeeze, targets_of
from sims.network.shape import Layer, Network

Array = NDArray[np.float64]

SAMPLE = 4000  # inputs whose kernel matrix is formed to find its largest eigenvalue


@one_blas_thread()
def forward(network: Network, theta: Array, X: ArrayLike) -> Array:
    """Outputs f, (B, n), or (B, n, outputs) if there is more than one.

    >>> network = Network(1, (2,), sigma_w2=1.0)
    >>> forward(network, np.array([[1.0, -1.0, 1.0, 1.0]]), [[2.0], [-2.0]]).round(3)
    array([[1.414, 1.414]])
    """
    theta = parameters_of(network, theta)
    return squeeze(network, passes.predict(network, theta, inputs_of(network, theta, X)))


@one_blas_thread()
def hidden(network: Network, theta: Array, X: ArrayLike) -> Array:
    """Activations of the last hidden layer, (B, n, N_L): the features that the read-out sees.

    >>> hidden(Network(1, (2,), sigma_w2=1.0), np.array([[1.0, -1.0, 1.0, 1.0]]), [[2.0]])
    array([[[2., 0.]]])
    """
    theta = parameters_of(network, theta)
    return passes.last_hidden(network, theta, inputs_of(network, theta, X))


@one_blas_thread()
def gradient(network: Network, theta: Array, X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Loss (1/2n) sum_i |f(x_i) - y_i|^2 of each network, (B,), and its gradient, (B, P).

    Parameters that do not train have gradient 0.

    Parameters
    ----------
    network : Network
    theta : array (B, P)
        Parameters of B networks; see `sims.network.start`.
    X : array_like (n, d) or (B, n, d)
    y : array_like (n,) or (B, n); with several outputs (n, outputs) or (B, n, outputs)

    >>> network = Network(1, (2,), sigma_w2=1.0)
    >>> loss, slope = gradient(network, np.array([[1.0, -1.0, 1.0, 1.0]]), [[2.0]], [0.0])
    >>> loss.round(3), slope.round(3)
    (array([1.]), array([[2., 0., 2., 0.]]))
    """
    theta = parameters_of(network, theta)
    X = inputs_of(network, theta, X)
    return passes.gradient(network, theta, X, targets_of(network, theta, X, y))


@one_blas_thread()
def jacobian(network: Network, theta: Array, X: ArrayLike) -> Array:
    """Derivatives of the outputs by the parameters, (B, n outputs, P), the outputs of one input adjacent.

    Columns of parameters that do not train are 0. Use it where its directions count, as for linearised
    training; where the kernel J J' suffices, `empirical_ntk` costs less time and memory.

    >>> network = Network(1, (2,), sigma_w2=1.0)
    >>> jacobian(network, np.array([[1.0, -1.0, 1.0, 1.0]]), [[2.0]]).round(3)
    array([[[1.414, 0.   , 1.414, 0.   ]]])
    """
    theta = parameters_of(network, theta)
    X = inputs_of(network, theta, X)
    n, q = X.shape[-2], network.outputs
    J = np.zeros((len(theta), n * q, network.parameters))
    for b in range(len(theta)):
        one = theta[b : b + 1]
        state = passes.forward(network, one, _input(X, b))
        for l, signal in passes.signals(network, one, state):
            layer = network.layers[l]
            block = layer.weights(J[b]).reshape(n, q, layer.fan_out, layer.fan_in)  # a view
            inputs = layer.gain * state.inputs[l].reshape(n, 1, 1, -1)
            np.multiply(signal[..., None], inputs, out=block)
            if layer.biased:
                layer.biases(J[b])[...] = layer.shift * signal.reshape(n * q, -1)
    return J


@one_blas_thread()
def empirical_ntk(network: Network, theta: Array, X: ArrayLike, Z: ArrayLike | None = None) -> Array:
    """The tangent kernel J(X) J(Z)' of each network, (B, n outputs, m outputs); Z is X by default.

    No Jacobian is formed: a layer with inputs h adds (s s')(gain^2 h h' + shift^2), s = df/d(its outputs).

    >>> network = Network(1, (2,), sigma_w2=1.0)
    >>> empirical_ntk(network, np.array([[1.0, -1.0, 1.0, 1.0]]), [[2.0], [-2.0]]).round(3)
    array([[[4., 0.],
            [0., 4.]]])
    """
    theta = parameters_of(network, theta)
    X = inputs_of(network, theta, X)
    other = X if Z is None else inputs_of(network, theta, Z, "Z")
    n, m, q = X.shape[-2], other.shape[-2], network.outputs
    kernel = np.zeros((len(theta), n * q, m * q))
    for b in range(len(theta)):
        one = theta[b : b + 1]
        left = right = passes.forward(network, one, _input(X, b))
        if Z is not None:
            right = passes.forward(network, one, _input(other, b))
        pairs = zip(passes.signals(network, one, left), passes.signals(network, one, right), strict=True)
        for (l, s), (_, t) in pairs:
            h, k = left.inputs[l].reshape(n, -1), right.inputs[l].reshape(m, -1)
            _add_layer(kernel[b].reshape(n, q, m, q), network.layers[l], s, t, h, k)
    return kernel


@one_blas_thread()
def critical_step(network: Network, theta: Array, X: ArrayLike) -> Array:
    """2 n / lambda_max of the tangent kernel at theta, (B,): the step at which descent turns unstable.

    This is exact for the loss of `gradient` and a network linear in its parameters; elsewhere it holds near
    theta. Of more than 4000 inputs the first 4000 are used.

    >>> network = Network(1, (2,), sigma_w2=1.0)
    >>> critical_step(network, np.array([[1.0, -1.0, 1.0, 1.0]]), [[2.0], [-2.0]]).round(3)
    array([1.])
    """
    theta = parameters_of(network, theta)
    X = inputs_of(network, theta, X)[..., :SAMPLE, :]
    largest = [
        np.linalg.eigvalsh(empirical_ntk(network, theta[b : b + 1], _input(X, b))[0])[-1]
        for b in range(len(theta))
    ]
    with np.errstate(divide="ignore"):
        return 2 * X.shape[-2] / np.array(largest)


def _add_layer(kernel: Array, layer: Layer, s: Array, t: Array, h: Array, k: Array) -> None:
    """kernel += (s t')(gain^2 h k' + shift^2), few rows at a time: nothing as large as the kernel is made."""
    n, q, m, _ = kernel.shape
    right = t.reshape(m * q, -1).T
    rows = max(1, 2**16 // (m * q * q))
    for i in range(0, n, rows):
        part = slice(i, min(i + rows, n))
        inputs = h[part] @ k.T
        inputs *= layer.gain**2
        if layer.biased:
            inputs += layer.shift**2
        product = (s[part].reshape(-1, s.shape[-1]) @ right).reshape(-1, q, m, q)
        product *= inputs[:, None, :, None]
        kernel[part] += product


def _input(X: Array, b: int) -> Array:
    """The inputs of network b."""
    return X if X.ndim == 2 else X[b]
