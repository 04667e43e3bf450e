"""Fully connected networks in NumPy, many at once: start, outputs, gradient, Jacobian, tangent kernel.

A `Network` is a shape; the parameters of B networks of that shape are one array theta (B, P), and network b
is theta[b] whatever the others are, bit for bit. Inputs are X (n, d), shared, or (B, n, d), one set per
network. BLAS runs on one thread: run trials side by side instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims import _passes
from sims._batch import check_generators, inputs_of, parameters_of, squeeze, targets_of
from sims._passes import one_blas_thread
from theory import activation as activations
from theory._activations import Function
from theory._arguments import integer, scalar

Array = NDArray[np.float64]

SCALINGS = ("ntk", "standard", "mean-field")
TRAINED = ("all", "last", "hidden")
SAMPLE = 4000  # inputs whose kernel matrix is formed to find its largest eigenvalue


class Layer(NamedTuple):
    """h -> gain W h + shift b, and where its parameters are in theta.

    >>> Network(3, (5,)).layers[1].weights(np.zeros((2, 20))).shape
    (2, 1, 5)
    """

    start: int
    fan_in: int
    fan_out: int
    biased: bool
    gain: float
    shift: float
    spread: float
    """Standard deviation of W at the start."""
    bias_spread: float

    @property
    def stop(self) -> int:
        return self.start + self.fan_out * (self.fan_in + self.biased)

    def weights(self, theta: Array) -> Array:
        """View of W, (B, fan_out, fan_in)."""
        stop = self.start + self.fan_out * self.fan_in
        return theta[:, self.start : stop].reshape(len(theta), self.fan_out, self.fan_in)

    def biases(self, theta: Array) -> Array:
        """View of b, (B, fan_out); it has no columns in a layer without biases."""
        return theta[:, self.start + self.fan_out * self.fan_in : self.stop]


@dataclass(frozen=True)
class Network:
    """The shape of a fully connected network, h^{l+1} = (sigma_w/sqrt(n_l)) W phi(h^l) + sigma_b b.

    W, b ~ N(0, 1) at the start, phi(h^0) is the input, n_0 = d. Same sigma_w2 and sigma_b2 in every layer,
    the read-out too; sigma_b2 = 0 means no biases.

    Parameters
    ----------
    d : int >= 1
        Inputs.
    widths : tuple of int
        Units of each hidden layer, at least one layer.
    outputs : int >= 1
    activation : str or (function, slope)
        A name of `theory.activation`, or two vectorised functions.
    sigma_w2, sigma_b2 : float > 0, float >= 0
    scaling : "ntk", "standard" or "mean-field"
        "standard": W ~ N(0, sigma_w2/n_l), b ~ N(0, sigma_b2) and no factors. "mean-field": the read-out is
        divided by n_L, not by sqrt(n_L); f = (sigma_w/N) sum a phi.
    symmetric : bool
        Start at f = 0; widths must be even. Units come in pairs (v, v'): equal rows in the first
        layer, W = [[U, V], [V, U]] between hidden layers, read-outs (a, -a), no read-out bias. Both units of
        a pair agree, so f = 0, while U - V carries signals backwards: the tangent kernel has the limit that
        it has without symmetry. With one hidden layer its mean is the same at every width.
    trained : "all", "last" or "hidden"
        Which parameters move: all, the read-out, or all but the read-out.

    >>> Network(10, (64, 64), sigma_b2=0.1)
    Network(10-64-64-1, relu, sigma_w2=2, sigma_b2=0.1, 4929 parameters)
    """

    d: int
    widths: tuple[int, ...]
    outputs: int = 1
    activation: str | tuple[Function, Function] = "relu"
    sigma_w2: float = 2.0
    sigma_b2: float = 0.0
    scaling: str = "ntk"
    symmetric: bool = False
    trained: str = "all"

    def __post_init__(self) -> None:
        if not isinstance(self.widths, list | tuple):
            raise ValueError(f"widths = {self.widths!r} must be a tuple, one width per hidden layer")
        if not self.widths:
            raise ValueError("widths = () is depth 0, a linear model: give at least one hidden width")
        read = {
            "d": integer("d", self.d, low=1),
            "widths": tuple(integer("widths", width, low=1) for width in self.widths),
            "outputs": integer("outputs", self.outputs, low=1),
            "sigma_w2": scalar("sigma_w2", self.sigma_w2),
            "sigma_b2": scalar("sigma_b2", self.sigma_b2, low=0.0),
        }
        for name, value in read.items():
            object.__setattr__(self, name, value)
        if not self.sigma_w2 > 0:
            raise ValueError(f"sigma_w2 = {self.sigma_w2:g} must be positive")
        for name, value, known in (
            ("scaling", self.scaling, SCALINGS),
            ("trained", self.trained, TRAINED),
        ):
            if value not in known:
                raise ValueError(f"{name} = {value!r} is unknown; choose from {', '.join(known)}")
        if self.symmetric and any(width % 2 for width in self.widths):
            raise ValueError(f"widths = {self.widths} must be even for symmetric=True: units come in pairs")
        self._check_activation()

    def _check_activation(self) -> None:
        if isinstance(self.activation, str):
            activations.function(self.activation)
            if self.activation == "sign" and self.trained != "last":
                raise ValueError("activation = 'sign' has no slope to train by; pass trained='last'")
        elif not (
            isinstance(self.activation, tuple)
            and len(self.activation) == 2
            and all(callable(part) for part in self.activation)
        ):
            raise ValueError(
                f"activation = {self.activation!r} is neither a name nor a pair (function, slope); "
                "a slope cannot be guessed to rounding"
            )

    def __repr__(self) -> str:
        name = self.activation if isinstance(self.activation, str) else self.activation[0].__name__
        shape = "-".join(map(str, (self.d, *self.widths, self.outputs)))
        words = [shape, name, f"sigma_w2={self.sigma_w2:g}", f"sigma_b2={self.sigma_b2:g}"]
        words += [self.scaling] * (self.scaling != "ntk") + ["symmetric"] * self.symmetric
        words += [f"trained={self.trained}"] * (self.trained != "all")
        return f"Network({', '.join(words)}, {self.parameters} parameters)"

    @property
    def depth(self) -> int:
        """Number of hidden layers."""
        return len(self.widths)

    @property
    def parameters(self) -> int:
        """P, all parameters, trained or not."""
        return self.layers[-1].stop

    @property
    def first(self) -> int:
        """Index of the lowest layer that trains."""
        return self.depth if self.trained == "last" else 0

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The depth + 1 layers, from the input to the read-out."""
        sizes = (self.d, *self.widths, self.outputs)
        layers: list[Layer] = []
        for l, (fan_in, fan_out) in enumerate(pairwise(sizes)):
            gain, shift, spread, bias_spread = sqrt(self.sigma_w2 / fan_in), sqrt(self.sigma_b2), 1.0, 1.0
            if self.scaling == "mean-field" and l == self.depth:
                gain /= sqrt(fan_in)
            if self.scaling == "standard":
                gain, shift, spread, bias_spread = 1.0, 1.0, gain, shift
            begin = layers[-1].stop if layers else 0
            biased = self.sigma_b2 > 0
            layers.append(Layer(begin, fan_in, fan_out, biased, gain, shift, spread, bias_spread))
        return tuple(layers)


def start(network: Network, rngs: Sequence[np.random.Generator]) -> Array:
    """Random parameters of one network per generator, theta (len(rngs), P).

    Network b depends on rngs[b] alone.

    >>> start(Network(2, (4,)), [np.random.default_rng(seed) for seed in range(3)]).shape
    (3, 12)
    """
    check_generators(rngs)
    theta = np.zeros((len(rngs), network.parameters))
    for b, rng in enumerate(rngs):
        row = theta[b : b + 1]
        for l, layer in enumerate(network.layers):
            W, bias = layer.weights(row)[0], layer.biases(row)[0]
            if not network.symmetric:
                W[...] = rng.standard_normal(W.shape)
                bias[...] = rng.standard_normal(bias.shape)
            elif l == network.depth:
                half = layer.fan_in // 2
                W[:, :half] = rng.standard_normal((layer.fan_out, half))
                W[:, half:] = -W[:, :half]
            else:
                half, inner = layer.fan_out // 2, layer.fan_in // 2
                W[:half] = rng.standard_normal((half, layer.fan_in))
                W[half:] = W[:half] if l == 0 else np.roll(W[:half], inner, axis=1)
                bias[:half] = rng.standard_normal(bias[:half].shape)
                bias[half:] = bias[:half]
            W *= layer.spread
            bias *= layer.bias_spread
    return theta


@one_blas_thread()
def forward(network: Network, theta: Array, X: ArrayLike) -> Array:
    """Outputs f, (B, n), or (B, n, outputs) if there is more than one.

    >>> network = Network(1, (2,), sigma_w2=1.0)
    >>> forward(network, np.array([[1.0, -1.0, 1.0, 1.0]]), [[2.0], [-2.0]]).round(3)
    array([[1.414, 1.414]])
    """
    theta = parameters_of(network, theta)
    return squeeze(network, _passes.predict(network, theta, inputs_of(network, theta, X)))


@one_blas_thread()
def hidden(network: Network, theta: Array, X: ArrayLike) -> Array:
    """Activations of the last hidden layer, (B, n, N_L): the features that the read-out sees.

    >>> hidden(Network(1, (2,), sigma_w2=1.0), np.array([[1.0, -1.0, 1.0, 1.0]]), [[2.0]])
    array([[[2., 0.]]])
    """
    theta = parameters_of(network, theta)
    return _passes.last_hidden(network, theta, inputs_of(network, theta, X))


@one_blas_thread()
def gradient(network: Network, theta: Array, X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Loss (1/2n) sum_i |f(x_i) - y_i|^2 of each network, (B,), and its gradient, (B, P).

    Parameters that do not train have gradient 0.

    Parameters
    ----------
    network : Network
    theta : array (B, P)
    X : array_like (n, d) or (B, n, d)
    y : array_like (n,) or (B, n); with several outputs (n, outputs) or (B, n, outputs)

    >>> network = Network(1, (2,), sigma_w2=1.0)
    >>> loss, slope = gradient(network, np.array([[1.0, -1.0, 1.0, 1.0]]), [[2.0]], [0.0])
    >>> loss.round(3), slope.round(3)
    (array([1.]), array([[2., 0., 2., 0.]]))
    """
    theta = parameters_of(network, theta)
    X = inputs_of(network, theta, X)
    return _passes.gradient(network, theta, X, targets_of(network, theta, X, y))


@one_blas_thread()
def jacobian(network: Network, theta: Array, X: ArrayLike) -> Array:
    """Derivatives of the outputs by the parameters, (B, n outputs, P), the outputs of one input adjacent.

    Columns of parameters that do not train are 0.

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
        state = _passes.forward(network, one, _input(X, b))
        for l, signal in _passes.signals(network, one, state):
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
        left = right = _passes.forward(network, one, _input(X, b))
        if Z is not None:
            right = _passes.forward(network, one, _input(other, b))
        pairs = zip(_passes.signals(network, one, left), _passes.signals(network, one, right), strict=True)
        for (l, s), (_, t) in pairs:
            h, k = left.inputs[l].reshape(n, -1), right.inputs[l].reshape(m, -1)
            _add_layer(kernel[b].reshape(n, q, m, q), network.layers[l], s, t, h, k)
    return kernel


@one_blas_thread()
def critical_step(network: Network, theta: Array, X: ArrayLike) -> Array:
    """2 n / lambda_max of the tangent kernel at theta, (B,): the step at which descent turns unstable.

    For the loss of `gradient`, in a network linear in its parameters. Of more than 4000 inputs the first
    4000 are used.

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
    """kernel += (s s')(gain^2 h h' + shift^2), few rows at a time: nothing as large as the kernel is made."""
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
