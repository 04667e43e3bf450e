"""The shape of a fully connected network, and the places of its parameters in theta."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from theory import activation as activations
from theory.activation import Function
from theory.arguments import integer, scalar

Array = NDArray[np.float64]

SCALINGS = ("ntk", "standard", "mean-field", "mup")
TRAINED = ("all", "last", "hidden")


class Layer(NamedTuple):
    """One layer, h -> gain W h + shift b, and the place of its parameters in theta.

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
    scaling : "ntk", "standard", "mean-field" or "mup"
        "ntk": the factors above. "standard": W ~ N(0, sigma_w2/n_l), b ~ N(0, sigma_b2) and no factors, as in
        practice. "mean-field": the read-out is divided by n_L, not by sqrt(n_L), so that
        f = (sigma_w/N) sum a phi. Its tangent kernel falls as 1/n_L, so pass steps n_L times as large: then
        features move at every width. "mup", the maximal update: the same function at the start as
        "mean-field", with W ~ N(0, 1/n_{l+1}) and gains larger by sqrt(n_{l+1}), at the read-out n_L for
        n_{l+1}. So every layer has the learning rate that it needs, and one step serves all widths.
    symmetric : bool
        Start at f = 0; widths must be even. Use it to compare with kernel regression, which starts at 0.
        Units come in pairs (v, v'): equal rows in the first layer, W = [[U, V], [V, U]] between hidden
        layers, read-outs (a, -a), no read-out bias. Both units of a pair agree, so f = 0, while U - V carries
        signals backwards: the tangent kernel has the limit that it has without symmetry. With one hidden
        layer its mean is the same at every width.
    trained : "all", "last" or "hidden"
        Which parameters train: all, the read-out, or all but the read-out.
    alpha : float > 0
        Multiplies the output. With the step divided by alpha^2 that is descent on |alpha h - y|^2/alpha^2,
        which is lazy for large alpha if h = 0 at the start (`symmetric`).

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
    alpha: float = 1.0

    def __post_init__(self) -> None:
        if not isinstance(self.widths, list | tuple):
            raise ValueError(f"widths = {self.widths!r} must be a tuple, one width per hidden layer")
        if not self.widths:
            raise ValueError("widths = () has no hidden layer; give at least one width")
        checked = {
            "d": integer("d", self.d, low=1),
            "widths": tuple(integer("widths", width, low=1) for width in self.widths),
            "outputs": integer("outputs", self.outputs, low=1),
            "sigma_w2": scalar("sigma_w2", self.sigma_w2),
            "sigma_b2": scalar("sigma_b2", self.sigma_b2, low=0.0),
            "alpha": scalar("alpha", self.alpha),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        if not self.sigma_w2 > 0:
            raise ValueError(f"sigma_w2 = {self.sigma_w2:g} must be positive")
        if not self.alpha > 0:
            raise ValueError(f"alpha = {self.alpha:g} must be positive")
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
                raise ValueError("activation = 'sign' has slope 0 and cannot train; pass trained='last'")
        elif not (
            isinstance(self.activation, tuple)
            and len(self.activation) == 2
            and all(callable(part) for part in self.activation)
        ):
            raise ValueError(
                f"activation = {self.activation!r} is neither a name nor a pair (function, slope); "
                "pass both functions, for no exact slope follows from the first alone"
            )

    def __repr__(self) -> str:
        name = self.activation if isinstance(self.activation, str) else self.activation[0].__name__
        shape = "-".join(map(str, (self.d, *self.widths, self.outputs)))
        words = [shape, name, f"sigma_w2={self.sigma_w2:g}", f"sigma_b2={self.sigma_b2:g}"]
        words += [self.scaling] * (self.scaling != "ntk") + ["symmetric"] * self.symmetric
        words += [f"trained={self.trained}"] * (self.trained != "all")
        words += [f"alpha={self.alpha:g}"] * (self.alpha != 1)
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
            if self.scaling in ("mean-field", "mup") and l == self.depth:
                gain /= sqrt(fan_in)
            if self.scaling == "standard":
                gain, shift, spread, bias_spread = 1.0, 1.0, gain, shift
            if self.scaling == "mup":
                units = sqrt(fan_in if l == self.depth else fan_out)
                gain, shift, spread, bias_spread = units * gain, units * shift, 1 / units, 1 / units
            if l == self.depth:
                gain, shift = self.alpha * gain, self.alpha * shift
            begin = layers[-1].stop if layers else 0
            biased = self.sigma_b2 > 0
            layers.append(Layer(begin, fan_in, fan_out, biased, gain, shift, spread, bias_spread))
        return tuple(layers)
